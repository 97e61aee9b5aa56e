"""Which of the words of a page or of a feed's entry say in short what the news is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from bot.adapters.news.clean import SUMMARY, tidy

_CUT_OFF = re.compile(
    r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.|\(more…\)|\b(?:Continue reading|Read more)\b.*)\s*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?。！？।។၊။][\"'”’»)\]]*\s+(?=\S)")
_SHORTEST = 40
"""Characters: what is shorter is a heading, a caption or a slogan, and no summary."""


def summary_of(descriptions: Iterable[str], paragraphs: Callable[[], Sequence[str]], title: str) -> str:
    """Give the first description that is whole, else the beginning of the text, else the whole part of a description.

    WordPress and others cut their excerpts after so many words and end them with `[…]`.
    """
    told = [line for each in descriptions if (line := tidy(each, SUMMARY)) and line != title]
    for line in told:
        if len(line) >= _SHORTEST and not _CUT_OFF.search(line):
            return line
    lines = [line for each in paragraphs() if (line := tidy(each, SUMMARY)) and line != title]
    prose = [line for line in lines if len(line) >= _SHORTEST] or lines
    if prose:
        return tidy(" ".join(prose), SUMMARY)
    return next((_whole_part(line) for line in told), "")


def _whole_part(line: str) -> str:
    """Take away the sentence that was cut off, if there is one before it."""
    found = _CUT_OFF.search(line)
    if not found:
        return line
    kept = line[: found.start()]
    ends = list(_SENTENCE_END.finditer(kept))
    return kept[: ends[-1].end()].rstrip() if ends else kept
