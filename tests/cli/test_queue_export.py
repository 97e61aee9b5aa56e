"""`bot queue export` and back: nothing changes, and what is changed in between is one edit."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Bot

SAMPLES = Path(__file__).parents[1] / "data" / "sheets"
FORMATS = ("csv", "xlsx", "json", "yaml")


@pytest.fixture
def approved(queue: Path, bot: Bot) -> Path:
    """The queue of which the samples were exported, all of it approved."""
    assert bot("queue", "import", str(SAMPLES / "queue.yaml"), "--approve", "--yes", "--json").code == 0
    assert states(bot) == dict.fromkeys(("formula", "lines", "thai", "poll"), "scheduled")
    return queue


def states(bot: Bot) -> dict[str, str]:
    return {each["name"]: each["state"] for each in bot("queue", "list", "--json").json["announcements"]}


def actions(bot: Bot, *files: str) -> dict[str, str]:
    ended = bot("queue", "import", *files, "--json")
    assert ended.code == 0, ended.err
    return {row["key"]: row["action"] for row in ended.json["rows"]}


def record(bot: Bot, name: str) -> dict[str, Any]:
    found: dict[str, Any] = bot("queue", "show", name, "--json").json["announcement"]["record"]
    return found


def exported(bot: Bot, form: str, *more: str) -> str:
    assert bot("queue", "export", "--output", f"queue.{form}", "--force", *more).code == 0
    return f"queue.{form}"


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_exported_changes_nothing_when_it_comes_back(approved: Path, bot: Bot, form: str) -> None:
    assert actions(bot, exported(bot, form)) == dict.fromkeys(states(bot), "unchanged")
    assert set(states(bot).values()) == {"scheduled"}


@pytest.mark.parametrize("name", ["resaved.xlsx", "resaved.csv"])
def test_a_spreadsheet_that_libreoffice_saved_anew_changes_nothing(
    approved: Path, bot: Bot, name: str
) -> None:
    assert actions(bot, str(SAMPLES / name)) == dict.fromkeys(states(bot), "unchanged")
    assert set(states(bot).values()) == {"scheduled"}


@pytest.mark.parametrize("name", ["edited.xlsx", "edited.csv"])
def test_a_cell_that_was_changed_in_libreoffice_is_one_edit_and_its_approval_goes(
    approved: Path, bot: Bot, name: str
) -> None:
    before = record(bot, "thai")
    done = actions(bot, str(SAMPLES / name))
    assert done == {"formula": "unchanged", "lines": "unchanged", "thai": "changed", "poll": "unchanged"}
    assert states(bot) == {**dict.fromkeys(("formula", "lines", "poll"), "scheduled"), "thai": "draft"}
    assert record(bot, "thai") == {**before, "body": "รายงานฉบับใหม่เผยแพร่แล้ว 🎉"}


@pytest.mark.parametrize("form", FORMATS)
def test_an_announcement_without_a_key_is_found_again_by_the_name_that_it_was_given(
    queue: Path, bot: Bot, form: str
) -> None:
    for body in ("Come.", "Come.", "Go."):
        assert bot("queue", "add", "--campaign", "rsotenyears", "--body", body).code == 0
    assert bot("queue", "copy", "3").code == 0
    path = exported(bot, form)
    assert set(actions(bot, path).values()) == {"unchanged"}
    text = bot("queue", "export", "--format", "yaml").out.replace("body: Go.", "body: Went.")
    Path("changed.yaml").write_text(text)
    assert sorted(actions(bot, "changed.yaml").items()) == [
        ("1", "unchanged"),
        ("2", "unchanged"),
        ("3", "changed"),
        ("4", "changed"),
    ]
    assert record(bot, "3")["key"] is None


def test_in_another_database_the_names_mean_nothing_else(queue: Path, bot: Bot) -> None:
    assert bot("queue", "add", "--campaign", "rsotenyears", "--body", "Come.").code == 0
    path = exported(bot, "csv")
    (queue / "bot.db").unlink()
    assert bot("db", "upgrade").code == 0
    assert bot("queue", "add", "--campaign", "rsotenyears", "--body", "Something else.").code == 0
    assert actions(bot, path) == {"2": "added"}
    assert actions(bot, path) == {"2": "unchanged"}
    assert record(bot, "1")["body"] == "Something else."


def test_the_time_that_an_announcement_has_is_exported_and_is_no_change(queue: Path, bot: Bot) -> None:
    add = ("queue", "add", "--campaign", "rsotenyears")
    assert bot(*add, "--key", "slot", "--body", "A", "--due", "next").code == 0
    assert bot(*add, "--key", "moved", "--body", "B", "--due", "2035-03-30 10:00").code == 0
    assert bot(*add, "--key", "whenever", "--body", "C").code == 0
    assert bot("queue", "reschedule", "moved", "--due", "2035-04-01 16:00").code == 0
    listed = {
        each["key"]: each.get("due")
        for each in json.loads(bot("queue", "export", "--json").out)["announcements"]
    }
    assert listed["moved"] == "2035-04-01 16:00"
    assert listed["slot"] != "next"
    assert listed["whenever"] is None
    for form in FORMATS:
        assert set(actions(bot, exported(bot, form)).values()) == {"unchanged"}
    assert record(bot, "slot")["due"] == "next"


def test_a_time_that_the_clock_shows_twice_is_exported_with_its_offset(queue: Path, bot: Bot) -> None:
    text = ("--key", "late", "--body", "A", "--timezone", "Europe/London", "--due", "2035-03-30 10:00")
    assert bot("queue", "add", "--campaign", "rsotenyears", *text).code == 0
    assert bot("queue", "reschedule", "late", "--due", "2035-10-28T01:30+00:00").code == 0
    assert "2035-10-28 01:30+00:00" in bot("queue", "export").out
    assert actions(bot, exported(bot, "xlsx")) == {"late": "unchanged"}


def test_a_time_written_as_another_program_writes_it_is_no_change(approved: Path, bot: Bot) -> None:
    text = (
        bot("queue", "export")
        .out.replace("2035-04-03 09:00", "2035-04-03 09:00:00")
        .replace("2035-04-02 10:00", "2035-04-02T03:00Z")
    )
    Path("queue.csv").write_text(text)
    assert set(actions(bot, "queue.csv").values()) == {"unchanged"}


def test_the_same_instant_in_another_time_zone_is_an_edit_that_keeps_the_instant(
    queue: Path, bot: Bot
) -> None:
    head = "campaign,key,body,due,timezone\n"
    Path("a.csv").write_text(f"{head}rsotenyears,a,x,2035-04-02 10:00,\n")
    Path("b.csv").write_text(f"{head}rsotenyears,a,x,2035-04-02 03:00,UTC\n")
    assert actions(bot, "a.csv") == {"a": "added"}
    assert actions(bot, "b.csv") == {"a": "changed"}
    (listed,) = bot("queue", "list", "--json").json["announcements"]
    assert listed["due_at"] == "2035-04-02T03:00:00Z"


def test_another_time_is_an_edit(approved: Path, bot: Bot) -> None:
    Path("queue.csv").write_text(bot("queue", "export").out.replace("2035-04-02 10:00", "2035-04-02 10:01"))
    assert actions(bot, "queue.csv")["formula"] == "changed"
    assert states(bot)["formula"] == "draft"


def test_a_translation_that_has_its_name_by_its_original_keeps_it(queue: Path, bot: Bot) -> None:
    Path("a.yaml").write_text(
        "- {key: report, campaign: rsotenyears, language: en, body: Out., variants: {ar: {body: صدر}}}\n"
        "- {campaign: rsotenyears, language: th, translation_of: report, body: เผยแพร่แล้ว}\n"
    )
    assert bot("queue", "import", "a.yaml").code == 0
    for form in FORMATS:
        assert actions(bot, exported(bot, form)) == dict.fromkeys(
            ("report", "report.ar", "report.th"), "unchanged"
        )
    assert record(bot, "report.th")["key"] is None


def test_only_what_is_asked_for_is_exported(approved: Path, bot: Bot) -> None:
    assert bot("queue", "cancel", "lines", "--reason", "x").code == 0

    def keys(*filters: str) -> list[str]:
        found = json.loads(bot("queue", "export", "--json", *filters).out)["announcements"]
        return [each["key"] for each in found]

    assert keys("--state", "cancelled") == ["lines"]
    assert keys("--text", "1.2E+18") == []
    assert keys("--text", "join us", "--campaign", "rsotenyears") == ["poll"]


def test_a_spreadsheet_has_times_as_dates_and_no_text_as_a_formula(approved: Path, bot: Bot) -> None:
    sheet = load_workbook(exported(bot, "xlsx"))["Announcements"]
    header = [cell.value for cell in sheet[1]]
    cells = {name: sheet.cell(2, at) for at, name in enumerate(header, 1)}
    assert cells["due"].data_type == "d"
    assert f"{cells['due'].value:%Y-%m-%d %H:%M}" == "2035-04-02 10:00"
    assert (cells["title"].value, cells["title"].data_type) == ("'=1+1", "s")
    assert cells["body"].value == "'+66 2 343 9477 is the number of the office."
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.freeze_panes == "A2"


def test_csv_begins_with_the_mark_that_excel_needs(approved: Path, bot: Bot) -> None:
    assert (approved / exported(bot, "csv")).read_bytes().startswith(b"\xef\xbb\xbfcampaign,key,")
    assert bot("queue", "export").out.startswith("\ufeffcampaign,key,")


def test_a_file_that_lies_there_is_written_over_only_by_force(approved: Path, bot: Bot) -> None:
    Path("plan.csv").write_text("mine")
    refused = bot("queue", "export", "--output", "plan.csv")
    assert (refused.code, Path("plan.csv").read_text()) == (1, "mine")
    assert (
        refused.err == "error: plan.csv: lies there already; give another name, or --force to write over it\n"
    )
    assert bot("queue", "export", "--output", "plan.csv", "--force").code == 0
    assert stat.S_IMODE(Path("plan.csv").stat().st_mode) == 0o600
    assert [path.name for path in approved.iterdir() if path.name.startswith(".writing")] == []


def test_a_place_where_nothing_can_be_written_is_told_in_one_line(approved: Path, bot: Bot) -> None:
    refused = bot("queue", "export", "--output", "nowhere/plan.csv")
    assert refused.code == 1
    assert (
        refused.err
        == "error: nowhere/plan.csv: the file cannot be written there: No such file or directory\n"
    )


def test_a_spreadsheet_goes_into_a_file_and_not_to_the_terminal(approved: Path, bot: Bot) -> None:
    refused = bot("queue", "export", "--format", "xlsx")
    assert (refused.code, refused.out) == (2, "")
    assert "--format xlsx needs --output FILE" in refused.err


def test_a_text_that_no_cell_holds_is_named(queue: Path, bot: Bot) -> None:
    media = "\n".join(f"    - {{path: pictures/{at}.png, alt: {'a' * 990}}}" for at in range(40))
    Path("a.yaml").write_text(f"- key: album\n  campaign: rsotenyears\n  body: x\n  media:\n{media}\n")
    assert bot("queue", "import", "a.yaml").code == 0
    refused = bot("queue", "export", "--output", "a.xlsx")
    assert refused.code == 1
    assert refused.err.startswith("error: album: media: has 40,")
    assert set(actions(bot, exported(bot, "csv")).values()) == {"unchanged"}


def test_the_import_of_a_spreadsheet_names_its_rows_and_takes_the_sheet_that_is_asked_for(
    queue: Path, bot: Bot
) -> None:
    shutil.copy(SAMPLES / "plan.xlsx", "plan.xlsx")
    done = bot("queue", "import", "plan.xlsx", "--dry-run")
    assert done.code == 0, done.err
    assert "plan.xlsx:'Week 14'!3  dates" in done.out
    assert "note: plan.xlsx: read from the sheet 'Week 14'; there are others: Read me" in done.err
    refused = bot("queue", "import", "plan.xlsx", "--sheet", "Read me")
    assert refused.code == 1
    assert "plan.xlsx:'Read me'!1: none of the columns " in refused.err
