"""Series in the store: one announcement for each occurrence, whoever makes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.adapters.store.store import SqlStore
from bot.application.ports.announcements import Filter, NewAnnouncement
from bot.application.ports.series import NewSeries, Waiting
from bot.application.ports.store import Store
from bot.domain.announcement import Announcement, Due, Occurrence, Record, Repeat
from bot.domain.errors import InputError, Refusal
from bot.domain.series import Series, Stop
from bot.domain.states import State
from tests.contract.database import NOW, RSO, Database, due, minutes

REPEAT = Repeat("FREQ=WEEKLY;BYDAY=FR", ("Two.",), rest="90d", skip=("2026-12-25",), ahead="30d")
RECORD = Record("tenyears", body="One.", due="2026-04-03 10:00", key="tip", repeat=REPEAT)
BEGINS = datetime.fromisoformat("2026-04-03T10:00")


def keep(store: Store, key: str = "tip", source: str = "tenyears") -> Series:
    with store.writing() as tx:
        return tx.series.add(NewSeries(RECORD, source, key, RSO, BEGINS, "mali", NOW))


def occur(store: Store, series: Series, days: int, key: str | None = None) -> Announcement:
    """Make what comes so many days after the beginning."""
    wall = BEGINS + timedelta(days=days)
    at = minutes(days * 1440)
    new = NewAnnouncement(
        record=Record("tenyears", body=f"Day {days}"),
        source="tenyears",
        key=key or f"{series.key}.{days}",
        account=RSO,
        due=Due(wall, "Asia/Bangkok", at),
        author="mali",
        at=NOW,
        occurrence=Occurrence(series.id, wall),
    )
    with store.writing() as tx:
        return tx.announcements.add(new)


def test_a_series_comes_back_as_it_was_put_there_and_wants_looking_at_at_once(store: Store) -> None:
    series = keep(store)
    with store.reading() as tx:
        assert tx.series.get(series.id) == tx.series.find("tip") == tx.series.by_key("tenyears", "tip")
        assert tx.series.list() == [series]
        assert tx.series.waking(NOW) == [series.id]
        assert tx.series.by_key("tenyears", "another") is None
    assert (series.record, series.begins, series.author, series.revision) == (RECORD, BEGINS, "mali", 1)
    assert (series.wake_at, series.trouble, series.stopped) == (NOW, "", None)


def test_what_is_not_there_is_told_and_so_is_a_name_of_two(store: Store) -> None:
    keep(store)
    keep(store, source="another")
    with store.reading() as tx:
        with pytest.raises(InputError, match="no series 'nothing'"):
            tx.series.find("nothing")
        with pytest.raises(InputError, match="several campaigns have a series 'tip'"):
            tx.series.find("tip")
        with pytest.raises(InputError, match="no series 77"):
            tx.series.get(77)


def test_a_key_names_one_series_of_its_source(store: Store) -> None:
    keep(store)
    with pytest.raises(Refusal, match="a series with this key is there already"):
        keep(store)


def test_two_that_make_the_same_occurrence_make_it_once(database: Database) -> None:
    one, other = database.store(), database.store()
    series = keep(one)
    made = occur(one, series, 0)
    with pytest.raises(Refusal, match="was made already"):
        occur(other, series, 0, key="under-another-key")
    with other.reading() as tx:
        assert [each.id for each in tx.series.occurrences(series.id)] == [made.id]


def test_the_database_itself_refuses_a_second_one(database: Database, store: SqlStore) -> None:
    series = keep(store)
    occur(store, series, 0)
    occur(store, series, 7)
    assert "UNIQUE" in database.refusal("UPDATE announcements SET occurrence = '2026-04-03T10:00:00'")


def test_what_came_of_a_series_is_listed_by_its_time_and_nothing_else_is(store: Store) -> None:
    series, other = keep(store), keep(store, "other")
    later, first = occur(store, series, 7), occur(store, series, 0)
    occur(store, other, 0)
    with store.reading() as tx:
        assert [each.id for each in tx.series.occurrences(series.id)] == [first.id, later.id]
        assert [each.id for each in tx.announcements.list(Filter(series=other.id))] == [3]
        place = tx.announcements.get(first.id).occurrence
    assert place == Occurrence(series.id, BEGINS, written=1)


def test_a_change_counts_the_revision_up_and_wants_looking_at(store: Store) -> None:
    series = keep(store)
    record = replace(RECORD, body="Another.")
    with store.writing() as tx:
        tx.series.looked_at(series.id, wake_at=minutes(600), trouble="a holiday")
        assert tx.series.waking(minutes(599)) == []
        assert tx.series.get(series.id).trouble == "a holiday"
        tx.series.change(
            series.id, record, account="other", begins=BEGINS + timedelta(hours=1), at=minutes(5)
        )
    with store.reading() as tx:
        changed = tx.series.get(series.id)
        assert tx.series.waking(minutes(5)) == [series.id]
    assert (changed.record, changed.account, changed.revision) == (record, "other", 2)
    assert changed.begins == BEGINS + timedelta(hours=1)


def test_a_stopped_series_never_wants_looking_at_again(store: Store) -> None:
    series, stop = keep(store), Stop("ann", minutes(1), "It is over.")
    with store.writing() as tx:
        assert tx.series.stop(series.id, stop)
        assert not tx.series.stop(series.id, Stop("bob", minutes(2), "Again."))
        tx.series.looked_at(series.id, wake_at=NOW, trouble="late word of a worker")
    with store.reading() as tx:
        stopped = tx.series.get(series.id)
        assert tx.series.waking(minutes(9)) == []
    assert (stopped.stopped, stopped.trouble) == (stop, "")


def test_what_waits_for_approval_is_counted_with_the_first_of_it(store: Store) -> None:
    series, other = keep(store), keep(store, "other")
    past, first, second = (occur(store, series, days) for days in (0, 7, 14))
    gone = occur(store, other, 7)
    with store.writing() as tx:
        tx.announcements.move(gone.id, [State.DRAFT], State.CANCELLED, {"at": NOW})
        tx.announcements.move(second.id, [State.DRAFT], State.SUBMITTED, {"at": NOW})
    assert past.due
    assert first.due
    with store.reading() as tx:
        assert tx.series.waiting(past.due.at) == {series.id: Waiting(2, first.due.at)}


def test_which_revision_the_series_wrote_is_noted(store: Store) -> None:
    made = occur(store, keep(store), 0)
    with store.writing() as tx:
        tx.announcements.edit(made.id, made.record, due(NOW), account=RSO, at=NOW)
        tx.series.note_written(made.id, 2)
        assert tx.announcements.get(made.id).occurrence == replace(
            made.occurrence or Occurrence(0, BEGINS), written=2
        )
