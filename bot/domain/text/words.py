"""Where a text may be cut between words.

Most languages put white space between words. Thai, Lao, Khmer, Burmese, Chinese and Japanese do not: there
ICU's dictionaries tell the words, and its line-breaking rules what may not begin a line ("。", a closing
bracket), so that a part of a text never begins with it either. Which of the two holds is decided by the
letters at each place, not by the language of the record: Thai sentences quote English names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

from bot.domain.text import entities
from bot.domain.text.entities import Span
from bot.domain.text.graphemes import grapheme_ends

# No-break spaces hold together what they stand between; a zero-width space is put between Khmer words.
_SPACES = re.compile(r"(?:[^\S\xa0\u2007\u202f]|\u200b)+")
_WHITE_SPACE = re.compile(r"[\s\u200b]+")
# Thai, Lao, Burmese, Khmer, Tai Le, New Tai Lue, Tai Tham, Tai Viet; Kana, Bopomofo, Han with their punctuation.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
    "\u2e80-\u2fdf\u3001-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff01-\uff9f\U00020000-\U0003ffff]"
)
_UNSPACED_RUN = re.compile(f"{_UNSPACED.pattern}+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def break_opportunities(text: str, language: str) -> list[int]:
    """Return the offsets (code points) at which a text may be cut between words, in order.

    Each is the end of a word: white space after it belongs to the part that follows. None lies within a link,
    hashtag, mention, cashtag or grapheme; the start and the end of the text are not among them. `language` is a
    tag such as `th` or `fa-AF`; an unknown one does no harm.
    """
    places = {match.start() for match in _SPACES.finditer(text)}
    spans = protected(text)
    if _UNSPACED.search(text):
        places |= set(_between_unspaced_words(text, language))
        places |= set(_where_unspaced_words_meet_others(text, spans))
    places -= {0, len(text)}
    if not text.isascii() or "\r" in text:
        places &= set(grapheme_ends(text))
    return outside(spans, sorted(places))


def breaker_locale(language: str) -> str:
    """Return what ICU's breakers take for a language; an unknown one does no harm."""
    return language if _LANGUAGE.fullmatch(language) else "en"


def behind_white_space(text: str, place: int) -> int:
    """Return where the white space at a place ends: what follows a cut begins there."""
    match = _WHITE_SPACE.match(text, place)
    return match.end() if match else place


def protected(text: str) -> list[Span]:
    """Return the links, hashtags, mentions and cashtags of a text, by their start: what no cut may split."""
    found: list[Span] = [
        *entities.links(text),
        *entities.hashtags(text),
        *entities.mentions(text),
        *entities.cashtags(text),
    ]
    return sorted(found, key=lambda span: span.start)


def outside(spans: list[Span], places: list[int]) -> list[int]:
    """Return those of the places, in order, that lie within none of the spans, which come by their start."""
    kept: list[int] = []
    waiting = iter(spans)
    span = next(waiting, None)
    reach = 0
    for place in places:
        while span is not None and span.start < place:
            reach = max(reach, span.end)
            span = next(waiting, None)
        if place >= reach:
            kept.append(place)
    return kept


def _between_unspaced_words(text: str, language: str) -> Iterator[int]:
    from icu4py.breakers import LineBreaker, WordBreaker  # noqa: PLC0415 - start-up time

    locale = breaker_locale(language)
    # The breakers give offsets in UTF-16 units, so the lengths of their segments are added up instead.
    lines = set(accumulate(map(len, LineBreaker(text, locale))))
    for place in accumulate(map(len, WordBreaker(text, locale))):
        # Elsewhere, and beside white space, the white space is what counts.
        if place in lines and _UNSPACED.search(text, place - 1, place + 1) and not text[place - 1].isspace():
            yield place


def _where_unspaced_words_meet_others(text: str, spans: list[Span]) -> Iterator[int]:
    """Yield where a Thai word runs into a Latin one, a link or a tag: ICU parts only what is Thai on both sides."""
    for match in _UNSPACED_RUN.finditer(text):
        yield from (place for place in match.span() if _between_letters(text, place))
    for span in spans:
        if span.start and _UNSPACED.match(text, span.start - 1) and _is_letter(text[span.start - 1]):
            yield span.start
        if _UNSPACED.match(text, span.end) and _is_letter(text[span.end]):
            yield span.end


def _between_letters(text: str, place: int) -> bool:
    return 0 < place < len(text) and _is_letter(text[place - 1]) and _is_letter(text[place])


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"
