"""Texts and addresses as a draft may hold them, and as they are compared."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

TITLE, SUMMARY, ALT, LINK = 300, 2_000, 1_000, 2_000
"""Characters that each may have."""

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_UNSEEN = "\N{SOFT HYPHEN}\N{ZERO WIDTH NO-BREAK SPACE}"
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id")
_KEPT = "%/!$&'()*+,;=:@?-._~#[]|"
_TELLS_ITS_HOST = re.compile(r"(?:tag|urn|doi):", re.IGNORECASE)


def tidy(text: str, most: int) -> str:
    """Give a text in one line, composed (NFC), without what no reader sees, and not longer than it may be."""
    kept = "".join(
        char
        for char in text[: most * 4]
        if char.isspace() or (unicodedata.category(char) not in ("Cc", "Cs", "Cn") and char not in _UNSEEN)
    )
    line = unicodedata.normalize("NFC", " ".join(kept.split()))
    return line if len(line) <= most else line[:most].rpartition(" ")[0] or line[:most]


def address_of(reference: str, base: str) -> str:
    """Give an absolute http or https address as seen from another one; empty if there is none. Tracking parameters go."""
    reference = reference.strip()
    if not reference:
        return ""
    try:
        parts = urlsplit(urljoin(base, reference))
        _ = parts.port
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            return ""
        query = parts.query
        if _TRACKING.search(query):
            pairs = parse_qsl(query, keep_blank_values=True)
            query = urlencode([pair for pair in pairs if not _TRACKING.fullmatch(pair[0])])
        address = urlunsplit(parts._replace(query=query))
    except ValueError:
        return ""
    return address if len(address) <= LINK and address.isprintable() and " " not in address else ""


def link_of(address: str) -> str:
    """Give an address as it can stand in a post: X ends a link at a letter that is neither Latin nor Cyrillic."""
    parts = urlsplit(address)
    path, query, fragment = (quote(each, safe=_KEPT) for each in parts[2:])
    return urlunsplit(parts._replace(path=path, query=query, fragment=fragment))


def identity_of(reference: str, site: str) -> str:
    """Give what news is known by: an address as it is however it is written, or a source's own name for it on its site."""
    reference = tidy(reference, LINK)
    if not reference:
        return ""
    if not re.match(r"https?://", reference, re.IGNORECASE):
        return reference if _TELLS_ITS_HOST.match(reference) else f"{host_of(site)} {reference}"
    try:
        parts = urlsplit(address_of(reference, ""))
    except ValueError:
        return reference
    path = parts.path.rstrip("/")
    return f"{host_of(reference)}{path}{'?' if parts.query else ''}{parts.query}"


def unnamed(title: str, published: str, text: str) -> str:
    """Give what news without an address is known by: two of the same title are told apart by their texts."""
    words = " ".join(text.split()).encode("utf-8", "replace")
    return f"{title}\n{published}\n{hashlib.sha256(words).hexdigest()}"


def host_of(address: str) -> str:
    """Give an address's host as it is compared."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def language_of(*tags: str | None) -> str:
    """Give the first that is a language's code, with hyphens."""
    for tag in tags:
        if tag and len(tag.strip()) <= 35 and _LANGUAGE.fullmatch(tag.strip()):
            return tag.strip().replace("_", "-")
    return ""


def moment_of(text: str | None) -> str:
    """Give a time or a day in ISO 8601, as machines write it in pages and feeds; empty for everything else."""
    text = (text or "").strip()[:64]
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return ""
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return ""  # a slip of the pen, and no calendar may hold it in every time zone
    if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text):
        return found.date().isoformat()
    return found.isoformat(timespec="seconds")
