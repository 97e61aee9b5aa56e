"""Where the links of a text are, exactly as X's own counting library finds them, in linear time.

The rules are those of npm twitter-text 3.1.0. They are written there as one regular expression that tries
every place and goes back on itself; here each dot before a top-level domain is an anchor, and the run of
domain characters around it is looked at once. Within this module a text is a string of UTF-16 units, one
character each, because that is how the library sees it: a link may begin after half of an emoji.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from bot.domain.text.tlds import TldTable

LONGEST_URL = 4096
_REMEMBERED = 8
"""A preview weighs a text, shows its links and holds it against a dozen rules: all of them ask for the same links."""
_LONGEST_LABEL = 63
_LONGEST_SHORT_LINK = 40

# What no domain contains (white space, punctuation, directional and invalid characters), less "-", "_" and ".".
_BARRED = (
    r"\x09-\x0d\x20!#-,/:-@\[\\\]\^{-~\x85\xa0\u061c\u1680\u180e\u2000-\u200a\u200e\u200f\u2028-\u202f"
    r"\u205f\u2066-\u2069\u3000\ufeff\ufffe\uffff"
)
# Accented Latin letters, with their partners in the other case.
_ACCENTED = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0260\u0263\u0268\u0269\u026f\u0272"
    r"\u0275\u0280\u0283\u0288-\u028c\u0292\u02bb\u0300-\u036f\u0399\u03b9\u1e00-\u1eff\u1fbe\u2c65\u2c66"
    r"\u2c7e\u2c7f\ua7dc"
)
_CYRILLIC = r"\u0400-\u04ff\u1c80-\u1c87"
# A path may contain all of these, and end with those of the first class only.
_ENDER = rf"#+\-/-9=A-Z_a-z{_ACCENTED}{_CYRILLIC}"
_OTHER = r"!$-'*,.:;@\[\]|~\u2013"
_PATH = f"[{_ENDER}{_OTHER}]"
_QUERY_NEVER_ENDS_WITH = "!$%'()*+,.:;?@[]|~"

_ASTRAL = re.compile(r"[\U00010000-\U0010ffff]")
_TOKEN = re.compile(rf"[^{_BARRED}]++")
# A domain may begin at the text's start, or after a character that is no Latin letter, digit, "@", "$" or "#".
_START = re.compile(r"(?<![A-Za-z0-9@\uff20$#\uff03\ufffe\ufeff\uffff])[^-_.]")
_SCHEME = re.compile(r"(?<![A-Za-z0-9@\uff20$#\uff03\ufffe\ufeff\uffff])[Hh][Tt][Tt][Pp][Ss]?://")
_PORT = re.compile(r":[0-9]+")
# Brackets count when they are balanced, one within another at most. A path ends with its last ender outside of
# brackets, or with brackets right behind that: so the library's pattern works out.
_BRACKETS = rf"\((?:{_PATH}++\)|{_PATH}*+\({_PATH}++\){_PATH}*+\))"
_PATH_RUN = re.compile(rf"/(?:(?:[{_OTHER}]++|{_BRACKETS})*+[{_ENDER}]++)*+(?:{_BRACKETS})*+")
_QUERY_RUN = re.compile(r"\?([!#-;=?-\[\]_a-z|~]*+)")
_SHORT_LINK = re.compile(r"https?://t\.co/([a-z0-9]+)", re.IGNORECASE | re.ASCII)
_LATIN_LABELS = re.compile(rf"(?:[-0-9A-Za-z{_ACCENTED}]++\.)++")


class Link(NamedTuple):
    """A link: where it stands (code points), and the address as the library gives it.

    `counted_to` is where counting goes on. It is before `end` in one odd case that the library has: a bare
    domain, then a domain in other letters, then a path.
    """

    start: int
    end: int
    url: str
    has_scheme: bool
    tld: str
    counted_to: int


@lru_cache(maxsize=_REMEMBERED)
def find_links(text: str, table: TldTable) -> tuple[Link, ...]:
    """Return the links of a text in the order in which the library reports them."""
    if text.isascii() or not (astral := [match.start() for match in _ASTRAL.finditer(text)]):
        return tuple(_find_in_units(text, table))
    # The unit at which each character beyond U+FFFF begins: every earlier one took one unit more.
    firsts = [point + earlier for earlier, point in enumerate(astral)]
    return tuple(
        link._replace(
            start=link.start - bisect_left(firsts, link.start),
            end=link.end - bisect_left(firsts, link.end),
            url=_joined(link.url),
            counted_to=link.counted_to - bisect_left(firsts, link.counted_to),
        )
        for link in _find_in_units(_ASTRAL.sub(_two_units, text), table)
    )


def _two_units(match: re.Match[str]) -> str:
    offset = ord(match.group()) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))


def _joined(units: str) -> str:
    return (
        units
        if units.isascii()
        else units.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    )


def _find_in_units(units: str, table: TldTable) -> list[Link]:
    anchors = _anchors(units, table)
    if not anchors:
        return []
    links: list[Link] = []
    dots = sorted(anchors)
    position = 0
    # No token crosses a space: the first to look at lies between the first anchor and the space before it.
    for token in _TOKEN.finditer(units, max(0, units.rfind(" ", 0, dots[0]))):
        if token.start() > dots[-1]:
            break
        if token.end() > max(dots[0], position):
            position = _Token(units, token.start(), token.end(), anchors).read(position, links, table)
    return links


@cache
def _anchor_pattern(table: TldTable) -> re.Pattern[str]:
    return re.compile(rf"(?<![-_.{_BARRED}])\.(?=[{table.starts}])")


def _anchors(units: str, table: TldTable) -> dict[int, int]:
    """Map each dot that stands before a top-level domain to the end of that domain."""
    if "." not in units:
        return {}
    anchors = {}
    for match in _anchor_pattern(table).finditer(units):
        end = table.end_at(units, match.end(), len(units))
        if end is not None:
            anchors[match.start()] = end
    return anchors


class _Token:
    """A run of characters of which domains are made, with dots in it.

    `after[i]` is where a domain ends that begins with the whole of label `i`, or None: computed from the
    right, because the longest chain of labels wins.
    """

    __slots__ = ("after", "anchors", "dots", "starts", "units")

    def __init__(self, units: str, start: int, stop: int, anchors: dict[int, int]) -> None:
        self.units = units
        self.anchors = anchors
        self.dots = [start + index for index, char in enumerate(units[start:stop]) if char == "."]
        self.starts = [start, *(dot + 1 for dot in self.dots)]
        self.after: list[int | None] = [None] * (len(self.dots) + 1)
        for label in reversed(range(len(self.dots))):
            if self._is_label(label) and units[self.starts[label]] not in "-_":
                self.after[label] = self._end_from(label, self.starts[label])

    def _is_label(self, label: int) -> bool:
        start, dot = self.starts[label], self.dots[label]
        return start < dot and self.units[dot - 1] not in "-_"

    def _end_from(self, label: int, start: int) -> int | None:
        """Return where the domain ends that begins at `start` within this label."""
        later = self.after[label + 1]
        if later is not None:
            return later
        dot = self.dots[label]
        # The last label before the top-level domain has no underscore, those before it may have.
        return None if self.units.find("_", start, dot) >= 0 else self.anchors.get(dot)

    def read(self, position: int, links: list[Link], table: TldTable) -> int:
        """Add the links that begin in this token, and return where the library's search goes on."""
        for label, dot in enumerate(self.dots):
            if dot < position:
                continue
            start = self._start_in(label, position)
            end = None if start is None else self._end_from(label, start)
            if start is not None and end is not None:
                found = _Found(self._scheme_before(start), start, end)
                position = _add(self.units, found, links, table)
        return position

    def _scheme_before(self, start: int) -> int | None:
        for scheme in (start - len("https://"), start - len("http://")):
            if scheme >= 0 and _SCHEME.fullmatch(self.units, scheme, start):
                return scheme
        return None

    def _start_in(self, label: int, position: int) -> int | None:
        """Return the first place in the label where a domain begins after `position`, or None."""
        dot = self.dots[label]
        if not self._is_label(label):
            return None
        # The character before a domain belongs to the match: only the text's start needs none.
        lowest = max(self.starts[label], position + 1) if position or self.starts[label] else 0
        if self.after[label + 1] is None:
            if dot not in self.anchors:
                return None
            lowest = max(lowest, self.units.rfind("_", lowest, dot) + 1)
        found = _START.search(self.units, lowest, dot)
        if found is None:
            return None
        if found.start() == 0 and _START.match(self.units, 1, dot):
            # The library prefers to take the text's first character as the one before the domain.
            return 1
        return found.start()


class _Found(NamedTuple):
    """A domain with the place of the scheme before it, if there is one."""

    scheme: int | None
    start: int
    end: int


def _add(units: str, found: _Found, links: list[Link], table: TldTable) -> int:
    """Add what is a link in `found`, and return the end of what the library's search took for one."""
    path, stop = _rest_of_url(units, found.end)
    if _is_acceptable(units, found, stop, table):
        if found.scheme is None:
            links.extend(_bare_links(units, found, stop if path else None, table))
        else:
            links.extend(_full_link(units, found, stop))
    return stop


def _rest_of_url(units: str, end: int) -> tuple[bool, int]:
    """Return whether a path follows the domain, and where port, path and query end."""
    if units[end : end + 1] not in (":", "/", "?"):
        return False, end
    if port := _PORT.match(units, end):
        end = port.end()
    path = _PATH_RUN.match(units, end)
    if path:
        end = path.end()
    query = _QUERY_RUN.match(units, end)
    if query and (kept := query.group(1).rstrip(_QUERY_NEVER_ENDS_WITH)):
        end += 1 + len(kept)
    return path is not None, end


def _is_acceptable(units: str, found: _Found, stop: int, table: TldTable) -> bool:
    begin = found.start if found.scheme is None else found.scheme
    assumed_scheme = 8 if found.scheme is None else found.start - found.scheme
    if assumed_scheme + stop - begin > LONGEST_URL:
        return False
    domain = units[found.start : found.end]
    if not all(map(_fits_dns, domain.split("."))):
        return False
    return not domain.startswith("xn--") or any(_latin_domains(units, found, table))


def _fits_dns(label: str) -> bool:
    if label.isascii() and label.isprintable():
        return 1 <= len(label) <= _LONGEST_LABEL
    # A label in other letters is longer once encoded, so what is too long already need not be encoded.
    if len(label) > 2 * _LONGEST_LABEL:
        return False
    parts = re.split("[\u3002\uff0e\uff61]", _joined(label))
    return len(".".join(map(_encoded, parts))) <= _LONGEST_LABEL


def _encoded(part: str) -> str:
    return part if part.isascii() and part.isprintable() else "xn--" + part.encode("punycode").decode("ascii")


def _full_link(units: str, found: _Found, stop: int) -> Iterator[Link]:
    begin = found.start if found.scheme is None else found.scheme
    url = units[begin:stop]
    short = _SHORT_LINK.match(url)
    if short:
        if len(short.group(1)) > _LONGEST_SHORT_LINK:
            return
        # Of X's own short links only the first part of the path and the query belong to the link.
        url = url if url[short.end() : short.end() + 1] == "?" else short.group()
    tld = units[units.rindex(".", found.start, found.end) + 1 : found.end]
    end = begin + len(url)
    yield Link(begin, end, url, has_scheme=True, tld=tld, counted_to=end)


def _bare_links(units: str, found: _Found, path_end: int | None, table: TldTable) -> list[Link]:
    """Return the domains in Latin letters; the path belongs to the last of them."""
    if found.start and units[found.start - 1] in "-_./":
        return []
    links: list[Link] = []
    position = found.start
    for start, end, tld in _latin_domains(units, found, table):
        # The library looks the name up again and takes the first place after the link before it.
        position = units.index(units[start:end], position)
        after = position + end - start
        links.append(Link(position, after, units[start:end], has_scheme=False, tld=tld, counted_to=after))
        position = after
    if links and path_end is not None:
        last = links[-1]
        url = last.url + units[found.end : path_end]
        links[-1] = last._replace(end=path_end, url=url, counted_to=last.start + len(url))
    return links


def _latin_domains(units: str, found: _Found, table: TldTable) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and top-level domain of each domain in (accented) Latin letters within a domain."""
    position = found.start
    while labels := _LATIN_LABELS.search(units, position, found.end):
        position = labels.end()
        dot = labels.end() - 1
        while dot > labels.start():
            end = table.end_at(units, dot + 1, found.end)
            if end is not None:
                yield labels.start(), end, units[dot + 1 : end]
                position = end
                break
            dot = units.rfind(".", labels.start(), dot)
