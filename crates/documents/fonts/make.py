"""Makes the fonts of the papers from Debian's fonts-noto-cjk and fonts-noto-core.

    python3 -m venv v && v/bin/pip install fonttools zhconv && v/bin/python make.py OUT
"""
import json, os, sys
from importlib.resources import files
from fontTools import subset
from fontTools.ttLib import TTFont, TTCollection

NOTO = "/usr/share/fonts/opentype/noto/"
MONGOLIAN = "/usr/share/fonts/truetype/noto/NotoSansMongolian-Regular.ttf"
SC = 2  # the Simplified Chinese face inside each collection


def double_byte(encoding, first, second):
    """Every character of a double-byte encoding."""
    found = set()
    for lead in range(first, 0xFF):
        for trail in range(second, 0xFF):
            try:
                found |= {ord(c) for c in bytes([lead, trail]).decode(encoding)}
            except UnicodeDecodeError:
                pass
    return found


# Forms that are simplified elsewhere and stand in names all the same.
NAMES = "昇甦邨迺菉桠椀堃犇龢澂仝甯淼喆祇徵線鉅谿勠皙瞋噘蹚劄吒咤凃氾濛鍾鎔乾夥藉瞭麽驩陞颺羣峯崐崑崙翺鵰燻煕濬叡"


def traditional_only():
    """Characters that mainland names and texts do not use: each has a simplified form."""
    table = json.loads((files("zhconv") / "zhcdict.json").read_text())
    hans = table["zh2Hans"]
    return {ord(t) for t, s in hans.items() if len(t) == 1 and len(s) == 1 and t != s} - {ord(c) for c in NAMES}


LATIN = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180))
SIGNS = {ord(c) for c in "‐–—―‘’“”†•‥…‰′″※⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉€℃℉№℡™Ω←↑→↓∈∏∑√∝∞∠∥∧∨∩∪∫∴∵≈≌≠≡≤≥⊥⊙⌒■□▲△▼▽◆◇○◎●★☆♀♂㎎㎏㎜㎝㎞㎡㏄☐☑✓✔·"}
FORMS = set(range(0x3000, 0x3020)) | set(range(0xFF01, 0xFF5F)) | set(range(0x2460, 0x2500)) | set(range(0x3220, 0x3244)) | {0xFFE5, 0x3007}
# What 通用规范汉字表 and names need beyond GBK: Extension A and B by name, the rest as the font has it.
EXTENSION_A = "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
EXTENSION_B = "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢"
BEYOND = {ord(c) for c in EXTENSION_A + EXTENSION_B} | set(range(0x9FA6, 0xA000)) | set(range(0x2A700, 0x2CEB0))


def make(collection, unicodes, out):
    options = subset.Options()
    options.font_number = SC
    options.hinting = False
    options.layout_features = []  # horizontal setting needs none: the face is Chinese already
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.drop_tables += ["DSIG", "BASE", "VORG", "vhea", "vmtx"]
    font = subset.load_font(NOTO + collection, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    subset.save_font(font, out, options)
    print(out, os.path.getsize(out), len(font.getBestCmap()))


def main(out):
    common = double_byte("gb2312", 0xA1, 0xA1) | LATIN | SIGNS | FORMS
    names = (double_byte("gbk", 0x81, 0x40) - traditional_only()) | BEYOND
    make("NotoSerifCJK-Regular.ttc", common | names, f"{out}/NotoSerifCJKsc-Regular.otf")
    make("NotoSerifCJK-Bold.ttc", common, f"{out}/NotoSerifCJKsc-Bold.otf")
    make("NotoSansCJK-Regular.ttc", common, f"{out}/NotoSansCJKsc-Regular.otf")
    font = TTFont(MONGOLIAN)
    font.save(f"{out}/NotoSansMongolian-Regular.ttf")
    print("mongolian", os.path.getsize(f"{out}/NotoSansMongolian-Regular.ttf"))


if __name__ == "__main__":
    main(sys.argv[1])
