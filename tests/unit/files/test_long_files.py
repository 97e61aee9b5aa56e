"""Tables and lines of JSON are read line by line: as from memory, but in as little of it however long they are."""

from __future__ import annotations

import json
import os
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.files import LARGEST_FILE, RecordFilesOnDisk
from bot.adapters.files.long_texts import LARGEST, LONGEST_LINE
from bot.adapters.spool import spool
from bot.domain.errors import MOST_TOLD, InputError, RecordErrors

TABLE = 'campaign,key,body\nrso,a,"One\nor two"\n\nrso,b,ก 🎉 é\n'
LINES = '{"campaign": "rso", "body": "One\\nor two"}\n\n{"campaign": "rso", "body": "ก 🎉 é"}'


def rows(count: int) -> Iterator[str]:
    yield "campaign,key,body,notes\n"
    for number in range(count):
        yield f"rso,k{number},{'long ' * 30}{number},{'x' * 300}\n"


def told(path: Path) -> list[str]:
    with pytest.raises(RecordErrors) as refused:
        RecordFilesOnDisk().read(path)
    return [str(problem).removeprefix(f"{path}:") for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("name", "text"), [("a.csv", TABLE), ("a.tsv", TABLE), ("a.ndjson", LINES), ("a.jsonl", LINES)]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_says_on_disk_what_it_says_in_memory(
    tmp_path: Path, name: str, text: str, encoding: str, end: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text.replace("\n", end).encode(encoding))
    found = RecordFilesOnDisk(spool=spool).read(path)
    assert [(each.record.body, each.where.rpartition(":")[2]) for each in found.records] == [
        ("One\nor two", "2" if text is TABLE else "1"),
        ("ก 🎉 é", "5" if text is TABLE else "3"),
    ]
    assert list(found.records) == list(RecordFilesOnDisk().read_bytes(path.read_bytes(), str(path)).records)


def test_a_table_in_an_old_code_page_is_read_from_disk_as_well(tmp_path: Path) -> None:
    path = tmp_path / "thai.csv"
    path.write_bytes("campaign,language,body\nrso,th,รายงานผลการประชุม\n".encode("cp874"))
    content = RecordFilesOnDisk().read(path)
    assert content.records[0].record.body == "รายงานผลการประชุม"
    assert "read as cp874" in content.notices[0]


def test_three_times_the_rows_take_hardly_more_memory(tmp_path: Path) -> None:
    path, peaks = tmp_path / "many.csv", []
    for count in (10, 800, 2_400):  # the first loads what is loaded once
        path.write_text("".join(rows(count)))
        tracemalloc.start()
        try:
            assert len(RecordFilesOnDisk(spool=spool).read(path).records) == count
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[2] < 1.3 * peaks[1], peaks


def test_a_table_may_be_larger_than_what_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    cell = "x" * 9_000
    path.write_text("campaign,body,notes\n" + f"rso,A,{cell}\n" * (LARGEST_FILE // 9_000 + 1))
    assert path.stat().st_size > LARGEST_FILE
    assert len(RecordFilesOnDisk(spool=spool).read(path).records) == LARGEST_FILE // 9_000 + 1


@pytest.mark.parametrize(
    ("name", "size"), [("a.csv", LARGEST), ("a.ndjson", LARGEST), ("a.yaml", LARGEST_FILE)]
)
def test_a_file_that_is_too_large_is_refused_for_its_size_alone(tmp_path: Path, name: str, size: int) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(size + 1)
    with pytest.raises(InputError, match=f"is larger than {size // 1_000_000} MB: split it"):
        RecordFilesOnDisk().read(path)


def test_a_line_without_end_is_refused_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"campaign,body\nrso,{'x' * LONGEST_LINE}\n")
    assert told(path) == [f"2: has more than {LONGEST_LINE:,} characters: are its line ends or quotes lost?"]


def test_what_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("campaign,body\nrso,A\nrso,B\x07\n")
    assert told(path) == ["3: the character U+0007 in column 6 is no text: take it out"]


def test_a_key_that_stands_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("campaign,key\nrso,a\nrso,b\nother,a\nrso,a\n")
    assert told(path) == ["5: key: 'a' stands in line 2 already: keep one"]


def test_of_very_many_problems_the_first_are_told_and_how_many_more_there_are(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text("{\n" * (MOST_TOLD + 9))
    found = told(path)
    assert len(found) == MOST_TOLD
    assert found[0].startswith("1: is not JSON")
    assert found[-1].endswith("has 10 more problems: mend these first")


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=(json.dumps({"campaign": "rso", "body": "A"}),))
    writer.start()
    assert RecordFilesOnDisk().read(path).records[0].record.body == "A"
    writer.join()
