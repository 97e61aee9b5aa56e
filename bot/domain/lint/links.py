"""Links: how many, where they lead, and what X makes a link of unasked (A8, P11)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.domain.card import Finding
from bot.domain.lint.post_text import PostText
from bot.domain.text.entities import LinkSpan

LEAST_LETTERS = 12
"""So many letters, or half of them where a letter is a syllable, say where a link goes."""

_SHORTENERS = """
bit.ly bitly.com t.co tinyurl.com goo.gl ow.ly buff.ly dlvr.it is.gd v.gd lnkd.in rebrand.ly cutt.ly
t.ly shorturl.at rb.gy tiny.cc s.id shorte.st adf.ly trib.al ift.tt fb.me wp.me j.mp
hubs.la hubs.ly snip.ly soo.gd tr.im x.co qr.ae bl.ink short.io dub.sh shorturl.asia
"""
SHORTENERS = frozenset(_SHORTENERS.split())

_ADDRESS = re.compile(r"https?://(?P<host>\[[0-9a-fA-F:.]+\]|[^\s/?#:]+)(?P<rest>\S*)", re.IGNORECASE)
_OWN_NETWORK = re.compile(
    r"(?:localhost|127\.\S*|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|\[.*\]"
    r"|[^.]+|.*\.(?:local|localdomain|internal|intranet|lan|corp|home|private))",
    re.IGNORECASE,
)
_DRAFT = re.compile(
    r"docs\.google\.com\S*/edit\b|drive\.google\.com\S*|[^/]*-my\.sharepoint\.com\S*|[^/]*\.sharepoint\.com\S*"
    r"|(?:staging|preview|test|dev|uat)[.-]\S*|\S*[?&]preview=true\S*",
    re.IGNORECASE,
)
_OTHER_ALPHABET = re.compile("[\u0370-\u052f]")
_LATIN = re.compile("[a-z\xe0-\u024f]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_SYLLABIC = re.compile("[\u0900-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def link_count(post: PostText) -> Iterator[Finding]:
    """Find links beyond the first."""
    if len(post.links) > 1:
        second = post.links[1]
        message = f"{len(post.links)} links: keep the one that people need"
        yield post.point("link-count", second.start, second.end, message)


def bare_link(post: PostText) -> Iterator[Finding]:
    """Find a link with hardly a word beside it."""
    if not post.links:
        return
    worth = len(_LETTER.findall(post.prose)) + len(_SYLLABIC.findall(post.prose))
    if worth < LEAST_LETTERS:
        first = post.links[0]
        yield post.point("bare-link", first.start, first.end, "say in words where the link goes")


def http_link(post: PostText) -> Iterator[Finding]:
    """Find links by http."""
    for link in post.links:
        if link.value.lower().startswith("http://"):
            message = f"'{link.value}' is not protected: use https"
            yield post.point("http-link", link.start, link.end, message)


def short_link(post: PostText) -> Iterator[Finding]:
    """Find links through a shortener."""
    for link in post.links:
        if _host(link) in SHORTENERS:
            message = f"'{link.value}' hides where it goes: write the whole address, X counts it as 23 anyway"
            yield post.point("short-link", link.start, link.end, message)


def private_link(post: PostText) -> Iterator[Finding]:
    """Find addresses of an own network, of drafts, or with a password in them; not all of them are links for X."""
    for match in _ADDRESS.finditer(post.text):
        host, whole = match["host"], match.group().partition("://")[2]
        if "@" in host:
            message = "the address holds a user's name, perhaps a password"
        elif _OWN_NETWORK.fullmatch(host) or _DRAFT.fullmatch(whole):
            message = f"'{match.group()}' opens in your own office only"
        else:
            continue
        yield post.point("private-link", *match.span(), message)


def look_alike_link(post: PostText) -> Iterator[Finding]:
    """Find domains in which letters of another alphabet pass for Latin ones."""
    for link in post.links:
        host = _host(link)
        name, _, top = host.rpartition(".")
        if _OTHER_ALPHABET.search(name) and (_LATIN.search(name) or _LATIN.search(top)):
            odd = next(char for char in name if _OTHER_ALPHABET.match(char))
            message = f"'{host}' holds '{odd}' ({unicodedata.name(odd, '?').lower()}): is it your address?"
            yield post.point("look-alike-link", link.start, link.end, message)


def auto_link(post: PostText) -> Iterator[Finding]:
    """Find what X makes a link of though it was not written as one."""
    doubtful = {link.start for link in post.doubtful_links}
    for link in post.links:
        if not link.has_scheme and link.start not in doubtful:
            message = (
                f"X makes a link of '{link.value}' and bills it: write https:// before it if that is meant"
            )
            yield post.point("auto-link", link.start, link.end, message)


def doubtful_link(post: PostText) -> Iterator[Finding]:
    """Find what may or may not be a link for X."""
    for link in post.doubtful_links:
        message = f"'{link.value}' may or may not be a link for X: its list of endings and today's disagree"
        yield post.point("link", link.start, link.end, message)


def _host(link: LinkSpan) -> str:
    rest = link.value.partition("://")[2] if link.has_scheme else link.value
    return re.split(r"[/?#:]", rest, maxsplit=1)[0].lower().removeprefix("www.")
