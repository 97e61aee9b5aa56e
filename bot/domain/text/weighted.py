"""What a text weighs on X: the rules of twitter-text version 3 (design, section 7).

A post may weigh 280. Most letters weigh 1, CJK and emoji 2, a link 23 whatever its length; the text is put
into NFC first. The numbers agree with npm twitter-text 3.1.0 in all that it returns. Time is linear in the
length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.text import emoji_sequences
from bot.domain.text.links import find_links
from bot.domain.text.tlds import counted

LIMIT = 280
URL_LENGTH = 23
_EMOJI_WEIGHT = 2

# Start, end (code points) and weight of a link or an emoji sequence.
_Piece = tuple[int, int, int]

_HEAVY = re.compile("[^\x00-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+")
_INVALID = re.compile("[\ufffe\ufeff\uffff]")
# A link needs a dot with a letter (of any script) right behind it.
_POSSIBLE_LINK = re.compile(r"\.[^\s\d.]")


@dataclass(frozen=True, slots=True)
class ParsedText:
    """What X's counting library says of a text.

    The ranges count UTF-16 units with an inclusive end, as its conformance files do. `permillage` is the
    thousandth part of the limit that is used. `newer_emoji` tells that the text has an emoji that today's
    list has as one and the library counts as several; `least_weight` is what the text weighs if X counts
    each of those as one, and equals `weighted_length` if there are none.
    """

    weighted_length: int
    valid: bool
    permillage: int
    valid_range: tuple[int, int]
    display_range: tuple[int, int]
    newer_emoji: bool
    least_weight: int


def weighted_length(text: str) -> int:
    """Return what the text weighs."""
    normal = _normal(text)
    return _weight(normal, _pieces(normal))


def parse(text: str, limit: int = LIMIT) -> ParsedText:
    """Weigh a text, and tell whether and how far it is valid within `limit` (long posts: 25,000)."""
    normal = _normal(text)
    pieces = _pieces(normal)
    weight = _weight(normal, pieces)
    invalid = None if normal.isascii() else _INVALID.search(normal)
    last = max(_units(text) - 1, 0)
    end = last
    if invalid or weight > limit:
        stop = invalid.start() if invalid else len(normal)
        kept = _units(normal[: _fitting(normal, pieces, stop, limit)])
        # The library counts in the normal form, then adds what normalising took away.
        end = max(kept - 1, 0) + _units(text) - _units(normal)
    saved = 0 if normal.isascii() else _saved_by_newer_list(normal, pieces)
    return ParsedText(
        weighted_length=weight,
        valid=invalid is None and 0 < weight <= limit,
        # The division is the library's, rounding of its floating point included.
        permillage=int(weight / limit * 1000),
        valid_range=(0, end),
        display_range=(0, last),
        newer_emoji=saved > 0,
        least_weight=weight - saved,
    )


def _normal(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _pieces(text: str) -> list[_Piece]:
    """Return what counts as a whole, in order and without overlaps."""
    pieces: list[_Piece] = []
    if _POSSIBLE_LINK.search(text):
        # By start, as the library keeps them: of two at one place the later counts.
        by_start = {link.start: link.counted_to for link in find_links(text, counted())}
        pieces = [(start, end, URL_LENGTH) for start, end in by_start.items()]
    if not text.isascii():
        pieces += [(start, end, _EMOJI_WEIGHT) for start, end in emoji_sequences.spans(text)]
    return list(_without_overlaps(sorted(pieces))) if len(pieces) > 1 else pieces


def _without_overlaps(pieces: list[_Piece]) -> Iterator[_Piece]:
    position = 0
    for piece in pieces:
        if piece[0] >= position:
            yield piece
            position = piece[1]


def _plain_weight(text: str) -> int:
    """Return the weight of a text without links and emoji sequences."""
    return len(text) if text.isascii() else len(text) + sum(map(len, _HEAVY.findall(text)))


def _weight(text: str, pieces: list[_Piece]) -> int:
    if not pieces:
        return _plain_weight(text)
    total = position = 0
    for start, end, weight in pieces:
        total += _plain_weight(text[position:start]) + weight
        position = end
    return total + _plain_weight(text[position:])


def _fitting(text: str, pieces: list[_Piece], stop: int, limit: int) -> int:
    """Return how many code points before `stop` weigh no more than the limit."""
    total = position = 0
    for start, end, weight in [*pieces, (len(text), len(text), 0)]:
        for index in range(position, min(start, stop)):
            total += _plain_weight(text[index])
            if total > limit:
                return index
        if start >= stop:
            return stop
        total += weight
        if total > limit:
            return start
        position = end
    return stop


def _saved_by_newer_list(text: str, pieces: list[_Piece]) -> int:
    """Return how much lighter the text is if each emoji of today's list counts as one."""
    spans = [(start, end) for start, end, _ in pieces]
    links = [(start, end) for start, end, weight in pieces if weight == URL_LENGTH]
    return sum(
        weighted_length(text[start:end]) - _EMOJI_WEIGHT
        for start, end in emoji_sequences.newer_sequences(text, spans)
        if not any(first < end and start < last for first, last in links)
    )
