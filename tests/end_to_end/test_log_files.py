"""The log in a file: times as dates, and no text of a post as a formula. And what of the queue no file can bring."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from tests.end_to_end.by_command import command
from tests.end_to_end.stage import Stage


@pytest.fixture
def out(stage: Stage) -> Stage:
    stage.queue('=HYPERLINK("http://example.org")')
    stage.play()
    return stage


def test_the_log_is_written_as_a_spreadsheet(out: Stage) -> None:
    path = out.folder / "log.xlsx"
    done = command(out, "log", "--output", str(path))
    assert (done.code, done.out) == (0, "")
    header, row = load_workbook(path)["Log"].iter_rows()
    cells = {name.value: cell for name, cell in zip(header, row, strict=True)}
    (post,) = command(out, "log", "--json").json["posts"]
    assert cells["published_at"].data_type == "d"
    published = cells["published_at"].value
    assert isinstance(published, datetime)
    told = datetime.fromisoformat(post["published_at"])
    assert abs((published.replace(tzinfo=UTC) - told).total_seconds()) <= 1
    assert "UTC" in cells["published_at"].number_format
    assert (cells["post_id"].value, cells["post_id"].data_type) == (post["post_id"], "s")
    assert (cells["text"].value, cells["text"].data_type) == ("'" + post["text"], "s")
    assert cells["cost_usd"].value == post["cost_usd"]


def test_the_log_in_a_file_says_the_same_in_every_format(out: Stage) -> None:
    for form in ("csv", "json"):
        assert command(out, "log", "--output", str(out.folder / f"log.{form}")).code == 0
    assert json.loads((out.folder / "log.json").read_text()) == command(out, "log", "--json").json
    (row,) = csv.DictReader((out.folder / "log.csv").read_text(encoding="utf-8-sig").splitlines())
    (printed,) = csv.DictReader(command(out, "log", "--format", "csv").out.splitlines())
    assert row == printed


def test_a_file_of_another_kind_is_wrong_usage_and_a_spreadsheet_is_not_printed(out: Stage) -> None:
    wrong = command(out, "log", "--output", str(out.folder / "log.txt"))
    assert wrong.code == 2
    assert "give --format csv, xlsx or json" in wrong.err
    assert not (out.folder / "log.txt").exists()
    assert command(out, "log", "--format", "xlsx").code == 2


def test_a_log_that_lies_there_is_not_written_over(out: Stage) -> None:
    path = out.folder / "log.csv"
    path.write_text("mine")
    assert command(out, "log", "--output", str(path)).code == 1
    assert path.read_text() == "mine"
    assert command(out, "log", "--output", str(path), "--force").code == 0


def test_a_correction_is_no_record_of_an_export(premium: Stage) -> None:
    premium.queue("The report is uot.", key="report")
    premium.play()
    assert (
        command(premium, "correct", "report", "--text", "The report is out.", "--reason", "A typo.").code == 0
    )
    done = command(premium, "queue", "export", "--json")
    assert [each["key"] for each in json.loads(done.out)["announcements"]] == ["report"]
    assert done.err == "note: corrections of posts are left out (1): no file can bring one\n"
