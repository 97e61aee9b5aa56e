"""A file of many rows comes out as if taken row by row, takes no memory, and keeps nobody waiting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.clock import SystemClock
from bot.adapters.spool import spool
from bot.adapters.store.store import SqlStore
from bot.application.file_intake import FileIntake
from bot.application.intake_rows import Action
from bot.application.ports.record_files import FoundRecord
from bot.domain.announcement import Record
from bot.domain.chain import verify
from bot.domain.errors import MOST_TOLD, RecordErrors
from tests.end_to_end.stage import Stage
from tests.office import ROOT

T = TypeVar("T")


def found(*records: Record) -> list[FoundRecord]:
    return [FoundRecord(record, f"many.csv:{line}") for line, record in enumerate(records, start=2)]


def simple(count: int) -> Iterator[FoundRecord]:
    for number in range(count):
        record = Record(
            "test", key=f"k{number}", body=f"{number} {'long ' * 30}", due=f"2040-05-02 10:{number % 60:02}"
        )
        yield FoundRecord(record, f"many.csv:{number + 2}")


def intake(stage: Stage) -> FileIntake:
    return stage.program().intake


@dataclass
class InTransaction:
    """A spool that does something once, when the rows of some hundred records are written and not yet committed."""

    deed: Callable[[], object]
    spools: int = field(default=0)

    def __call__(self, items: Iterable[T]) -> Sequence[T]:
        self.spools += 1
        return spool(self._interrupted(items) if self.spools == 2 else items)

    def _interrupted(self, items: Iterable[T]) -> Iterator[T]:
        for number, item in enumerate(items):
            yield item
            if number == 600:
                self.deed()


def test_rows_of_every_kind_come_out_in_the_files_order_and_as_one_by_one(stage: Stage) -> None:
    stage.campaign(
        slots='[{ days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], times = ["09:00", "15:00"] }]'
    )
    program = stage.program()
    program.intake.add(Record("test", key="same", body="Same."), actor="ann")
    program.intake.add(Record("test", key="other", body="Before."), actor="ann")
    records = [
        Record("test", key="new", body="New.", language="en"),
        Record("test", body="Wie geht es?", language="de", translation_of="new"),
        Record("test", key="same", body="Same."),
        Record("test", key="slot", body="In a slot.", due="next"),
        Record("test", key="other", body="After."),
        Record("test", body="วันนี้", language="th", translation_of="late"),
        Record("test", key="late", body="The original comes late.", language="en"),
        Record("test", key="slot2", body="In the next.", due="next"),
        Record("test", body="Without a key."),
    ]
    rows = program.intake.take_in(found(*records), actor="ann")
    assert [row.where for row in rows] == [f"many.csv:{line}" for line in range(2, 11)]
    assert [(row.key, row.action) for row in rows[:-1]] == [
        ("new", Action.ADDED),
        ("new.de", Action.ADDED),
        ("same", Action.UNCHANGED),
        ("slot", Action.ADDED),
        ("other", Action.CHANGED),
        ("late.th", Action.ADDED),
        ("late", Action.ADDED),
        ("slot2", Action.ADDED),
    ]
    assert rows[-1].key == str(rows[-1].id)
    with program.store.reading() as tx:
        taken = {row.key: tx.announcements.get(row.id or 0) for row in rows}
        assert verify(tx.journal.events()) == []
    assert (taken["new.de"].original_revision, taken["late.th"].original_revision) == (1, 1)
    slots = [due.at for due in (taken["slot"].due, taken["slot2"].due) if due]
    assert slots == sorted(set(slots))
    assert len(slots) == 2
    assert stage.events().count("intake") == 9


def test_a_row_is_refused_for_what_an_earlier_row_of_the_file_is(stage: Stage) -> None:
    first, second = Record("test", key="a", body="A.", language="en"), Record("test", key="b", body="B.")
    german = Record("test", key="a.de", body="A.", language="de", translation_of="a")
    twice = replace(german, key="again")
    rows = intake(stage).rehearse(
        found(first, german, twice, second, replace(second, body="C.")), actor="ann"
    )
    assert [row.action for row in rows] == ["added", "added", "refused", "added", "refused"]
    assert "has 'de' already" in rows[2].problems[0].message
    assert [each.message for each in rows[4].problems] == ["key 'b' stands at many.csv:5 already"]
    assert stage.states() == []


@pytest.mark.parametrize("queued_before", [True, False])
def test_an_original_is_refused_for_a_translation_that_came_before_it(
    stage: Stage, queued_before: bool
) -> None:
    thai = Record("test", key="a.th", body="A.", language="th", translation_of="a")
    original = Record("test", key="a", body="A.", language="th")
    if queued_before:
        intake(stage).take_in(found(thai), actor="ann")
    rows = intake(stage).rehearse(found(*([] if queued_before else [thai]), original), actor="ann")
    assert rows[-1].action is Action.REFUSED
    assert "has 'th' already" in rows[-1].problems[0].message


def test_of_very_many_problems_the_first_are_told_and_how_many_more_there_are(stage: Stage) -> None:
    bad = [replace(each, record=replace(each.record, due="someday soon")) for each in simple(MOST_TOLD + 6)]
    with pytest.raises(RecordErrors) as refused:
        intake(stage).take_in(bad, actor="ann")
    assert len(refused.value.problems) == MOST_TOLD + 1
    assert str(refused.value.problems[-1]) == (
        f"many.csv:{MOST_TOLD + 2}: this, and 5 more like it, is wrong, too: mend what stands above first"
    )


def test_a_draft_that_cannot_go_out_is_taken_and_its_row_says_why(stage: Stage) -> None:
    (stage.folder / "templates" / "plain.txt.j2").write_text("{{ body }}{{ variables.place }}\n")
    records = [
        Record("test", key="good", body="Good.", variables={"place": "Bangkok"}),
        Record("test", key="long", body="x" * 300, variables={"place": "Bangkok"}),
        Record("test", key="lacking", body="Lacking."),
    ]
    rows = intake(stage).take_in(found(*records), actor="ann", renders=True)
    assert [row.action for row in rows] == [Action.ADDED] * 3
    assert rows[0].told == ()
    assert rows[1].told == ("it cannot go out so: post 1: too long by 27 (weighted 307 of 280)",)
    assert "plain.txt.j2:1" in rows[2].told[0]
    again = intake(stage).take_in(found(*records), actor="ann", renders=True)
    assert [(row.action, row.told) for row in again] == [(Action.UNCHANGED, ())] * 3


def test_three_times_the_rows_take_hardly_more_memory(stage: Stage) -> None:
    peaks = []
    intake(stage).take_in(list(simple(1)), actor="ann")  # what is loaded once
    for count in (600, 1_800):
        kept = spool(
            replace(each, record=replace(each.record, key=f"{count}-{each.record.key}"))
            for each in simple(count)
        )
        tracemalloc.start()
        try:
            rows = intake(stage).take_in(kept, actor="ann")
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
        assert len(rows) == count
    assert peaks[1] < 1.3 * peaks[0], peaks


def test_whoever_waits_to_write_comes_first_and_the_file_still_comes_in_whole(stage: Stage) -> None:
    store = stage.program().store
    others: list[threading.Thread] = []

    def write() -> None:
        with (
            closing(SqlStore(f"sqlite:///{stage.folder}/bot.db", NoCheckpoint())) as other,
            other.writing() as tx,
        ):
            tx.journal.append("seen", at=datetime.now(UTC), actor="worker", data={})

    def wait_for_another() -> None:
        others.append(threading.Thread(target=write))
        others[0].start()
        while not store.others_wait():
            others[0].join(0.01)

    # The stage's own clock lets no time pass in which the other could write.
    large = replace(intake(stage), spool=InTransaction(wait_for_another), clock=SystemClock())
    rows = large.take_in(list(simple(1_200)), actor="ann")
    others[0].join()
    assert stage.rows("SELECT event FROM journal ORDER BY seq LIMIT 2") == [("seen",), ("intake",)]
    assert stage.rows("SELECT count(*) FROM journal") == [(1_201,)]
    assert [row.action for row in rows] == [Action.ADDED] * 1_200


def test_ctrl_c_leaves_nothing(stage: Stage) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace(intake(stage), spool=InTransaction(interrupt)).take_in(list(simple(1_200)), actor="ann")
    with pytest.raises(KeyboardInterrupt):
        intake(stage).take_in(list(simple(1_200)), actor="ann", step=interrupt)
    assert (
        stage.rows("SELECT count(*) FROM journal")
        == stage.rows("SELECT count(*) FROM announcements")
        == [(0,)]
    )


KILLED = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from bot.bootstrap import Program
from bot.settings import load_settings
from tests.end_to_end.test_large_files import InTransaction, simple

folder = Path(sys.argv[1])
program = Program(load_settings(folder, project=folder, environ={}))
kill = InTransaction(lambda: os.kill(os.getpid(), signal.SIGKILL))
replace(program.intake, spool=kill).take_in(list(simple(1_200)), actor="ann")
"""


def test_an_import_that_is_killed_in_the_middle_leaves_nothing_and_can_be_done_again(stage: Stage) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(stage.folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert (
        stage.rows("SELECT count(*) FROM journal")
        == stage.rows("SELECT count(*) FROM announcements")
        == [(0,)]
    )
    assert [row.action for row in intake(stage).take_in(list(simple(3)), actor="ann")] == [Action.ADDED] * 3
