"""What a filter of the queue asks of the database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from sqlalchemy import ColumnElement, or_

from bot.adapters.store.embargoes import LIFT_ASKED
from bot.adapters.store.schema import announcements
from bot.application.ports.announcements import Filter

_a = announcements.c


def searchable(*texts: str) -> str:
    """Give texts as they are searched: without regard to case and to forms of the same letters."""
    return unicodedata.normalize("NFKC", "\n".join(texts)).casefold()


def conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """Give what must hold of an announcement, all of it."""
    yield from _of_times(wanted)
    if wanted.states:
        yield _a.state.in_(sorted(wanted.states))
    if wanted.campaign is not None:
        yield _a.campaign == wanted.campaign
    if wanted.account is not None:
        yield _a.account == wanted.account
    if wanted.text:
        yield _a.search.contains(searchable(wanted.text), autoescape=True)
    if wanted.family is not None:
        yield or_(_a.key == wanted.family, _a.family == wanted.family)
    if wanted.series is not None:
        yield _a.series == wanted.series
    if wanted.ids:
        yield _a.id.in_(sorted(wanted.ids))


def _of_times(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.due_from is not None:
        yield _a.due_at >= wanted.due_from
    if wanted.due_until is not None:
        yield _a.due_at <= wanted.due_until
    if wanted.lift_asked_after is not None:
        yield LIFT_ASKED & (_a.embargo_at > wanted.lift_asked_after)
