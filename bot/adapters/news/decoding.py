"""Bytes of pages and feeds as text: what they say of their encoding, as browsers go by it."""

from __future__ import annotations

import codecs
import re

from bot.adapters.news.page import NoNews
from bot.domain.text.mangled import MISREAD

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
_LANGUAGE = re.compile(
    rb"<(?:html|rss|feed)\b[^>]{0,500}?\blang\s*=\s*[\"']?([a-z]{2,3})\b|<language>\s*([a-z]{2,3})\b",
    re.IGNORECASE,
)
# In what pages of a language are written that say no encoding and are not UTF-8; empty: in nothing that could be guessed.
_USUAL = {
    "th": "cp874",
    "vi": "cp1258",
    "ja": "cp932",
    "ko": "cp949",
    "zh": "gb18030",
    "el": "cp1253",
    "he": "cp1255",
    **dict.fromkeys(("ar", "fa", "ur", "ps"), "cp1256"),
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk"), "cp1251"),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro", "sq"), "cp1250"),
    **dict.fromkeys(("lt", "lv", "et"), "cp1257"),
    **dict.fromkeys(("tr", "az"), "cp1254"),
    **dict.fromkeys(("lo", "km", "my", "hi", "bn", "ta", "te", "si", "ne", "ka", "hy", "am"), ""),
}
_CALLED = {"windows-874": "cp874", "dos-874": "cp874"}


def decoded(data: bytes, media_type: str) -> tuple[str, str]:
    """Give the text, and a note if its encoding had to be guessed.

    It is read by its mark, the server's word, its own word; else as UTF-8, or as its language is usually written. What does not
    decode as it says becomes U+FFFD; a NUL is dropped. Raises NoNews where a guess cannot be right.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace").replace("\0", ""), ""
    start = data[:_LOOKED_AT]
    told = [found[1] for found in [_IN_HEADER.search(media_type)] if found]
    told += [
        each.decode("ascii")
        for found in (_IN_XML.search(start), _IN_META.search(start))
        if found
        for each in found.groups()
    ]
    encoding = next((name for each in told if (name := _encoding(each))), "")
    if not encoding and not _is_utf8(data):
        return _guessed(data)
    return data.decode(encoding or "utf-8", "replace").replace("\0", ""), ""


def _guessed(data: bytes) -> tuple[str, str]:
    found = _LANGUAGE.search(data[:_LOOKED_AT])
    language = (found[1] or found[2]).decode("ascii").lower() if found else ""
    encoding = _USUAL.get(language, "cp1252")
    try:
        text = data.decode(encoding or "ascii").replace("\0", "")
    except UnicodeDecodeError:
        text = ""
    if not text or MISREAD.search(text):
        raise NoNews("names no encoding, and its letters cannot be guessed: save it as UTF-8")
    return text, f"names no encoding: read as {encoding}, compare its letters"


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
