"""From bytes to text, without guessing wrong in silence.

UTF-8 with or without a mark, and UTF-16 with one, are certain. For anything else the user names the encoding, or an old code
page is taken, and said, if the records' own `language` bears it out: every letter must then be in that language's script.
A Thai file from Excel must not become a row of accented capitals.
"""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, lookup
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.adapters.files.located import Fields, Many, Plain, Value, shown
from bot.domain.errors import InputError
from bot.domain.text.mangled import MISREAD


@dataclass(frozen=True, slots=True)
class CodePage:
    """An old encoding, and how Unicode's names of its languages' letters begin."""

    name: str
    title: str
    scripts: tuple[str, ...]


_LATIN = ("LATIN", "FEMININE ORDINAL", "MASCULINE ORDINAL", "MICRO SIGN", "MODIFIER LETTER CIRCUMFLEX")
_WESTERN = CodePage("cp1252", "Windows-1252", _LATIN)
_CENTRAL = CodePage("cp1250", "Windows-1250", _LATIN)
_TURKISH = CodePage("cp1254", "Windows-1254", _LATIN)
_BALTIC = CodePage("cp1257", "Windows-1257", _LATIN)
_VIETNAMESE = CodePage("cp1258", "Windows-1258", (*_LATIN, "COMBINING"))
_CYRILLIC = CodePage("cp1251", "Windows-1251", ("CYRILLIC",))
_GREEK = CodePage("cp1253", "Windows-1253", ("GREEK",))
_HEBREW = CodePage("cp1255", "Windows-1255", ("HEBREW",))
_ARABIC = CodePage("cp1256", "Windows-1256", ("ARABIC",))
_HAN = ("CJK", "IDEOGRAPHIC")

# By language; one that is not here, or none, is Western.
_PAGES = {
    "th": CodePage("cp874", "Thai", ("THAI",)),
    "vi": _VIETNAMESE,
    "ja": CodePage("cp932", "Japanese", (*_HAN, "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA")),
    "ko": CodePage("cp949", "Korean", (*_HAN, "HANGUL")),
    "zh": CodePage("cp936", "Simplified Chinese", (*_HAN, "BOPOMOFO")),
    "zh-tw": CodePage("cp950", "Traditional Chinese", (*_HAN, "BOPOMOFO")),
    **dict.fromkeys(("ar", "fa", "ur", "ps"), _ARABIC),
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk"), _CYRILLIC),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro", "sq"), _CENTRAL),
    **dict.fromkeys(("lt", "lv", "et"), _BALTIC),
    **dict.fromkeys(("tr", "az"), _TURKISH),
    "el": _GREEK,
    "he": _HEBREW,
}
_ZH_TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")
_NO_PAGE = frozenset({"lo", "km", "my", "hi", "bn", "ta", "te", "si", "ne", "ka", "hy", "am", "dv", "bo"})
"""Languages whose script no Windows code page holds: such a file can only be Unicode."""

# Text in another script that is read as Windows-1252 looks like a row of accented letters and odd signs. Of the languages that
# are written with it only these have words that do.
_LONG_ROWS = frozenset({"is", "fo"})
_GIBBERISH = re.compile(r"[^\x00-\x7f«»¿¡“”‘’„‚–—…•·\u00a0]{3,}")

# Codecs of Python's that turn bytes into text and are no encoding of files.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"})

_NOBODYS_LETTERS = {byte: 0xE000 + byte for byte in range(128, 256)}
_LONGEST_SAMPLE = 1000


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text; `page` is the code page if one was taken for it without being told."""

    text: str
    page: CodePage | None = None


Read = Callable[[str], Sequence[Fields]]
"""Reads a text's records, none if it cannot be read."""


def decode(data: bytes, *, name: str, encoding: str | None, read: Read) -> Decoded:
    """Turn a file's bytes into text with plain line ends. Raises InputError naming the first line that is in doubt."""
    if encoding is not None:
        return Decoded(_plain_ends(_decode_as(data, name, encoding)))
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return Decoded(_plain_ends(_decode_as(data, name, "utf-16")))
    if _looks_like_utf_16(data):
        raise InputError(
            f"{name}: has NUL in every other place, as UTF-16 has: give --encoding utf-16-le or utf-16-be"
        )
    try:
        return Decoded(_plain_ends(data.decode()))
    except UnicodeDecodeError as error:
        if data.startswith(BOM_UTF8):
            line = data.count(b"\n", 0, error.start) + 1
            raise InputError(
                f"{name}:{line}: is marked as UTF-8 and is not: save the file as UTF-8"
            ) from error
    return _decode_by_language(data, name, read)


def echo(decoded: Decoded, name: str) -> str | None:
    """Say which code page was taken, with the first line that depends on it."""
    if decoded.page is None:
        return None
    number, line = next(
        (number, line) for number, line in enumerate(decoded.text.split("\n"), 1) if not line.isascii()
    )
    page = decoded.page
    return f"{name}:{number}: read as {page.name} ({page.title}): {_clip(line)} - if that is wrong, give --encoding"


def _decode_as(data: bytes, name: str, encoding: str) -> str:
    try:
        if lookup(encoding).name in _NO_CHARSETS:
            raise LookupError(encoding)
        return data.decode(encoding)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, start) + 1
        raise InputError(
            f"{name}:{line}: is not {shown(encoding)}: give the file's encoding with --encoding"
        ) from error
    except (LookupError, ValueError) as error:
        raise InputError(
            f"'{shown(encoding)}' is not an encoding: write --encoding utf-8, cp874 or the like"
        ) from error


def _looks_like_utf_16(data: bytes) -> bool:
    even, odd = data[::2].count(0), data[1::2].count(0)
    return (even == 0 or odd == 0) and (even + odd) * 20 > len(data)


def _decode_by_language(data: bytes, name: str, read: Read) -> Decoded:
    # Bytes beyond ASCII stand in for letters nobody uses, so that the records' languages can be read before their texts.
    skeleton = data.decode("latin-1").translate(_NOBODYS_LETTERS)
    languages = sorted({_language(record) for record in read(_plain_ends(skeleton))})
    pages = dict.fromkeys(page for page in map(_page_of, languages) if page)
    for page in sorted(pages, key=lambda page: page == _WESTERN):
        text = _try(data, page)
        if (
            text is not None
            and (records := read(text))
            and all(_is_borne_out(record, page) for record in records)
        ):
            return Decoded(text, page)
    raise InputError(_in_doubt(data, name))


def _in_doubt(data: bytes, name: str) -> str:
    number, line = next((at, line) for at, line in enumerate(data.split(b"\n"), 1) if not line.isascii())
    guesses = []
    for page in dict.fromkeys((*_PAGES.values(), _WESTERN)):
        text = _try(line[:_LONGEST_SAMPLE], page)
        if text is not None and _all_in(text, page.scripts) and not _is_gibberish(text, page, rows_too=True):
            guesses.append(f"{page.name} would read {_clip(text)}")
    hint = f" ({'; '.join(guesses[:3])})" if guesses else ""
    return f"{name}:{number}: is not UTF-8: give the file's encoding with --encoding, or its records' language{hint}"


def _try(data: bytes, page: CodePage) -> str | None:
    try:
        text = data.decode(page.name)
    except UnicodeDecodeError:
        return None
    return _plain_ends(unicodedata.normalize("NFC", text) if page is _VIETNAMESE else text)


def _page_of(language: str) -> CodePage | None:
    if language.startswith(_ZH_TRADITIONAL):
        return _PAGES["zh-tw"]
    base = language.partition("-")[0]
    return None if base in _NO_PAGE else _PAGES.get(base, _WESTERN)


def _is_borne_out(record: Fields, page: CodePage) -> bool:
    """Tell whether the record's letters beyond ASCII are all in the script of its own language."""
    language = _language(record)
    own = _page_of(language)
    text = "\n".join(_texts(record))
    if text.isascii():
        return True
    if own is None or not _all_in(text, own.scripts):
        return False
    return not _is_gibberish(text, page, rows_too=language.partition("-")[0] not in _LONG_ROWS)


def _is_gibberish(text: str, page: CodePage, *, rows_too: bool) -> bool:
    if page.scripts[0] != "LATIN":
        return False
    return bool(MISREAD.search(text) or (page == _WESTERN and rows_too and _GIBBERISH.search(text)))


def _all_in(text: str, scripts: tuple[str, ...]) -> bool:
    beyond = {char for char in text if char > "\x7f" and unicodedata.category(char)[0] in "LM"}
    return all(unicodedata.name(char, "").startswith(scripts) for char in beyond)


def _language(record: Fields) -> str:
    value = record.values.get("language", (0, None))[1]
    return value.text.strip().lower().replace("_", "-") if isinstance(value, Plain) else ""


def _texts(value: Value) -> Iterable[str]:
    if isinstance(value, Plain):
        yield value.text
    elif isinstance(value, Many):
        for entry in value.values:
            yield from _texts(entry)
    else:
        for key, (_, entry) in value.values.items():
            yield key
            yield from _texts(entry)


def _plain_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _clip(line: str) -> str:
    """Cut a line to some words around its first character beyond ASCII."""
    first = next((at for at, char in enumerate(line) if char > "\x7f"), 0)
    short = line[max(first - 20, 0) : first + 40].strip()
    return "".join(char for char in short if char.isprintable())
