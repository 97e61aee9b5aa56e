"""`bot campaign stop` and `resume`, and where a campaign's bounds and stops are shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import Bot

STOP = ("campaign", "stop", "rsotenyears", "--why", "The ministers\nmeet.")


def add_news(bot: Bot, due: str) -> None:
    bot("queue", "add", "--campaign", "rsotenyears", "--key", "news", "--body", "x", "--due", due)


def add_line(project: Path, line: str) -> None:
    """Put a key at the top of the campaign's file."""
    path = project / "schedules" / "rsotenyears.toml"
    path.write_text(f"{line}\n{path.read_text()}")


def test_a_stop_says_who_why_and_what_lets_it_go_on_each_in_one_line(bot: Bot, queue: Path) -> None:
    ended = bot(*STOP)
    assert ended.code == 0
    first, step = ended.lines
    assert first.startswith("rsotenyears is stopped since 20")
    assert first.endswith("(cli): The ministers meet.")
    assert step == "  → bot campaign resume rsotenyears"
    again = bot("campaign", "stop", "rsotenyears", "--why", "Again.", "--json").json["stop"]
    assert (again["campaign"], again["why"]) == ("rsotenyears", "The ministers\nmeet.")


def test_a_stop_is_shown_by_status_list_check_and_preview_until_it_is_lifted(bot: Bot, queue: Path) -> None:
    bot("queue", "add", "--campaign", "rsotenyears", "--key", "news", "--body", "x", "--due", "next")
    bot(*STOP)
    status = bot("status")
    assert status.code == 1
    assert [
        line for line in status.lines if line.startswith("stopped: campaign 'rsotenyears' was stopped by ")
    ]
    assert "  → bot campaign resume rsotenyears" in status.lines
    (stopped,) = bot("status", "--json").json["stopped_campaigns"]
    assert (stopped["campaign"], stopped["since"][-1]) == ("rsotenyears", "Z")
    assert bot("campaign", "list", "--json").json["campaigns"][0]["stop"]["why"] == "The ministers\nmeet."
    assert " stopped " in bot("campaign", "list").out
    (campaign,) = bot("campaign", "check", "--json").json["campaigns"]
    assert any(
        "nothing of it goes out until `bot campaign resume rsotenyears`" in w for w in campaign["warnings"]
    )
    (card,) = bot("preview", "news", "--json").json["announcements"]
    assert "stopped" in [each["rule"] for each in card["warnings"]]
    assert bot("queue", "list").lines[-1] == "  → bot campaign resume rsotenyears"
    assert bot("campaign", "next").lines[-1] == "  → bot campaign resume rsotenyears"
    assert "was stopped by" in bot("campaign", "next", "--days", "2").out
    resumed = bot("campaign", "resume", "rsotenyears")
    assert resumed.lines == ["rsotenyears goes on (was stopped: The ministers meet.)"]
    assert bot("status", "--json").json["stopped_campaigns"] == []
    assert "campaign resume" not in bot("queue", "list").out
    assert bot("campaign", "list", "--json").json["campaigns"][0]["stop"] is None
    assert bot("campaign", "resume", "rsotenyears").lines == ["rsotenyears was not stopped"]
    assert bot("campaign", "resume", "rsotenyears", "--json").json == {"stop": None, "held": []}


def test_a_campaign_that_there_is_not_cannot_be_stopped(bot: Bot, queue: Path) -> None:
    for command in (("stop", "rso", "--why", "x"), ("resume", "rso")):
        ended = bot("campaign", *command)
        assert ended.code == 1
        assert ended.err == "error: campaign 'rso' is not in the schedules folder (there: rsotenyears)\n"


def test_a_stop_needs_a_reason(bot: Bot, queue: Path) -> None:
    assert bot("campaign", "stop", "rsotenyears").code == 2


def test_the_list_says_from_when_to_when_a_campaign_runs_and_how_much_of_it_a_day(
    bot: Bot, queue: Path
) -> None:
    add_line(project := queue, "start = 2026-01-05")
    add_line(project, "end = 2099-12-10T18:00:00")
    add_line(project, "max_a_day = 3")
    add_line(project, 'holiday_countries = ["TH", "AU-NSW"]')
    (campaign,) = bot("campaign", "list", "--json").json["campaigns"]
    assert (campaign["start_at"], campaign["end_at"]) == ("2026-01-04T17:00:00Z", "2099-12-10T11:00:00Z")
    assert campaign["end"] == "Thu 10 Dec 2099 18:00 Asia/Bangkok (11:00 UTC)"
    assert (campaign["max_a_day"], campaign["holiday_countries"]) == (3, ["TH", "AU-NSW"])
    assert "from 2026-01-05 00:00 until 2099-12-10 18:00 3 a day" in bot("campaign", "list").out


def test_a_campaign_that_ended_is_told_by_check_and_has_no_next_slot(bot: Bot, queue: Path) -> None:
    add_line(queue, "end = 2026-01-05")
    (campaign,) = bot("campaign", "check", "--json").json["campaigns"]
    assert any(
        warning.startswith("end: it ended Mon 5 Jan 2026 23:59:59") for warning in campaign["warnings"]
    )
    ended = bot("campaign", "next", "rsotenyears")
    assert ended.code == 1
    assert ended.err.startswith("error: campaign 'rsotenyears' ended Mon 5 Jan 2026 23:59:59 Asia/Bangkok")


def test_the_next_slots_are_those_that_a_maximum_leaves(bot: Bot, queue: Path) -> None:
    add_line(queue, "max_a_day = 1")
    free = bot("campaign", "next", "rsotenyears", "--count", "4", "--json").json["slots"]
    days = [slot["due"][:15] for slot in free]
    assert len(set(days)) == 4


def test_the_days_of_a_campaign_say_where_it_starts_ends_is_full_and_has_holidays(
    bot: Bot, queue: Path
) -> None:
    today = datetime.now(ZoneInfo("Asia/Bangkok")).date()
    first, free, last = (today + timedelta(days=days) for days in (1, 2, 3))
    for line in (f"start = {first}", f"end = {last}T18:00:00", "max_a_day = 1"):
        add_line(queue, line)
    holidays = f"holidays = [\n  {free},"
    path = queue / "schedules" / "rsotenyears.toml"
    path.write_text(path.read_text().replace("holidays = [", holidays, 1))
    bot(
        "queue", "add", "--campaign", "rsotenyears", "--key", "news", "--body", "x", "--due", f"{first} 10:00"
    )
    notes = bot("campaign", "next", "rsotenyears", "--days", "5", "--json").json["notes"]
    assert [(each["date"], each["why"]) for each in notes if each["why"] != "a holiday of the campaign"] == [
        (str(first), "the campaign starts 00:00"),
        (str(first), "full: 1 a day"),
        (str(last), "the campaign ends 18:00"),
    ]
    assert (str(free), "a holiday of the campaign") in [(each["date"], each["why"]) for each in notes]


def test_campaigns_are_listed_and_checked_where_there_is_no_database_yet(bot: Bot, project: Path) -> None:
    (project / "bot.db").unlink(missing_ok=True)
    assert bot("campaign", "list").code == 0
    assert bot("campaign", "check").code == 0


def test_a_preview_names_the_holiday_with_its_country(bot: Bot, queue: Path) -> None:
    add_line(queue, 'holiday_countries = ["TH"]')
    new_year = date(datetime.now(UTC).year + 1, 1, 1)
    add_news(bot, due=f"{new_year} 10:00")
    (card,) = bot("preview", "news", "--json").json["announcements"]
    (holiday,) = [each["message"] for each in card["warnings"] if each["rule"] == "holiday"]
    assert holiday == "due: New Year's Day (TH); a holiday of the campaign"


@pytest.mark.parametrize(
    ("line", "rule"), [("start = 2098-01-01", "outside"), ("end = 2026-12-01", "outside")]
)
def test_what_lies_outside_its_campaign_cannot_be_approved_and_says_why_in_one_line(
    bot: Bot, queue: Path, line: str, rule: str
) -> None:
    add_line(queue, line)
    add_news(bot, due="2097-12-10 10:00")
    (card,) = bot("preview", "news", "--json").json["announcements"]
    assert rule in [each["rule"] for each in card["problems"]]
    ended = bot("queue", "approve", "news", "--digest", card["digest"])
    assert ended.code == 1
    assert ended.err.startswith("error: news: due: Tue 10 Dec 2097 10:00 Asia/Bangkok (03:00 UTC) is ")
    assert ended.err.count("\n") == 1
