"""Links, hashtags, mentions and cashtags of a text, as X's own library finds them.

Places are Python code points in the text as given. Which characters make a hashtag: `letters.py`; what makes
a link: `links.py`. Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.domain.text.letters import DIGITS, LETTERS_AND_MARKS, SPECIAL
from bot.domain.text.links import Link, find_links
from bot.domain.text.tlds import counted, today

_ACCENTED = (
    "\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb"
    "\u0300-\u036f\u1e00-\u1eff"
)
_SPACE = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# What JavaScript takes for white space is a little less, and the invalid U+FEFF.
_WHITE = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_MENTION = re.compile(
    r"(?:\A|[^a-zA-Z0-9_!#$%&*@\uff20]|(?:\A|[^a-zA-Z0-9_+~.-])(?:rt|RT|rT|Rt):?)"
    r"(?P<span>[@\uff20](?P<value>[a-zA-Z0-9_]{1,20}))(?P<list>/[a-zA-Z][a-zA-Z0-9_-]{0,24})?"
)
_NO_MENTION_BEFORE = re.compile(rf"[@\uff20{_ACCENTED}]|://")
_CASHTAG = re.compile(
    rf"(?:\A|[{_SPACE}])(?P<span>\$(?P<value>[a-zA-Z]{{1,6}}(?:[._][a-zA-Z]{{1,2}})?))"
    rf"(?=\Z|[{_WHITE}]|[!#-/:-@\[-\^_{{-~])"
)
_NO_HASHTAG_BEFORE = re.compile(r"[#\uff03]|://")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text from `start` up to, not including, `end`; `value` is without the sign (#, @, $)."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class LinkSpan(Span):
    """A link; `value` is the address as it stands in the text, with or without scheme."""

    has_scheme: bool
    top_level: str

    @property
    def doubtful(self) -> bool:
        """Whether today's list of top-level domains says otherwise than the one that is counted by.

        What X itself goes by is not known (docs: X API notes, section 6), so a caller warns.
        """
        return (_decoded(self.top_level) in today()) is not (_decoded(self.top_level) in counted())


def links(text: str) -> list[LinkSpan]:
    """Return the links that count as such (23 each), in order."""
    return [_span(link) for link in find_links(text, counted())]


def doubtful_links(text: str) -> list[LinkSpan]:
    """Return what is a link by only one of the two lists: by today's or by the one that is counted by."""
    if "." not in text:
        return []
    known = links(text)
    places = {(link.start, link.end) for link in known}
    newer = [_span(link) for link in find_links(text, today())]
    found = [link for link in known if link.doubtful]
    found += [link for link in newer if link.doubtful and (link.start, link.end) not in places]
    return sorted(found, key=lambda link: link.start)


def hashtags(text: str) -> list[Span]:
    """Return the hashtags, in order; none within a link."""
    if "#" not in text and "\uff03" not in text:
        return []
    found = [
        _from_match(match)
        for match in _hashtag_pattern().finditer(text)
        if not _NO_HASHTAG_BEFORE.match(text, match.end())
    ]
    if not found or "." not in text:
        return found
    apart = _without_overlaps([*found, *links(text)])
    return [span for span in apart if not isinstance(span, LinkSpan)]


def mentions(text: str) -> list[Span]:
    """Return the accounts that are mentioned, in order; names of lists (@name/list) are not mentions."""
    if "@" not in text and "\uff20" not in text:
        return []
    return [
        _from_match(match)
        for match in _MENTION.finditer(text)
        if not match["list"] and not _NO_MENTION_BEFORE.match(text, match.end())
    ]


def cashtags(text: str) -> list[Span]:
    """Return the cashtags ($NAME), in order."""
    return [_from_match(match) for match in _CASHTAG.finditer(text)] if "$" in text else []


def _span(link: Link) -> LinkSpan:
    return LinkSpan(link.start, link.end, link.url, has_scheme=link.has_scheme, top_level=link.tld)


def _from_match(match: re.Match[str]) -> Span:
    return Span(match.start("span"), match.end("span"), match["value"])


def _without_overlaps(spans: list[Span]) -> list[Span]:
    """Keep of overlapping spans the one that begins first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if not kept or kept[-1].end <= span.start:
            kept.append(span)
    return kept


def _decoded(top_level: str) -> str:
    if top_level[:4].lower() != "xn--":
        return top_level
    try:
        return top_level[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return top_level


@cache
def _hashtag_pattern() -> re.Pattern[str]:
    letters, others = _ranges(LETTERS_AND_MARKS), _ranges(DIGITS) + SPECIAL
    return re.compile(
        rf"(?:\A|[\ufe0e\ufe0f]|[^{letters}{others}&])"
        rf"(?P<span>[#\uff03](?![\ufe0f\u20e3])(?P<value>[{others}]*+[{letters}][{letters}{others}]*+))"
    )


def _ranges(table: str) -> str:
    ends = [(part.partition("-")[0], part.rpartition("-")[2]) for part in table.split()]
    return "".join(f"\\U{first:0>8}-\\U{last:0>8}" for first, last in ends)
