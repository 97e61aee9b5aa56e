"""`bot queue import` of tables: what it says of each row, and the mappings that it keeps."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Bot, Ended

HEADER = "campaign,key,body,due\n"
REPORT = "rsotenyears,report,The report is out.,2099-03-30 10:00\n"
FOREIGN = "When,What we say,Budget\n03/04/2099 10:00,The report is out.,5\n"
MAP = ("--map", "When=due", "--map", "What we say=body", "--map", "Budget=")


def take(bot: Bot, text: str, *options: str) -> Ended:
    Path("plan.csv").write_text(text, encoding="utf-8")
    return bot("queue", "import", "plan.csv", *options)


def queued(bot: Bot) -> list[str]:
    return [each["name"] for each in bot("queue", "list", "--json").json["announcements"]]


@pytest.mark.usefixtures("queue")
def test_a_dry_run_tells_each_row_in_one_table_with_what_changes_and_what_is_wrong(bot: Bot) -> None:
    assert take(bot, f"{HEADER}{REPORT}rsotenyears,forum,The forum begins.,2099-03-31 10:00\n").code == 0
    changed = (
        f"{HEADER}{REPORT}"
        "rsotenyears,forum,The forum ends.,2099-03-31 16:30\n"
        "rsotenyears,dates,Which day?,03/04/2099 10:00\n"
        "nowhere,lost,No campaign has this.,2099-03-30 10:00\n"
        "rsotenyears,new,Something new.,2099-04-01 10:00\n"
    )
    ended = take(bot, changed, "--dry-run")
    assert ended.code == 1
    told = [line.split("  ") for line in ended.lines]
    table = [[cell.strip() for cell in line if cell.strip()] for line in told]
    assert table[0] == ["where", "announcement", "what", "due", "details"]
    assert table[1][:3] == ["plan.csv:2", "report", "is there already"]
    assert table[2] == [
        "plan.csv:3",
        "forum",
        "would be changed",
        "Tue 31 Mar 2099 16:30 Asia/Bangkok (09:30 UTC)",
        "body: The forum begins. → The forum ends.; due: 2099-03-31 10:00 → 2099-03-31 16:30",
    ]
    assert table[3][:2] == ["plan.csv:4", "would be refused"]
    assert table[3][2].startswith("due: '03/04/2099 10:00' may be 3 April or 4 March")
    assert table[4][:3] == ["plan.csv:5", "lost", "would be refused"]
    assert table[5][:3] == ["plan.csv:6", "new", "would be added"]
    assert queued(bot) == ["report", "forum"]


@pytest.mark.usefixtures("queue")
def test_the_same_in_json(bot: Bot) -> None:
    take(bot, f"{HEADER}{REPORT}")
    wrong = f"{HEADER}{REPORT.replace('out', 'here')}rsotenyears,dates,Which day?,03/04/2099 10:00\n"
    ended = take(bot, wrong, "--dry-run", "--json")
    assert ended.code == 1
    first, second = ended.json["rows"]
    assert (first["where"], first["key"], first["action"]) == ("plan.csv:2", "report", "changed")
    assert first["changes"] == [
        {"field": "body", "before": "The report is out.", "after": "The report is here."}
    ]
    assert first["problems"] == []
    assert (second["key"], second["action"], second["id"], second["changes"]) == ("", "refused", None, [])
    (problem,) = second["problems"]
    assert (problem["where"], problem["field"]) == ("plan.csv:3", "due")


@pytest.mark.usefixtures("queue")
def test_without_a_dry_run_a_file_with_one_refused_row_is_not_taken_at_all(bot: Bot) -> None:
    ended = take(bot, f"{HEADER}{REPORT}rsotenyears,dates,Which day?,03/04/2099 10:00\n")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: plan.csv:3: due: '03/04/2099 10:00' may be 3 April or 4 March")
    assert queued(bot) == []


@pytest.mark.usefixtures("queue")
def test_a_tools_table_is_taken_for_a_campaign_and_what_is_for_other_networks_is_told(bot: Bot) -> None:
    text = "post,platforms,scheduleDate\nHi all,x,2099-03-30T03:00:00Z\nPictures,instagram,2099-03-30T03:00:00Z\n"
    ended = take(bot, text, "--campaign", "rsotenyears")
    assert ended.code == 0
    assert "note: plan.csv: read as an Ayrshare table" in ended.err
    assert ended.lines[1].split()[2] == "added"
    assert ended.lines[2].split("  ")[-1].strip() == "is for instagram, and not for X"
    assert take(bot, text, "--campaign", "rsotenyears", "--json").json["rows"][1]["action"] == "skipped"
    assert len(queued(bot)) == 1


@pytest.mark.usefixtures("queue")
def test_a_mapping_that_was_kept_reads_the_next_table_with_the_same_columns(bot: Bot) -> None:
    said = ("--campaign", "rsotenyears", "--dates", "dmy", *MAP, "--keep-mapping", "office")
    ended = take(bot, FOREIGN, *said)
    assert ended.code == 0
    assert "tables with these columns are read by the mapping 'office' from now on" in ended.err
    kept = tomllib.loads(Path("schedules/columns.toml").read_text(encoding="utf-8"))["mapping"]["office"]
    assert kept == {
        "header": ["When", "What we say", "Budget"],
        "dates": "dmy",
        "columns": {"When": "due", "What we say": "body", "Budget": ""},
    }
    again = take(bot, FOREIGN.replace("10:00", "11:00"), "--campaign", "rsotenyears", "--json")
    assert "read by the mapping 'office', which was kept for a table with these columns" in again.err
    assert again.json["rows"][0]["action"] == "added"
    (first, second) = bot("queue", "list", "--json").json["announcements"]
    assert [each["due_at"] for each in (first, second)] == ["2099-04-03T03:00:00Z", "2099-04-03T04:00:00Z"]


@pytest.mark.usefixtures("queue")
def test_the_file_of_mappings_is_taken_for_nothing_else(bot: Bot) -> None:
    before = bot("campaign", "list", "--json").json
    take(bot, FOREIGN, "--campaign", "rsotenyears", "--dates", "dmy", *MAP, "--keep-mapping", "template")
    assert bot("campaign", "list", "--json").json == before
    assert bot("campaign", "check").code == 0
    assert "columns.toml" not in bot("check").out


@pytest.mark.usefixtures("queue")
def test_a_mapping_is_used_by_its_name_and_a_wrong_name_is_answered_with_the_nearest(bot: Bot) -> None:
    take(bot, FOREIGN, "--campaign", "rsotenyears", "--dates", "dmy", *MAP, "--keep-mapping", "office")
    more = "When,What we say,Budget,link\n05/04/2099 10:00,More.,5,https://www.baliprocess.net/\n"
    assert take(bot, more, "--campaign", "rsotenyears", "--mapping", "office").code == 0
    wrong = take(bot, more, "--campaign", "rsotenyears", "--mapping", "ofice")
    assert (wrong.code, wrong.err) == (
        1,
        "error: 'ofice' is not a mapping of schedules/columns.toml: did you mean 'office'?\n",
    )
    other = take(bot, "When,body\n05/04/2099 10:00,More.\n", "--mapping", "office")
    assert other.err == "error: plan.csv:1: has no column 'What we say', which the mapping 'office' names\n"


@pytest.mark.usefixtures("queue")
def test_a_kept_mapping_is_not_written_over_and_what_people_wrote_beside_it_stays(bot: Bot) -> None:
    said = ("--campaign", "rsotenyears", "--dates", "dmy")
    path = Path("schedules/columns.toml")
    path.write_text("# ours\n[mapping.other]\nheader = ['a']\ncolumns = {a = 'body'}\n", encoding="utf-8")
    assert take(bot, FOREIGN, *said, *MAP, "--keep-mapping", "office").code == 0
    kept = path.read_text(encoding="utf-8")
    assert kept.startswith("# ours\n[mapping.other]\n")
    assert take(bot, FOREIGN, *said, *MAP, "--keep-mapping", "office").code == 0
    other = take(bot, FOREIGN, *said, *MAP[:-1], "Budget=notes", "--keep-mapping", "office")
    assert other.code == 1
    assert "schedules/columns.toml has another mapping 'office' already" in other.err
    assert path.read_text(encoding="utf-8") == kept


@pytest.mark.usefixtures("queue")
def test_a_dry_run_keeps_no_mapping(bot: Bot) -> None:
    ended = take(
        bot,
        FOREIGN,
        "--campaign",
        "rsotenyears",
        "--dates",
        "dmy",
        *MAP,
        "--keep-mapping",
        "office",
        "--dry-run",
    )
    assert ended.code == 0
    assert "note: without --dry-run the mapping 'office' would be kept" in ended.err
    assert not Path("schedules/columns.toml").exists()


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--map", "What we say"), "write it as 'Their column=body'"),
        (("--map", "What we say=bdy"), "'bdy' is not a field: did you mean 'body'?"),
        (("--map", "a=body", "--map", "a=title"), "the column 'a' stands twice"),
        (("--keep-mapping", "office"), "there is nothing to keep"),
    ],
)
def test_a_mapping_that_cannot_be_is_wrong_usage(bot: Bot, options: tuple[str, ...], told: str) -> None:
    ended = take(bot, FOREIGN, *options)
    assert ended.code == 2
    assert told in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[mapping.office", "is not TOML"),
        ("[office]\n", "may hold tables such as [mapping.office] only"),
        ("[mapping.office]\ncolums = {}\n", "mapping.office: must be a table of header, dates, columns"),
        ("[mapping.office]\nheader = 'a'\n", "mapping.office.header: must be a list"),
        ("[mapping.office]\ncolumns = {a = 1}\n", "mapping.office.columns: must be a table of texts"),
        ("[mapping.office]\ncolumns = {a = 'bdy'}\n", "mapping.office.columns.a: 'bdy' is not a field"),
        ("[mapping.office]\ndates = 'ymd'\n", "mapping.office.dates: must be dmy or mdy"),
    ],
)
def test_a_file_of_mappings_that_is_wrong_says_where_and_bars_only_tables_that_need_it(
    bot: Bot, text: str, told: str
) -> None:
    Path("schedules/columns.toml").write_text(text, encoding="utf-8")
    ended = take(bot, FOREIGN, "--campaign", "rsotenyears")
    assert ended.code == 1
    assert ended.err.startswith("error: schedules/columns.toml: ")
    assert told in ended.err
    assert len(ended.err.splitlines()) == 1
    if told != "is not TOML":  # what is no TOML at all is no campaign either, which every command says
        assert take(bot, f"{HEADER}{REPORT}").code == 0
