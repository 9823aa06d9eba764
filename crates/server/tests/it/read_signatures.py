# What pyHanko finds in a signed file: one line of JSON a signature, the trusted certificate first.
import json
import logging
import sys

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
trusted, signed = sys.argv[1:]
with open(trusted, "rb") as file:
    _, _, der = pem.unarmor(file.read())
context = ValidationContext(trust_roots=[x509.Certificate.load(der)], allow_fetching=False)
with open(signed, "rb") as file:
    for signature in PdfFileReader(file, strict=True).embedded_signatures:
        status = validate_pdf_signature(signature, context)
        print(json.dumps({
            "intact": status.intact,
            "valid": status.valid,
            "trusted": status.trusted,
            "coverage": status.coverage.name,
            "bottom_line": status.bottom_line,
            "subfilter": str(signature.sig_object.get("/SubFilter")),
        }))
