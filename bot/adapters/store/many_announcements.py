"""Announcements by the hundred, as an large import needs them: a few statements for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection, bindparam, insert, select

from bot.adapters.store.announcement_rows import announcement_of, values_of
from bot.adapters.store.schema import announcements
from bot.application.ports.announcements import NewAnnouncement
from bot.domain.announcement import Announcement

_AT_ONCE = 500
"""Keys that one statement asks for."""

_a = announcements.c
_INSERT = insert(announcements)
_OF_KEYS = (_a.source == bindparam("source_"), _a.key.in_(bindparam("keys_", expanding=True)))
_BY_KEYS = select(announcements).where(*_OF_KEYS)
_NUMBERS = select(_a.key, _a.id).where(*_OF_KEYS)
_TRANSLATED = (
    select(_a.family)
    .where(_a.source == bindparam("source_"), _a.family.in_(bindparam("keys_", expanding=True)))
    .distinct()
)


def add_all(connection: Connection, new: Sequence[NewAnnouncement]) -> Sequence[int]:
    """Queue many records as drafts; gives their numbers, in order."""
    if not new:
        return []
    connection.execute(_INSERT, [values_of(each) for each in new])
    numbers = {}
    for source, those in groupby(sorted(new, key=_source), key=_source):
        for keys in _some([each.key for each in those]):
            rows = connection.execute(_NUMBERS, {"source_": source, "keys_": keys})
            numbers.update({(source, row.key): row.id for row in rows})
    return [numbers[each.source, each.key] for each in new]


def by_keys(connection: Connection, source: str, keys: Sequence[str]) -> Mapping[str, Announcement]:
    """Give those that a source knows by these keys, without their approvals."""
    return {
        row.key: announcement_of(row, ())
        for some in _some(keys)
        for row in connection.execute(_BY_KEYS, {"source_": source, "keys_": some})
    }


def translated(connection: Connection, source: str, keys: Sequence[str]) -> Collection[str]:
    """Tell which of these keys translations name as their original's."""
    return {
        name
        for some in _some(keys)
        for name in connection.execute(_TRANSLATED, {"source_": source, "keys_": some}).scalars()
    }


def _source(new: NewAnnouncement) -> str:
    return new.source


def _some(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
