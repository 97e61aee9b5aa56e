"""Dates that contradict one another, or the day on which the post goes out (P5)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

from bot.domain.card import Finding
from bot.domain.lint.date_words import FUTURE
from bot.domain.lint.dates import (
    WrittenDate,
    WrittenDay,
    written_dates,
    written_relative_days,
    written_weekdays,
)
from bot.domain.lint.post_text import PostText
from bot.domain.lint.subject import Subject

A = TypeVar("A", WrittenDate, WrittenDay)

HISTORY = timedelta(days=90)
"""What lies further back is told as the past, whatever the sentence announces."""
HOURS = 12
SURE = timedelta(days=120)
"""So near to the day of publication a date without a year is of the nearest year."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# What may stand between a weekday and its date, and still they are one.
_BETWEEN = re.compile(
    r"[\s,،()（）]*(?:the|on|le|el|dia|den|dem|am|pada|tanggal|ที่|الموافق|الموافق لـ|يوم|в)?[\s,،()（）]*",
    re.IGNORECASE,
)
_TWELVE_HOURS = re.compile(
    r"(?P<hour>\d\d?)(?:[:.][0-5]\d)?\s?(?:[ap]m\b|[ap]\.\s?m\.|صباحًا|صباحاً|صباحا|مساءً|مساء|ظهرًا|ظهراً|ظهرا|โมง|ทุ่ม)",
    re.IGNORECASE,
)
_AFTERNOON = re.compile(r"บ่าย\s?(?:\d|โมง|สอง|สาม|สี่)")
_ZONE = re.compile(
    r"\b(?:UTC|GMT|CES?T|EES?T|W[EI][TBS]T?|WIB|WITA|ICT|[A-Z]{1,3}[SD]T|SGT|PHT|MMT|AFT|BST)\b"
    r"|\b(?:local|[A-Z][\w'’]+(?:[ /-][A-Z][\w'’]+)?) (?:standard )?time\b"
    r"|\bhora(?:s)?\s+(?:de\s+[A-ZÁÉÍÓÚ]|local)|\bheures?\s+(?:de\s+[A-Z]|locale)"
    r"|توقيت|ตามเวลา|เวลา(?:ประเทศ|ท้องถิ่น|กรุงเทพ|ไทย)|\bwaktu\b"
)


def weekday(post: PostText, subject: Subject) -> Iterator[Finding]:
    """Find weekdays that are not those of the dates beside them."""
    dates = _dates(post, subject)
    days = written_weekdays(post.prose) if dates else []
    for written, day in _side_by_side(dates, days, post.prose):
        if written.day.weekday() != day.value and not _may_be_of_another_year(written, subject):
            start, end = min(written.start, day.start), max(written.end, day.end)
            message = f"'{post.text[start:end]}': {written.day} is a {_DAYS[written.day.weekday()]}"
            yield post.point("weekday", start, end, message)


def relative_day(post: PostText, subject: Subject) -> Iterator[Finding]:
    """Find 'today' and 'tomorrow' beside another day than theirs, counted from the due time."""
    words = written_relative_days(post.prose) if subject.due else []
    if not words or subject.due is None:
        return
    for written, word in _side_by_side(_dates(post, subject), words, post.prose):
        meant = subject.due.date() + timedelta(days=word.value)
        if written.day != meant:
            yield _not_that_day(post, written, word, f"it goes out so that this is {meant}")
    for day, word in _side_by_side(written_weekdays(post.prose), words, post.prose):
        meant = subject.due.date() + timedelta(days=word.value)
        if day.value != meant.weekday():
            yield _not_that_day(post, day, word, f"it goes out so that this is a {_DAYS[meant.weekday()]}")


def event_past(post: PostText, subject: Subject) -> Iterator[Finding]:
    """Find days that are announced and will be over when the post goes out."""
    if subject.due is None:
        return
    today = subject.due.date()
    late = [each for each in _dates(post, subject) if today - HISTORY < each.day < today]
    if not late:
        return
    announcing = [each for each in post.sentences if FUTURE.search(post.prose, *each)]
    starts = [start for start, _ in announcing]
    for each in late:
        place = bisect_right(starts, each.start) - 1
        if place >= 0 and each.start < announcing[place][1]:
            message = f"'{post.text[each.start : each.end]}' is over when it goes out on {today}"
            yield post.point("event-past", each.start, each.end, message)


def clock_zone(post: PostText) -> Iterator[Finding]:
    """Find times of a twelve-hour clock where nothing says whose clock."""
    match = _AFTERNOON.search(post.prose) or _twelve_hours(post.prose)
    if match and not _ZONE.search(post.prose):
        message = f"'{match.group().strip()}' where? Write the time zone beside it"
        yield post.point("clock-zone", *match.span(), message)


def _twelve_hours(text: str) -> re.Match[str] | None:
    for match in _TWELVE_HOURS.finditer(text):
        before = text[match.start() - 1 : match.start()]
        if 1 <= int(match["hour"]) <= HOURS and before not in (":", ".", ",") and not before.isdecimal():
            return match
    return None


def _may_be_of_another_year(written: WrittenDate, subject: Subject) -> bool:
    return not written.year_given and subject.due is not None and abs(written.day - subject.due.date()) > SURE


def _dates(post: PostText, subject: Subject) -> tuple[WrittenDate, ...]:
    """Its dates; three rules ask for them, and they are read once."""
    return written_dates(post.prose, subject.due.date() if subject.due else None)


def _side_by_side(days: Sequence[A], words: list[WrittenDay], text: str) -> Iterator[tuple[A, WrittenDay]]:
    """Pair what stands side by side, with nothing between but commas, brackets and an article."""
    placed = sorted(
        [(day.start, day, None) for day in days] + [(word.start, None, word) for word in words],
        key=lambda each: each[0],
    )
    for (_, day, word), (_, next_day, next_word) in pairwise(placed):
        first, last = day or word, next_day or next_word
        pair = (day or next_day, word or next_word)
        if first is None or last is None or pair[0] is None or pair[1] is None:
            continue
        if first.end <= last.start and _BETWEEN.fullmatch(text, first.end, last.start):
            yield pair[0], pair[1]


def _not_that_day(post: PostText, day: WrittenDate | WrittenDay, word: WrittenDay, why: str) -> Finding:
    start, end = min(day.start, word.start), max(day.end, word.end)
    return post.point("relative-day", start, end, f"'{post.text[start:end]}': {why}")
