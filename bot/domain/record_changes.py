"""What differs between two records, field by field and in few words, for people who look over a table's rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from bot.domain.announcement import MediaItem, Poll, Record

MOST_SHOWN = 40
"""Characters of a value that are shown, around the place where it differs."""

_BEFORE = 12


@dataclass(frozen=True, slots=True)
class Change:
    """One field's value before and after, each shortened to what differs; empty where there is or was none."""

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.field}: {self.before or 'nothing'} → {self.after or 'nothing'}"


def changes_between(before: Record, after: Record) -> tuple[Change, ...]:
    """Give each field that differs, in the fields' order."""
    names = [each.name for each in fields(Record) if getattr(before, each.name) != getattr(after, each.name)]
    return tuple(_change(name, getattr(before, name), getattr(after, name)) for name in names)


def _change(name: str, before: object, after: object) -> Change:
    old, new = _written(before), _written(after)
    same = next(
        (at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    start = max(same - _BEFORE, 0) if max(len(old), len(new)) > MOST_SHOWN else 0
    return Change(name, _cut(old, start), _cut(new, start))


def _cut(text: str, start: int) -> str:
    if not text:
        return ""
    end = start + MOST_SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"


def _written(value: object) -> str:
    if isinstance(value, MediaItem):
        return f"{value.path} | {value.alt}" if value.alt else value.path
    if isinstance(value, Poll):
        return f"{' | '.join(value.options)} ({value.minutes} minutes)"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={inner}" for name, inner in value.items())
    if isinstance(value, tuple):
        return ", ".join(_written(each) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(str(value).split()) if value is not None else ""
