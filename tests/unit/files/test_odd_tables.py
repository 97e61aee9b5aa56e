"""What spreadsheets do to tables that they save as text: it comes out right, or is refused with the cell's name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.files import RecordFilesOnDisk
from bot.adapters.files.odd_cells import neutral, plain_cell
from bot.application.ports.record_files import FileContent, FoundRecord
from bot.domain.announcement import Record

SAMPLES = Path(__file__).parents[2] / "data" / "tables"
PLAN = [
    Record(
        "rso",
        key="report-en",
        body="The report is out: “six themes”, it says.",
        due="2026-03-30 10:00",
        link="https://www.baliprocess.net/",
        language="en",
    ),
    Record(
        "rso",
        key="report-th",
        body="รายงานเผยแพร่แล้ว",
        due="2026-03-30 11:00",
        link="https://www.baliprocess.net/",
        language="th",
    ),
    Record(
        "rso",
        key="lines",
        body="First line.\nSecond; with a semicolon.",
        due="2026-03-31 16:30",
        language="en",
    ),
]


def read(text: str | bytes, *, faulty: bool = False) -> FileContent:
    data = text.encode() if isinstance(text, str) else text
    return RecordFilesOnDisk().read_bytes(data, "plan.csv", faulty=faulty)


def body_of(cell: str) -> str:
    (found,) = read(f"campaign,body\nrso,{cell}\n").records
    return found.record.body


@pytest.mark.parametrize("way", ["utf-8", "semicolons", "utf-16-tabs"])
def test_what_libreoffice_saved_is_read(way: str) -> None:
    content = RecordFilesOnDisk().read(SAMPLES / f"libreoffice-{way}.csv")
    assert [found.record for found in content.records] == PLAN


def test_a_thai_code_page_is_known_by_the_rows_own_language_and_said() -> None:
    content = RecordFilesOnDisk().read(SAMPLES / "libreoffice-cp874.csv")
    assert [found.record for found in content.records] == PLAN
    assert "read as cp874 (Thai)" in content.notices[0]


def test_errors_in_the_place_of_a_text_are_refused_each_with_its_cell() -> None:
    content = RecordFilesOnDisk().read(SAMPLES / "libreoffice-errors.csv", faulty=True)
    told = [str(problem).rpartition("libreoffice-errors.csv:")[2] for problem in content.problems]
    lost = "is a spreadsheet's error and not a text: mend the cell there, and save it anew"
    assert told == [
        f"2: body: '#DIV/0!' {lost}",
        f"3: body: '#NAME?' {lost}",
        f"4: body: 'Err:502' {lost}",
        "5: due: '03/30/26 02:30 PM': write its year with four digits",
    ]


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#VALUE!", "###", "########", " #NAME? "])
def test_an_error_is_refused_and_a_hashtag_is_not(cell: str) -> None:
    (problem,) = read(f"campaign,body\nrso,{cell}\n", faulty=True).problems
    assert str(problem).startswith(f"plan.csv:2: body: '{cell.strip()}' is a spreadsheet's error")
    assert body_of(f"{cell.strip()} and a text") == f"{cell.strip()} and a text"
    assert body_of("#RSOtenyears") == "#RSOtenyears"


@pytest.mark.parametrize(
    ("cell", "body"),
    [
        ('"=""0123"""', "0123"),
        ('"=""say """"hello"""""""', 'say "hello"'),
        ("'=SUM(A1:A3)", "=SUM(A1:A3)"),
        ("'@baliprocessrso", "@baliprocessrso"),
        ("''=twice", "'=twice"),
        ("'tis the season", "'tis the season"),
        ("“It’s out”", "“It’s out”"),
        ("=) we are ten", "=) we are ten"),
    ],
)
def test_what_guards_a_text_from_a_spreadsheet_is_taken_away(cell: str, body: str) -> None:
    assert body_of(cell) == body


def test_an_apostrophe_that_was_taken_away_is_told_once_with_its_first_cell() -> None:
    content = read("campaign,body\nrso,'=x\nrso,'-y\n")
    assert content.notices == (
        "plan.csv: 2 cells begin with an apostrophe before = + - or @, as spreadsheets guard a text: it was taken away "
        "(first in line 2, body)",
    )


@given(text=st.text(alphabet="'=+-@a \"", max_size=8) | st.text(max_size=8))
def test_what_is_neutralised_for_a_spreadsheet_is_read_back_as_it_was(text: str) -> None:
    cell = neutral(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    if cell != text:
        assert plain_cell(cell) == text


@pytest.mark.parametrize(
    "text",
    [
        "campaign;body\nrso;Hello\n;\n;;\n",
        "sep=;\ncampaign;body\nrso;Hello\n",
        "\ufeffcampaign,body\r\nrso,Hello\r\n,\r\n\r\n",
        "campaign\tbody\nrso\tHello\n\t\n",
        "Campaign\u00a0,\u00a0Body\nrso,Hello\n",
        "\ufeff\u200bcampaign,body,,\nrso,Hello,,\n,,,\n",
        '"campaign","body"\n"rso","Hello"\n',
    ],
)
def test_a_table_is_read_whatever_a_spreadsheet_put_around_it(text: str) -> None:
    for data in (text.encode(), text.removeprefix("\ufeff").encode("utf-16")):
        assert [found.record for found in read(data).records] == [Record("rso", body="Hello")]


def test_two_files_put_together_are_read_without_the_second_header() -> None:
    content = read("\ufeffcampaign,body\nrso,one\n\ufeffcampaign,body\nrso,two\n\ufeffrso,three\n")
    assert [found.record.body for found in content.records] == ["one", "two", "three"]
    assert [found.record.campaign for found in content.records] == ["rso", "rso", "rso"]
    assert content.notices == ("plan.csv: line 3 is the header once more, and was passed over",)


def test_a_quoted_cell_over_several_lines_is_named_by_the_line_it_begins_in() -> None:
    content = read(
        'campaign,body,due\nrso,"one\ntwo\nthree",3/4/2026 10:00\nrso,four,2026-03-30 10:00\n', faulty=True
    )
    assert [str(each).partition(" may be")[0] for each in content.problems] == [
        "plan.csv:2: due: '3/4/2026 10:00'"
    ]
    assert content.records == [FoundRecord(Record("rso", body="four", due="2026-03-30 10:00"), "plan.csv:5")]


def test_an_embargo_is_read_like_a_due_time() -> None:
    (found,) = read("campaign,body,embargo\nrso,Hi,30/03/2026 9:00 AM\n").records
    assert found.record.embargo == "2026-03-30 09:00"


def test_an_id_that_a_spreadsheet_shortened_is_refused() -> None:
    (problem,) = read("campaign,body,reply_to\nrso,Hi,1.23E+18\n", faulty=True).problems
    assert str(problem).startswith("plan.csv:2: reply_to: '1.23E+18' was shortened by a spreadsheet")
