"""What is exported comes back as it was, whatever the texts are, and a spreadsheet takes no text of it for a formula."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.files import RecordFilesOnDisk
from bot.adapters.files.exports import write_records
from bot.domain.announcement import MediaItem, Poll, Record
from tests.unit.files.odd_records import RECORDS

FORMATS = ("csv", "xlsx", "json", "yaml")


def read(data: bytes, form: str) -> list[Record]:
    return [found.record for found in RecordFilesOnDisk().read_bytes(data, f"queue.{form}").records]


@given(records=st.lists(RECORDS, min_size=1, max_size=2))
@example(
    [
        Record("rso", body="'=1+1"),
        Record("rso", body="=1+1"),
        Record("rso", body="''=1+1"),
        Record("rso", body="'quoted'"),
    ]
)
@example(
    [
        Record("rso", body="#N/A"),
        Record("rso", body="'#N/A"),
        Record("rso", body="\ufeffx"),
        Record("rso", body="Err:502"),
    ]
)
@example([Record("rso", media=(MediaItem("a|b.png", "one\ntwo"), MediaItem("[1]", scale=True)))])
@example(
    [
        Record("rso", poll=Poll(("a|b", "", "c"), 60)),
        Record("rso", poll=Poll(())),
        Record("rso", variables={"a": ""}),
    ]
)
def test_every_record_comes_back_from_every_format_as_it_was(records: list[Record]) -> None:
    written = [replace(record, key=f"key-{at}") for at, record in enumerate(records)]
    for form in FORMATS:
        assert read(write_records(written, form), form) == written, form
