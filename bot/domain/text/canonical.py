"""The form of a text in which two posts are compared (design, section 2: fingerprint).

A text as it was sent and the same text as X gives it back have one canonical form: X escapes `&`, `<` and
`>`, adds a scheme to bare domains, may normalise and fold white space (docs: X API notes, section 2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.domain.text.links import Link, find_links
from bot.domain.text.tlds import either

_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ENTITY = re.compile("|".join(_ENTITIES))
_LINK = re.compile(
    r"(?:https?://)?(?P<host>[^/?#:]*)(?P<port>:[0-9]+)?(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_NOT_ASCII = re.compile(r"[^\x21-\x7e]+")


def canonical(text: str, from_x: bool = False) -> str:
    """Return the text in NFC, each link in canonical form, white space folded to single spaces.

    With `from_x` the text is as X gave it, its short links already put back by the caller: then HTML entities
    are undone, once. In a text of our own "&amp;" is five characters that somebody meant.
    """
    return _folded(_each_link(_with_schemes(_prepared(text, from_x)), lambda link: canonical_link(link.url)))


def canonical_without_links(text: str, from_x: bool = False) -> str:
    """Return the canonical form of what is left of a text without its links, for links that X altered."""
    return _folded(_each_link(_with_schemes(_prepared(text, from_x)), lambda _: " "))


def canonical_link(url: str) -> str:
    """Return a link in the form in which links are compared.

    The scheme is always `https`, since it is not known which one X adds to a bare domain; the host is in lower
    case and in its ASCII form, a default port and the slash of an empty path are dropped, and what is not
    ASCII in the rest is percent-encoded.
    """
    match = _LINK.fullmatch(unicodedata.normalize("NFC", url))
    if match is None:  # pragma: no cover - every part of the pattern may be empty
        return url
    port, rest = match["port"] or "", match["rest"]
    if port in (":80", ":443"):
        port = ""
    if rest == "/" or rest.startswith(("/?", "/#")):
        rest = rest[1:]
    rest = _ESCAPE.sub(lambda escape: escape.group().upper(), _NOT_ASCII.sub(_percent_encoded, rest))
    return "https://" + ".".join(map(_ascii_label, match["host"].lower().split("."))) + port + rest


def _percent_encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "surrogatepass"))


def _ascii_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _prepared(text: str, from_x: bool) -> str:
    if from_x:
        text = _ENTITY.sub(lambda entity: _ENTITIES[entity.group()], text)
    return unicodedata.normalize("NFC", text)


def _with_schemes(text: str) -> str:
    # First of all, because a link with a scheme reaches further than a bare domain (over "?a=1").
    return _each_link(text, lambda link: link.url if link.has_scheme else "https://" + link.url)


def _each_link(text: str, change: Callable[[Link], str]) -> str:
    """Replace each link; by both lists of top-level domains, because it is not known which one X goes by."""
    if "." not in text:
        return text
    parts: list[str] = []
    position = 0
    for link in find_links(text, either()):
        if link.start >= position:
            parts += [text[position : link.start], change(link)]
            position = link.end
    return "".join([*parts, text[position:]])


def _folded(text: str) -> str:
    return " ".join(text.split())
