"""Emoji of several code points that X's own counting library takes as one.

The library (npm twitter-text 3.1.0 with twemoji-parser 11) knows the emoji of Unicode 11, of 2018. Emoji of
one code point weigh 2 with or without a list, so only the sequences are here. What is newer weighs as its
parts do: an upper bound, see `newer_sequences`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

# Every sequence has one of these behind its first character: without any there is nothing to look for.
_SECOND = re.compile("[\ufe0f\u20e3\u200d\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff\U000e0020-\U000e007f]")
# Left over outside of the known sequences, one of these betrays a newer one.
_JOINER = re.compile("[\u200d\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff\U000e0020-\U000e007f]")

_TONE = "[\U0001f3fb-\U0001f3ff]"
_JOIN = "\u200d"
_VS = "\ufe0f"

# Symbols that become an emoji with U+FE0F behind them, and then are one with it.
_WITH_VARIATION = """
a9 ae 203c 2049 2122 2139 2194-2199 21a9-21aa 231a-231b 2328 23cf 23ed-23ef 23f1-23f2 23f8-23fa 24c2 25aa-25ab
25b6 25c0 25fb-25fe 2600-2604 260e 2611 2614-2615 2618 2620 2622-2623 2626 262a 262e-262f 2638-263a 2640 2642
2648-2653 265f-2660 2663 2665-2666 2668 267b 267f 2692-2697 2699 269b-269c 26a0-26a1 26aa-26ab 26b0-26b1
26bd-26be 26c4-26c5 26c8 26cf 26d1 26d3-26d4 26e9-26ea 26f0-26f5 26f8 26fa 26fd 2702 2708-2709 270f 2712 2714
2716 271d 2721 2733-2734 2744 2747 2757 2763-2764 27a1 2934-2935 2b05-2b07 2b1b-2b1c 2b50 2b55 3030 303d 3297
3299 1f004 1f170-1f171 1f17e-1f17f 1f202 1f21a 1f22f 1f237 1f321 1f324-1f32c 1f336 1f37d 1f396-1f397 1f399-1f39b
1f39e-1f39f 1f3cd-1f3ce 1f3d4-1f3df 1f3f3 1f3f5 1f3f7 1f43f 1f441 1f4fd 1f549-1f54a 1f56f-1f570 1f573 1f576-1f579
1f587 1f58a-1f58d 1f5a5 1f5a8 1f5b1-1f5b2 1f5bc 1f5c2-1f5c4 1f5d1-1f5d3 1f5dc-1f5de 1f5e1 1f5e3 1f5e8 1f5ef 1f5f3
1f5fa 1f6cb 1f6cd-1f6cf 1f6e0-1f6e5 1f6e9 1f6f0 1f6f3
"""
# May take a skin tone; those of the second list also U+FE0F.
_WITH_TONE = """
270a-270b 1f385 1f3c2-1f3c4 1f3c7 1f3ca 1f442-1f443 1f446-1f450 1f466-1f469 1f46e 1f470-1f478 1f47c 1f481-1f483
1f485-1f487 1f4aa 1f57a 1f595-1f596 1f645-1f647 1f64b-1f64f 1f6a3 1f6b4-1f6b6 1f6c0 1f6cc 1f918-1f91c 1f91e-1f91f
1f926 1f930-1f939 1f93d-1f93e 1f9b5-1f9b6 1f9b8-1f9b9 1f9d1-1f9dd
"""
_WITH_TONE_OR_VARIATION = "261d 26f7 26f9 270c-270d 1f3cb-1f3cc 1f574-1f575 1f590"
# Persons that are also there as a man and as a woman: with or without a tone, only without, only with one.
_WITH_GENDER = """
1f3c3-1f3c4 1f3ca 1f46e 1f471 1f473 1f477 1f481-1f482 1f486-1f487 1f645-1f647 1f64b 1f64d-1f64e 1f6a3 1f6b4-1f6b6
1f926 1f935 1f937-1f939 1f93d-1f93e 1f9b8-1f9b9 1f9d6-1f9dd
"""
_WITH_GENDER_PLAIN = "1f46f 1f93c 1f9de-1f9df"
_WITH_GENDER_MARKED = "26f9 1f3cb-1f3cc 1f574-1f575"
# What a man or a woman holds by profession or wears as hair; the first list needs U+FE0F.
_SIGNS_OF_PROFESSION = "2695-2696 2708"
_THINGS_OF_PROFESSION = """
1f33e 1f373 1f393 1f3a4 1f3a8 1f3eb 1f3ed 1f4bb-1f4bc 1f527 1f52c 1f680 1f692 1f9b0-1f9b3
"""
# Flags: the second letters that go with each first one.
_FLAGS = """
ACDEFGILMOQRSTUWXZ BABDEFGHIJLMNOQRSTVWYZ CACDFGHIKLMNOPRUVWXYZ DEGJKMOZ EACEGHRSTU FIJKMOR GABDEFGHILMNPQRSTUWY
HKMNRTU ICDELMNOQRST JEMOP KEGHIMNPRWYZ LABCIKRSTUVY MACDEFGHKLMNOPQRSTUVWXYZ NACEFGILOPRUZ OM PAEFGHKLMNRSTWY QA
REOSUW SABCDEGHIJKLMNORSTVXYZ TACDFGHJKLMNORTVWZ UAGMNSYZ VACEGINU WFS XK YET ZAMW
"""
_MAN, _WOMAN, _BOY, _GIRL = "\U0001f468", "\U0001f469", "\U0001f466", "\U0001f467"
_HEART, _KISS = "\u2764\ufe0f", "\U0001f48b"


def spans(text: str) -> list[tuple[int, int]]:
    """Return start and end (code points) of each sequence that counts as one emoji."""
    if not _SECOND.search(text):
        return []
    return [match.span() for match in _sequences().finditer(text)]


def newer_sequences(text: str, known: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each emoji that today's list has as one and X's library does not.

    `known` are the spans that it does have as one.
    """
    if not _has_joiner_outside(text, known):
        return
    # Start-up time, and hardly ever needed.
    from emoji import is_emoji  # noqa: PLC0415

    from bot.domain.text.graphemes import grapheme_ends  # noqa: PLC0415

    ends = dict(known)
    for start, end in pairwise([0, *grapheme_ends(text)]):
        if end - start > 1 and ends.get(start) != end and is_emoji(text[start:end]):
            yield start, end


def _has_joiner_outside(text: str, known: list[tuple[int, int]]) -> bool:
    position = 0
    for start, end in known:
        if _JOINER.search(text, position, start):
            return True
        position = end
    return _JOINER.search(text, position) is not None


@cache
def _sequences() -> re.Pattern[str]:
    """Build the pattern; where two of its branches fit, the longer one stands first."""
    gender = f"{_JOIN}[\u2640\u2642]{_VS}"
    branches = [
        f"[{_MAN}{_WOMAN}]{_TONE}?{_JOIN}(?:{_any(_SIGNS_OF_PROFESSION)}{_VS}|{_any(_THINGS_OF_PROFESSION)})",
        f"{_any(_WITH_GENDER_MARKED)}(?:{_TONE}|{_VS}){gender}",
        f"{_any(_WITH_GENDER)}{_TONE}?{gender}",
        f"{_any(_WITH_GENDER_PLAIN)}{gender}",
        *_families(),
        f"\U0001f3f3{_VS}{_JOIN}\U0001f308",
        f"\U0001f3f4{_JOIN}\u2620{_VS}",
        f"\U0001f441{_JOIN}\U0001f5e8",
        f"[#*0-9]{_VS}?\u20e3",
        f"{_any(_WITH_VARIATION)}{_VS}",
        f"{_any(_WITH_TONE_OR_VARIATION)}(?:{_VS}{_TONE}?|{_TONE})",
        f"{_any(_WITH_TONE)}{_TONE}",
        *(f"\U0001f3f4{_tags(land)}" for land in ("gbeng", "gbsct", "gbwls")),
        *(f"{_letters(group[0])}[{_letters(group[1:])}]" for group in _FLAGS.split()),
    ]
    return re.compile("|".join(branches))


def _families() -> list[str]:
    children = f"(?:{_BOY}(?:{_JOIN}{_BOY})?|{_GIRL}(?:{_JOIN}[{_BOY}{_GIRL}])?)"
    loves = f"{_JOIN}{_HEART}(?:{_JOIN}{_KISS})?{_JOIN}"
    return [
        f"(?:{_MAN}{loves}{_MAN}|{_WOMAN}{loves}[{_MAN}{_WOMAN}])",
        f"(?:{_MAN}{_JOIN}[{_MAN}{_WOMAN}]|{_WOMAN}{_JOIN}{_WOMAN}){_JOIN}{children}",
        f"[{_MAN}{_WOMAN}]{_JOIN}{children}",
    ]


def _any(ranges: str) -> str:
    """Return a character class of ranges of hexadecimal code points."""
    ends = [(part.partition("-")[0], part.rpartition("-")[2]) for part in ranges.split()]
    return "[" + "".join(f"\\U{first:0>8}-\\U{last:0>8}" for first, last in ends) + "]"


def _letters(letters: str) -> str:
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in letters)


def _tags(land: str) -> str:
    return "".join(chr(0xE0000 + ord(letter)) for letter in land) + "\U000e007f"
