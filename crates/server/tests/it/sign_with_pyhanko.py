# Signs a file with pyHanko: behind its last byte, or a file of pyHanko's own making.
# key, certificate, root, what to sign or "-", where to, field, subfilter ("adbe" or "pades").
import logging
import sys
from io import BytesIO

from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

logging.disable(logging.CRITICAL)
key, certificate, root, source, target, field, kind = sys.argv[1:]
if source == "-":
    # Streams of objects and of places, which our own papers never have.
    made = PdfFileWriter(stream_xrefs=True)
    nothing = made.add_object(StreamObject(stream_data=b""))
    made.insert_page(PageObject(contents=nothing, media_box=(0, 0, 200, 200)))
    whole = BytesIO()
    made.write(whole)
else:
    with open(source, "rb") as file:
        whole = BytesIO(file.read())
signer = signers.SimpleSigner.load(key, certificate, ca_chain_files=(root,))
subfilter = SigSeedSubFilter.PADES if kind == "pades" else SigSeedSubFilter.ADOBE_PKCS7_DETACHED
about = signers.PdfSignatureMetadata(
    field_name=field, reason="fictional seal", name="fictional office", subfilter=subfilter, md_algorithm="sha256"
)
whole.seek(0)
with open(target, "wb") as file:
    signers.sign_pdf(IncrementalPdfFileWriter(whole, strict=False), about, signer=signer, output=file)
