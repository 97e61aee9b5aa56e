"""Words of days and months in the team's languages."""

from __future__ import annotations

from typing import Protocol


class DateWords(Protocol):
    """Says in English what is written of a day in another language."""

    def in_english(self, written: str, language: str) -> str | None:
        """Give a text such as `พรุ่งนี้ 9:30` or `อีก 2 ชั่วโมง` in the English words of `domain/written_times.py`.

        `written` is folded, `language` a code such as th or pt-BR. None where the language is not known or a word of the text
        has no part in a time. What is given is not yet a time: the forms decide.
        """
        ...
