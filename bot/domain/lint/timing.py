"""Times at which a public body is silent (P8)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.card import Finding
from bot.domain.lint.subject import Subject


def blackout(subject: Subject) -> Iterator[Finding]:
    """Find a due time within one of the team's blackouts."""
    due = subject.due.replace(tzinfo=None) if subject.due else None
    for each in subject.house.lists.blackouts:
        if due and each.start <= due < each.end:
            message = f"due: nothing goes out from {each.start:%Y-%m-%d %H:%M} to {each.end:%Y-%m-%d %H:%M}: {each.why}"
            yield Finding("blackout", message)


def on_the_hour(subject: Subject) -> Iterator[Finding]:
    """Find a due time at a full hour."""
    if subject.due and (subject.due.minute, subject.due.second) == (0, 0):
        yield Finding("on-the-hour", f"due: {subject.due:%H:%M} sharp: choose another minute")
