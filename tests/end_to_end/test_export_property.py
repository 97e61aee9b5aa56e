"""Whatever is queued, its export in any format changes nothing when it is imported (Show 5 of the intake)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.files import RecordFilesOnDisk
from bot.adapters.files.exports import write_records
from bot.application.intake_rows import Action
from bot.application.ports.announcements import Filter
from bot.application.ports.record_files import FoundRecord
from bot.bootstrap import Program
from bot.domain.announcement import Record
from tests.end_to_end.stage import open_stage
from tests.unit.files.odd_records import RECORDS

NUMBERS = count(1)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Iterator[Program]:
    with open_stage(tmp_path_factory.mktemp("export") / "stage", blank) as stage:
        yield stage.program()


def queueable(record: Record) -> Record:
    """The record as this project can queue it: of its campaign and account, and of no family."""
    due = None if record.due == "next" else record.due
    return replace(
        record,
        campaign="test",
        due=due,
        account=None,
        translation_of=None,
        repeat=None,
        reply_to=None,
        quote=None,
    )


@settings(max_examples=25)
@given(drawn=st.lists(RECORDS.map(queueable), min_size=1, max_size=3), keyed=st.booleans())
def test_an_export_of_any_record_changes_nothing_when_it_comes_back(
    program: Program, drawn: list[Record], keyed: bool
) -> None:
    named = [
        replace(record, key=f"key-{number}")
        if keyed
        else replace(record, notes=f"{record.notes} {number}".strip())
        for record, number in zip(drawn, NUMBERS)  # noqa: B905 - the numbers never end
    ]
    rows = program.intake.take_in([FoundRecord(record, "here") for record in named], actor="ann")
    queued = program.report.records(Filter(ids=[row.id for row in rows if row.id is not None])).records
    for form in ("csv", "xlsx", "json", "yaml"):
        found = RecordFilesOnDisk().read_bytes(write_records(queued, form), f"queue.{form}").records
        back = program.intake.take_in(found, actor="ann")
        assert {row.action for row in back} == {Action.UNCHANGED}, form
        assert {row.id for row in back} == {row.id for row in rows}, form
