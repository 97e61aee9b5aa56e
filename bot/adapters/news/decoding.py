"""Bytes of pages and feeds as text: what they say of their encoding, as browsers go by it."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_IN_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_IN_META = re.compile(rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_LOOKED_AT = 4096

# What browsers read for a name (WHATWG Encoding, "Names and labels"): old pages say Latin-1 and mean Windows' superset of it.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
}
_KNOWN = frozenset(
    {
        *("utf-8", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u", "mac-roman"),
        *("cp874", "cp932", "cp949", "gb18030", "big5hkscs", "euc_jp"),
        *(f"cp125{number}" for number in range(9)),
        *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    }
)
_CALLED = {"windows-874": "cp874", "dos-874": "cp874"}


def decoded(data: bytes, media_type: str) -> str:
    """Give the text: by its mark, the server's word, its own word; else as UTF-8, or as Windows-1252 if it is none.

    What does not decode becomes U+FFFD; a NUL is dropped.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace").replace("\0", "")
    start = data[:_LOOKED_AT]
    told = [found[1] for found in [_IN_HEADER.search(media_type)] if found]
    told += [
        each.decode("ascii")
        for found in (_IN_XML.search(start), _IN_META.search(start))
        if found
        for each in found.groups()
    ]
    encoding = next((name for each in told if (name := _encoding(each))), "")
    if not encoding or encoding == "utf-8":
        encoding = "utf-8" if _is_utf8(data) else encoding or "cp1252"
    return data.decode(encoding, "replace").replace("\0", "")


def _encoding(name: str) -> str:
    """Give Python's name for an encoding that pages are written in; empty for any other."""
    try:
        found = codecs.lookup(_CALLED.get(name.lower(), name)).name
    except (LookupError, ValueError):
        return ""
    found = _MEANT.get(found, found)
    return found if found in _KNOWN else ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
