"""Words of days and months, by the tables of dateparser: it translates, and never reads a time (decision 0028)."""

from __future__ import annotations

import re

from bot.domain.written_times import halves

_ODD_DOT = re.compile(r"\.(?![0-9])|(?<![0-9])\.")
"""A dot of an abbreviation (ธ.ค., déc.) or behind a number (1. Dezember); the tables hold their words without."""

_OCLOCK = {"th": (" น.", " น")}
"""What stands behind a time of day."""

_AT = frozenset(
    ("at", "on", "of", "st", "nd", "rd", "th", "à", "le", "er", "a las", "de", "del", "um", "uhr", "às", "pukul", "tanggal",
     "الساعة", "في", "в", "во", "เวลา", "の", "lúc", "के", "को", "बजे", "टा")
)  # fmt: skip
"""Words between a day and its time that say nothing. What else the tables pass over (about, from, and) makes a time vague."""

_WITHOUT_SPACES = frozenset({"ja", "zh"})


class DateparserWords:
    """Knows the words of some two hundred languages."""

    def in_english(self, written: str, language: str) -> str | None:
        """Give it in English; None where the language is not known or a word has no part in a time."""
        from dateparser.conf import settings  # noqa: PLC0415 - start-up time
        from dateparser.languages.loader import default_loader  # noqa: PLC0415 - start-up time

        name = re.split("[-_]", language.lower())[0]
        try:
            locale = default_loader.get_locale(name)
        except ValueError:
            return None
        for ending in _OCLOCK.get(name, ()):
            written = written.removesuffix(ending)
        parts = halves(written)
        day = _ODD_DOT.sub("", parts.day if parts else written)
        passed_over = locale.info.get("skip", [])
        if any(_stands_in(word, day, name) for word in passed_over if word.strip() not in _AT):
            return None
        # Without its vowel signs, by which NORMALIZE would compare, the March of Thai is January.
        as_written = settings.replace(NORMALIZE=False)
        english = " ".join(locale.translate(day, keep_formatting=True, settings=as_written).split())
        english = re.sub(r"^0 day(?: ago)?$", "today", english)
        return f"{english} {parts.clock}" if parts else english


def _stands_in(word: str, day: str, language: str) -> bool:
    if not any(char.isalpha() for char in word):
        return False
    if language in _WITHOUT_SPACES:
        return word in day
    return re.search(rf"(?<!\w){re.escape(word.strip())}(?!\w)", day) is not None
