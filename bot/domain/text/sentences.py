"""Where the sentences of a text end.

ICU's rules tell it in every script; what they take for an end and a reader does not ("Dr. Li", "J. Smith",
"the U.N. Secretariat") is taken back here. Thai and Lao end a sentence with nothing but a
space, so there a space between two of their letters is an end.
"""

from __future__ import annotations

import re
from itertools import accumulate

from bot.domain.text.words import behind_white_space, break_opportunities, breaker_locale

_ENDS_WITH_A_STOP = re.compile(r"(?P<word>[^\W_]+)\.[\"'”’»)\]]*\Z")
# The number of a list's entry: it stands at the start, or behind the end of the entry before.
_ENTRY = re.compile(r"(?:\A|\n|[.!?:;…]\s)\s*[0-9]{1,2}\.\Z")
_NUMBER = re.compile(r"\s*[0-9]")
# A space between two letters of Thai or Lao ends a sentence, but not where the words beside it (such as, that; and,
# or, but, which, by, for) or the sign of repetition before it say that it goes on.
_THAI_SPACE = re.compile(
    "(?<=[\u0e01-\u0e45\u0e47-\u0e4e\u0e81-\u0ec5\u0ec8-\u0ecd])(?<!เช่น)(?<!ได้แก่)(?<!คือ)(?<!ว่า)(?<!ເຊັ່ນ)(?<!ໄດ້ແກ່)"
    "(?<!ຄື)(?<!ວ່າ)[ \t]+(?=[\u0e01-\u0e4e\u0e81-\u0ecd])"
    "(?!และ|หรือ|แต่|เช่น|ซึ่ง|ได้แก่|โดย|เพื่อ|ແລະ|ຫຼື|ແຕ່|ເຊັ່ນ|ຊຶ່ງ|ໄດ້ແກ່|ໂດຍ|ເພື່ອ)"
)
_LONGEST_WORD = 40

# What stands before a name, in the languages that a team of the region writes: with its full stop it ends nothing.
_BEFORE_NAMES = """
dr mr mrs ms prof st ste mt gen col capt cmdr lt sgt hon rev gov sen rep pres amb messrs al vs cf
mm mme mmes mlle mlles sr sra srta sres dra dres lic ing ud uds ee bpk sdr drs hj ir jl hr frl bzw
проф акад им ул пл обл гл зам тов
"""
# What stands before a number: "No. 5", "Nov. 25".
_BEFORE_NUMBERS = """
no nos nr vol fig art sec para paras p pp ch chap núm num pág págs hlm ps cap ст стр рис табл
jan feb mar apr jun jul aug sep sept oct nov dec
"""
_TITLES = frozenset(_BEFORE_NAMES.split())
_REFERENCES = frozenset(_BEFORE_NUMBERS.split())


def sentence_ends(text: str, language: str) -> list[int]:
    """Return the offsets (code points) at which a sentence ends and the text may be cut, in order.

    Each is also a place of `break_opportunities`; the end of the text is not among them.
    """
    allowed = set(break_opportunities(text, language))
    ends = {match.start() for match in _THAI_SPACE.finditer(text)}
    ends |= {place for place in _ends_by_rule(text, language) if not _goes_on(text, place)}
    return sorted(ends & allowed)


def _ends_by_rule(text: str, language: str) -> list[int]:
    from icu4py.breakers import SentenceBreaker  # noqa: PLC0415 - start-up time

    sentences = list(SentenceBreaker(text, breaker_locale(language)))
    # The white space behind a sentence is no part of it.
    return [
        end - len(sentence) + len(sentence.rstrip())
        for sentence, end in zip(sentences, accumulate(map(len, sentences)), strict=True)
    ]


def _goes_on(text: str, place: int) -> bool:
    """Return whether the sentence goes on behind a place that the rules take for its end."""
    behind = behind_white_space(text, place)
    if behind == len(text) or "\n" in text[place:behind]:
        return False
    return text[behind].islower() or ends_with_abbreviation(text, place)


def ends_with_abbreviation(text: str, place: int) -> bool:
    """Return whether an abbreviation ends at a place that belongs to what follows: a title, an initial, "No."."""
    before = text[max(place - _LONGEST_WORD, 0) : place]
    found = _ENDS_WITH_A_STOP.search(before)
    if found is None:
        return False
    word = found["word"].casefold()
    if word.isdigit():
        return _ENTRY.search(before) is not None
    # A letter alone is an initial, or the last one of "U.N.".
    if len(word) == 1 or word in _TITLES:
        return True
    return word in _REFERENCES and _NUMBER.match(text, place) is not None
