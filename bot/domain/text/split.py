"""Parting a long text into the posts of a thread (design, section 7: `split`).

A post ends with a sentence where that leaves it well filled or keeps the next sentence whole, else with a word,
and between graphemes only within a word that is longer than a post. Nothing is lost but the white space at the
cuts. Time is linear in the length of the text: what is weighed for a post is about as long as a post.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from bot.domain.errors import InputError
from bot.domain.text.entities import Span
from bot.domain.text.graphemes import grapheme_ends
from bot.domain.text.sentences import ends_with_abbreviation, sentence_ends
from bot.domain.text.weighted import weighted_length
from bot.domain.text.words import behind_white_space, break_opportunities, outside, protected

Rooms = Callable[[int, int], int]
"""What the text of a post may weigh, by the post's number and the count of posts."""

MOST_POSTS = 300
_STEPS_BACK = 50
_SPREADS = 10
_WIDOW_WORDS = 2
_BORDER = 50
_WINDOW = 400
_FIRST_REACH = 4
# What half of an emoji may weigh more than the whole.
_PARTIAL = 16


def split(texts: Sequence[str], rooms: Rooms, language: str) -> list[str]:
    """Part texts so that each part weighs no more than `rooms` says; no part reaches over the end of a text.

    A last post of one or two words is balanced with the one before. Links, tags, mentions and graphemes stay
    whole. Raises InputError if something that may not be parted is longer than a post.
    """
    cutters = [_Cutter(text.strip(), language) for text in texts]
    tried: set[int] = set()
    count = len(texts)
    cuts = _cut_each(cutters, rooms, count)
    while (found := sum(map(len, cuts))) != count:
        if found < count and found in tried:
            # With the room that so many posts have it comes to fewer, and with the room of fewer to more.
            cuts, count = _spread_over(cutters, rooms, count)
            break
        tried.add(count)
        count = found
        cuts = _cut_each(cutters, rooms, count)
    _balance_widows(cutters, cuts, rooms, count)
    return [part for cutter, ends in zip(cutters, cuts, strict=True) for part in cutter.parts(ends)]


class _Cutter:
    """One text and the places at which it may be cut; its end is one of them at every level."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.spans = protected(text)
        self._starts = [span.start for span in self.spans]
        self._wholes = _merged(self.spans)
        self._all_words = [*break_opportunities(text, language), len(text)]
        # "Dr." stays with the name behind it if that can be.
        self.words = [
            place
            for place in self._all_words
            if place == len(text) or not ends_with_abbreviation(text, place)
        ]

    @cached_property
    def sentences(self) -> list[int]:
        return [*sentence_ends(self.text, self.language), len(self.text)]

    @cached_property
    def graphemes(self) -> list[int]:
        return outside(self.spans, grapheme_ends(self.text))

    def parts(self, ends: Sequence[int]) -> list[str]:
        starts = [0, *(self.next_start(end) for end in ends[:-1])]
        return [self.text[start:end].strip() for start, end in zip(starts, ends, strict=True)]

    def next_start(self, end: int) -> int:
        """Return where the part behind a cut begins."""
        return behind_white_space(self.text, end)

    def weight(self, start: int, end: int) -> int:
        return weighted_length(self.text[start:end].strip())

    def fits(self, start: int, end: int, space: int) -> bool:
        """Return whether a part weighs no more than `space`. Of a long one no more is weighed than tells it."""
        reach = max(_FIRST_REACH * space, _WINDOW)
        while start + reach < end:
            # Only a link weighs much less than its length, and it is weighed whole or not at all.
            if self.weight(start, self._before_whole(start + reach)) > space + _PARTIAL:
                return False
            reach *= _FIRST_REACH
        return self.weight(start, end) <= space

    def _before_whole(self, place: int) -> int:
        at = bisect_left(self._wholes, (place, 0))
        return self._wholes[at - 1][0] if at and self._wholes[at - 1][1] > place else place

    def end(self, start: int, space: int) -> int:
        """Return where a part that begins at `start` and may weigh so much ends best."""
        word = self._furthest(self.words, start, space)
        if word is None:
            return self._within_a_word(start, space)
        at = bisect_right(self.sentences, word)
        sentence = self.sentences[at - 1] if at else 0
        if sentence in (word, len(self.text)) or sentence <= start or not self.keeps(start, sentence):
            return word
        if 2 * self.weight(start, sentence) >= space:
            return sentence
        # A post less than half full is worth it only if the next sentence then stays whole.
        return sentence if self.fits(self.next_start(sentence), self.sentences[at], space) else word

    def keeps(self, start: int, place: int) -> bool:
        """Return whether a cut leaves every link and tag on both sides as it is, and makes no others."""
        inside = self._spans_from(start, until=place)
        if [(span.start - start, span.end - start) for span in inside] != _places(self.text[start:place]):
            return False
        # What begins behind the cut shows in the first characters there.
        behind = self.next_start(place)
        expected = [
            (span.start - behind, min(span.end - behind, _WINDOW - _BORDER))
            for span in self._spans_from(behind, until=len(self.text))
            if span.start - behind < _BORDER
        ]
        found = _places(self.text[behind : behind + _WINDOW])
        return expected == [(a, min(b, _WINDOW - _BORDER)) for a, b in found if a < _BORDER]

    def word_count(self, start: int, end: int) -> int:
        return bisect_right(self.words, end) - bisect_right(self.words, start)

    def middle(self, start: int, end: int, fits: Callable[[int], bool]) -> int | None:
        """Return the place nearest to the middle that fits: the end of a sentence, else of a word."""
        for places in (self.sentences, self.words):
            inner = places[bisect_right(places, start) : bisect_left(places, end)]
            inner.sort(key=lambda place: abs(2 * place - start - end))
            for place in inner[:_STEPS_BACK]:
                if fits(place) and self.keeps(start, place):
                    return place
        return None

    def _within_a_word(self, start: int, space: int) -> int:
        for places in (self._all_words, self.graphemes):
            place = self._furthest(places, start, space)
            if place is not None:
                return place
        whole = self.text[start : self.graphemes[bisect_right(self.graphemes, start)]]
        shown = whole if len(whole) <= 40 else f"{whole[:39]}…"
        raise InputError(
            f"body: no post has room for '{shown}', which may not be parted "
            f"({weighted_length(whole)} of {max(space, 0)}): shorten it, or the template's own text"
        )

    def _furthest(self, places: Sequence[int], start: int, space: int) -> int | None:
        """Return the last of the places up to which the text weighs no more than `space`."""
        first = bisect_right(places, start)
        # Few texts weigh less than one for each character: the search begins there and goes on in growing steps.
        low, high, step = first, min(bisect_right(places, start + max(space, 0)), len(places)), 16
        while high < len(places) and self.fits(start, places[high], space):
            low, high, step = high, min(high + step, len(places)), 2 * step
        after = bisect_left(places, True, low, high, key=lambda place: not self.fits(start, place, space))
        for place in reversed(places[max(after - _STEPS_BACK, first) : after]):
            if self.fits(start, place, space) and self.keeps(start, place):
                return place
        return None

    def _spans_from(self, start: int, *, until: int) -> Iterator[Span]:
        for at in range(bisect_left(self._starts, start), len(self.spans)):
            if self.spans[at].start >= until:
                return
            yield self.spans[at]


def _cut_each(cutters: Sequence[_Cutter], rooms: Rooms, count: int) -> list[list[int]]:
    """Return the ends of the parts of each text, if each post takes as much as it can of a thread of so many."""
    cuts: list[list[int]] = []
    number = 0
    for cutter in cutters:
        ends: list[int] = []
        start = 0
        while start < len(cutter.text):
            number += 1
            if number > MOST_POSTS:
                raise InputError(f"body: becomes more than {MOST_POSTS} posts: shorten it")
            ends.append(cutter.end(start, rooms(min(number, count), count)))
            start = cutter.next_start(ends[-1])
        cuts.append(ends)
    return cuts


def _spread_over(cutters: Sequence[_Cutter], rooms: Rooms, least: int) -> tuple[list[list[int]], int]:
    """Return the cuts for at least so many posts though fewer could hold the text, and how many they became."""
    for count in range(least, least + _SPREADS):
        cuts = _cut_each(cutters, rooms, count)
        if sum(map(len, cuts)) <= count and _spread(cutters, cuts, rooms, count):
            return cuts, count
    raise InputError(
        "body: no post is left with the room that its end needs: shorten it, or the template's own text"
    )


def _spread(cutters: Sequence[_Cutter], cuts: list[list[int]], rooms: Rooms, count: int) -> bool:
    """Part the end, and then the longest parts, until there are `count`; return whether each has the room it needs."""
    missing = count - sum(map(len, cuts))
    # The last post has other room than the part that it is taken from.
    if missing and not _part_in_two(cutters[-1], cuts[-1], len(cuts[-1]) - 1, rooms(count, count)):
        return False
    for _ in range(missing - 1):
        if not _part_in_two(*_longest(cutters, cuts), rooms(1, count)):
            return False
    parts = [part for cutter, ends in zip(cutters, cuts, strict=True) for part in cutter.parts(ends)]
    return all(weighted_length(part) <= rooms(number, count) for number, part in enumerate(parts, start=1))


def _part_in_two(cutter: _Cutter, ends: list[int], at: int, room: int) -> bool:
    """Part a part near its middle, so that its second half has room; return whether that could be."""
    start, end = _reach(cutter, ends, at)
    place = cutter.middle(start, end, lambda place: cutter.fits(cutter.next_start(place), end, room))
    if place is not None:
        ends.insert(at, place)
    return place is not None


def _longest(cutters: Sequence[_Cutter], cuts: Sequence[list[int]]) -> tuple[_Cutter, list[int], int]:
    parts = [
        (cutter, ends, at) for cutter, ends in zip(cutters, cuts, strict=True) for at in range(len(ends))
    ]
    return max(parts, key=lambda part: part[0].weight(*_reach(*part)))


def _balance_widows(cutters: Sequence[_Cutter], cuts: list[list[int]], rooms: Rooms, count: int) -> None:
    """Move words into a text's last post if it has hardly any."""
    number = 0
    for cutter, ends in zip(cutters, cuts, strict=True):
        number += len(ends)
        if len(ends) > 1 and cutter.word_count(*_reach(cutter, ends, len(ends) - 1)) <= _WIDOW_WORDS:
            _balance(cutter, ends, rooms(number, count))


def _balance(cutter: _Cutter, ends: list[int], room: int) -> None:
    start, _ = _reach(cutter, ends, len(ends) - 2)

    def fits(place: int) -> bool:
        last = (cutter.next_start(place), ends[-1])
        # With more words than before in the last post, the one before has fewer: that it fits is known.
        return cutter.word_count(*last) > _WIDOW_WORDS and cutter.fits(*last, room)

    place = cutter.middle(start, ends[-1], fits)
    if place is not None:
        ends[-2] = place


def _reach(cutter: _Cutter, ends: Sequence[int], at: int) -> tuple[int, int]:
    """Return where a part begins and ends."""
    return (cutter.next_start(ends[at - 1]) if at else 0), ends[at]


def _merged(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Return the reaches of spans, by their start, with those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for span in spans:
        if merged and span.start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], span.end))
        else:
            merged.append((span.start, span.end))
    return merged


def _places(text: str) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in protected(text)]
