"""Capitals: shouting, and acronyms that are not written out (A6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.card import Finding
from bot.domain.lint.house import in_language
from bot.domain.lint.known_acronyms import EVERYDAY, known_acronyms
from bot.domain.lint.post_text import PostText
from bot.domain.lint.subject import Subject

LONGEST_ACRONYM = 6
FAR = 300
"""Characters: words further back do not explain an acronym."""
SHOUTED = 8
"""Letters of unknown words in a row from which on capitals are no acronym."""

_WORD = re.compile(r"\w\w+")
_WORD_WITH_CAPITAL = re.compile(r"(?<!\w)[A-ZÀ-ÞА-Я](?=[^\W\d_A-Z])")
_TITLE_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Sir|Amb|Gen|H\.E|S\.E|M|MM|Mme|Mlle|Sr|Sra|Dra|Herr|Frau|Ibu|Bapak|г-н|г-жа)\.?"
    r"(?: [^\W\d_][\w'’.-]*){0,3} \Z"
)
_NUMBER_BEHIND = re.compile(r"[/ -]\d{2}|/")
_GAP = re.compile(r"[ ,&/–-]{1,3}")


@dataclass(frozen=True, slots=True)
class _Capitals:
    """A word in capitals; `known`: readers know it."""

    start: int
    end: int
    word: str
    known: bool


def shouting(post: PostText, subject: Subject) -> Iterator[Finding]:
    """Find words in capitals that are not acronyms."""
    for run in _runs(post, _allowed(post, subject)):
        if _is_shouted(run):
            start, end = run[0].start, run[-1].end
            message = f"'{post.text[start:end]}' is in capitals: write it as a sentence"
            yield post.point("shouting", start, end, message)


def acronym(subject: Subject) -> Iterator[Finding]:
    """Find acronyms that were not written out by the time they are used."""
    told: set[str] = set()
    for post in subject.posts:
        for run in _runs(post, _allowed(post, subject)):
            if _is_shouted(run):
                continue
            for word in run:
                if not word.known and word.word not in told and not _is_written_out(post, word):
                    message = (
                        f"'{word.word}' is not written out: write what it stands for, with ({word.word})"
                    )
                    yield post.point("acronym", word.start, word.end, message)
                told.add(word.word)


def _allowed(post: PostText, subject: Subject) -> frozenset[str]:
    ours = in_language(subject.house.lists.acronyms, post.language)
    return known_acronyms(post.base) | frozenset(word.upper() for word in ours)


def _runs(post: PostText, known: frozenset[str]) -> Iterator[list[_Capitals]]:
    """Yield words in capitals, those side by side together."""
    run: list[_Capitals] = []
    for match in _WORD.finditer(post.prose):
        word = match.group()
        if not (word.isupper() and word.isalpha()) or _is_name_or_number(post, match):
            continue
        if run and not _GAP.fullmatch(post.prose, run[-1].end, match.start()):
            yield run
            run = []
        run.append(_Capitals(match.start(), match.end(), word, word in known))
    if run:
        yield run


def _is_name_or_number(post: PostText, match: re.Match[str]) -> bool:
    """A surname after a title (Ms Retno MARSUDI), or a part of a document's number (A/RES/76, ISO 9001)."""
    start, end = match.span()
    if post.prose[start - 1 : start] == "/" or _NUMBER_BEHIND.match(post.prose, end):
        return True
    return end - start > 2 and bool(_TITLE_BEFORE.search(post.prose, max(0, start - 60), start))


def _is_shouted(run: list[_Capitals]) -> bool:
    unknown = [each.word for each in run if not each.known]
    if any(len(word) > LONGEST_ACRONYM or word in EVERYDAY for word in unknown):
        return True
    return len(unknown) > 1 and sum(map(len, unknown)) >= SHOUTED


def _is_written_out(post: PostText, word: _Capitals) -> bool:
    """It stands in brackets, or its words do behind it, or words with its initials stand before it."""
    before, after = post.text[: word.start].rstrip(), post.text[word.end : word.end + 3].lstrip()
    if before[-1:] in ("(", "（") or (after[:1] in ("(", "（") and after[1:2] != ")"):
        return True
    near = max(0, word.start - FAR)
    initials = "".join(
        match.group()[0] for match in _WORD_WITH_CAPITAL.finditer(post.prose, near, word.start)
    )
    return word.word in initials
