"""`bot campaign next --days` and `bot campaign calendar`: what campaigns have ahead, for people and for other programs."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from bot.application.agenda import Agenda, Entry, Note
from bot.domain.announcement import Announcement, Record
from bot.domain.states import State
from bot.domain.walltime import resolve
from bot.entrypoints.cli.agenda_view import draw_weeks
from tests.cli.conftest import Bot

NAME = "rsotenyears"
DAY = "2035-05-0{}"
"""Monday is 7 May 2035."""


def add(bot: Bot, key: str, due: str, campaign: str = NAME) -> None:
    ended = bot(
        "queue", "add", "--campaign", campaign, "--key", key, "--body", f"Body of {key}.", "--due", due
    )
    assert ended.code == 0, ended.err


@pytest.fixture
def two(queue: Path) -> Path:
    """A second campaign of the same account, with slots of its own."""
    text = (queue / "schedules" / f"{NAME}.toml").read_text()
    start, end = text.index("slots = ["), text.index("# No slot falls")
    other = f'{text[:start]}slots = ["09:40"]\n{text[end:]}'
    (queue / "schedules" / "forum.toml").write_text(other)
    return queue


def may(bot: Bot, *names: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = bot("campaign", "calendar", *names, "--month", "2035-05", "--json").json[
        "entries"
    ]
    return found


def test_every_slot_of_the_days_stands_with_what_takes_it_and_what_lies_outside(
    bot: Bot, queue: Path
) -> None:
    free = [each["due_at"] for each in bot("campaign", "next", "--days", "14", "--json").json["slots"]]
    assert len(free) >= 20
    add(bot, "first", "next")
    add(bot, "aside", "tomorrow 3:17")
    slots = bot("campaign", "next", "--days", "14", "--json").json["slots"]
    assert [each["due_at"] for each in slots if each["is_slot"]] == free
    (first,) = [each for each in slots if each["announcement"] == "first"]
    assert (first["due_at"], first["is_slot"], first["is_free"], first["state"]) == (
        free[0],
        True,
        False,
        "draft",
    )
    (aside,) = [each for each in slots if each["announcement"] == "aside"]
    assert (aside["is_slot"], aside["is_free"]) == (False, False)
    lines = bot("campaign", "next", NAME, "--days", "14").lines
    assert len([line for line in lines if line.startswith(NAME)]) == len(slots)
    assert any(line.endswith("yes   first (draft)") for line in lines)


def test_what_next_takes_are_the_free_ones_in_their_order(bot: Bot, queue: Path) -> None:
    add(bot, "first", "next+1")
    first = bot("campaign", "next", "--count", "5", "--json").json["slots"]
    free = [
        each for each in bot("campaign", "next", "--days", "14", "--json").json["slots"] if each["is_free"]
    ]
    assert [each["due_at"] for each in free[:5]] == [each["due_at"] for each in first]


def test_a_slot_that_another_campaign_stands_too_near_to_is_not_free_and_says_so(bot: Bot, two: Path) -> None:
    path = two / "schedules" / "forum.toml"
    path.write_text(path.read_text().replace('min_gap = "', 'min_gap = "15m" # "'))
    assert "15m" in path.read_text()
    add(bot, "report", "2035-05-08 09:30")
    (slot,) = [each for each in may(bot, "forum") if str(each["due_at"]).startswith("2035-05-08")]
    assert (slot["is_free"], slot["barred_by"], slot["announcement"]) == (False, [f"{NAME}/report"], None)
    listed = bot("campaign", "calendar", "forum", "--month", "2035-05").out
    assert f"  09:40 Asia/Bangkok forum: too near to {NAME}/report\n" in listed


def test_clashes_between_campaigns_of_one_account_are_shown_and_told_by_the_check(
    bot: Bot, two: Path
) -> None:
    add(bot, "report", "2035-05-08 09:30")
    add(bot, "agenda", "2035-05-08 09:45", campaign="forum")
    add(bot, "later", "2035-05-08 10:01", campaign="forum")
    clashes = {each["announcement"]: each["clashes"] for each in may(bot) if each["announcement"]}
    assert clashes == {"report": ["forum/agenda"], "agenda": [f"{NAME}/report"], "later": []}
    assert (
        "report (draft), clashes with forum/agenda" in bot("campaign", "calendar", "--month", "2035-05").out
    )
    assert ": clash: " not in bot("campaign", "check").out
    add(bot, "soon", "in 3 hours")
    add(bot, "sooner", "in 178 minutes", campaign="forum")
    warnings = [line for line in bot("campaign", "check").lines if ": clash: " in line]
    assert warnings[0].startswith("warning: forum: clash: sooner and rsotenyears/soon are due within")
    assert warnings[1].startswith("warning: rsotenyears: clash: soon and forum/sooner are due within")


def test_languages_of_one_announcement_do_not_clash(bot: Bot, queue: Path) -> None:
    add(bot, "report", "2035-05-08 09:30")
    add(bot, "report.th", "2035-05-08 09:30")
    assert bot("queue", "edit", "report.th", "--translation-of", "report", "--language", "th").code == 0
    assert [each["clashes"] for each in may(bot) if each["announcement"]] == [[], []]


def test_holidays_are_named_on_their_day(bot: Bot, queue: Path) -> None:
    path = queue / "schedules" / f"{NAME}.toml"
    text = path.read_text()
    start = text.index("\nholidays = ")
    path.write_text(f'{text[:start]}\nholidays = ["2035-05-08"]{text[text.index("]", start) + 1 :]}')
    shown = bot("campaign", "calendar", "--month", "2035-05", "--json").json
    assert shown["notes"] == [{"campaign": NAME, "date": "2035-05-08", "why": "a holiday of the campaign"}]
    assert not [each for each in shown["entries"] if str(each["due"]).startswith("Tue 8 May")]
    assert (
        "Tue 8 May 2035\n  rsotenyears: a holiday of the campaign\n"
        in bot("campaign", "calendar", "--month", "2035-05").out
    )


def test_a_calendar_has_whole_days_of_its_month_or_weeks(bot: Bot, queue: Path) -> None:
    for key, due in (
        ("a", "2035-04-30 23:59"),
        ("b", "2035-05-01 00:00"),
        ("c", "2035-05-31 23:59"),
        ("d", "2035-06-01 00:00"),
    ):
        add(bot, key, due)
    assert [each["announcement"] for each in may(bot) if each["announcement"]] == ["b", "c"]
    weeks = bot("campaign", "calendar", "--weeks", "2", "--json").json["entries"]
    days = {date.fromisoformat(each["due_at"][:10]) for each in weeks}
    assert max(days) - date.today() <= timedelta(days=14)  # noqa: DTZ011 - two weeks, whatever the day is
    assert bot("campaign", "calendar", "--month", "2035-13").code == 2
    assert bot("campaign", "calendar", "--month", "2035-05", "--weeks", "1").code == 2
    assert bot("campaign", "next", "--days", "3", "--count", "3").code == 2


def test_a_time_of_another_zone_stands_on_the_day_of_its_campaign(bot: Bot, queue: Path) -> None:
    ended = bot("queue", "add", "--campaign", NAME, "--key", "west", "--body", "x", "--due", "2035-05-07 20:00",
                "--timezone", "America/New_York")  # fmt: skip
    assert ended.code == 0
    (entry,) = [each for each in may(bot) if each["announcement"] == "west"]
    assert entry["due"] == "Tue 8 May 2035 07:00 Asia/Bangkok (00:00 UTC)"


def entry(name: str, due: str, state: State, clashes: tuple[str, ...] = ()) -> Entry:
    when = resolve(due, "Asia/Bangkok")
    announcement = Announcement(1, name, Record("c"), "a", state, when, "ann", when.at, when.at)
    return Entry("c", "a", when, announcement, clashes=clashes)


def test_the_weeks_stand_side_by_side_on_a_wide_terminal() -> None:
    free = Entry("c", "a", resolve("2035-05-09 13:30", "Asia/Bangkok"), is_slot=True, is_free=True)
    entries = (
        entry("report", "2035-05-08 09:30", State.SCHEDULED, ("forum/agenda",)),
        free,
        entry("evil\x1b[31m", "2035-05-10 09:30", State.DRAFT),
    )
    agenda = Agenda(entries, (Note("c", date(2035, 5, 11), "Holiday (TH)"),))
    file = io.StringIO()
    days = (date(2035, 5, 7), date(2035, 5, 20))
    draw_weeks(Console(file=file, width=140, color_system=None), agenda, days, date(2035, 5, 8))
    shown = file.getvalue()
    first = next(line for line in shown.splitlines() if "7 May" in line)
    assert all(f"{day} May" in first for day in range(7, 14))
    assert "09:30 ● report ≈" in shown
    assert "13:30 · free" in shown
    assert "Holiday (TH)" in shown
    assert "\x1b" not in shown
    assert "≈ report, Tue 8 May 2035 09:30 Asia/Bangkok (02:30 UTC), clashes with forum/agenda" in shown
    assert "by the clock of Asia/Bangkok" in shown
    assert "○ draft" in shown


def test_a_calendar_file_has_every_announcement_with_a_time_and_the_free_slots_if_asked(
    bot: Bot, queue: Path
) -> None:
    add(bot, "report", "2035-05-08 09:30")
    add(bot, "old", "2020-01-01 10:00")
    bot("queue", "add", "--campaign", NAME, "--body", "No time yet.")
    bot("queue", "cancel", "old", "--reason", "It is over.")
    ended = bot("campaign", "calendar", "--ics", "out.ics")
    assert (ended.code, ended.out) == (0, "out.ics has 2 events\n")
    path = queue / "out.ics"
    assert path.stat().st_mode & 0o777 == 0o600
    first = path.read_bytes()
    uids = {line for line in first.split(b"\r\n") if line.startswith(b"UID:")}
    assert [first.count(each) for each in (b"STATUS:TENTATIVE", b"STATUS:CANCELLED")] == [1, 1]
    bot("queue", "edit", "report", "--title", "Another, longer title", "--due", "2035-05-09 10:00")
    assert bot("campaign", "calendar", "--ics", "out.ics").code == 0
    second = path.read_bytes()
    assert {line for line in second.split(b"\r\n") if line.startswith(b"UID:")} == uids
    assert b"DTSTART;TZID=Asia/Bangkok:20350509T100000" in second
    assert b"SEQUENCE:1" in second
    with_free = bot("campaign", "calendar", "--month", "2035-05", "--ics", "-", "--free").out
    assert with_free.count("[free slot] rsotenyears") > 40
    assert with_free.startswith("BEGIN:VCALENDAR")


def test_a_calendar_is_not_written_over_something_else(bot: Bot, queue: Path) -> None:
    ended = bot("campaign", "calendar", "--ics", ".env")
    assert ended.code == 1
    assert ended.err == "error: .env: something else than a calendar lies there; give another name\n"
    assert "VCALENDAR" not in (queue / ".env").read_text()
    missing = bot("campaign", "calendar", "--ics", "no/such/folder.ics")
    assert missing.err.startswith("error: no/such/folder.ics: the calendar cannot be written there: ")
    assert bot("campaign", "calendar", "--free").code == 2
    assert bot("campaign", "calendar", "--ics", "a.ics", "--json").code == 2


def test_when_something_expires_is_shown_wherever_it_is_looked_at(bot: Bot, queue: Path) -> None:
    add(bot, "report", "2035-05-08 09:30")
    edited = bot("queue", "edit", "report", "--expires", "8 May 2035 12:00", "--json").json["announcement"]
    assert (edited["expires_at"], edited["due_at"]) == ("2035-05-08T05:00:00Z", "2035-05-08T02:30:00Z")
    told = "Tue 8 May 2035 12:00 Asia/Bangkok (05:00 UTC)"
    assert edited["expires"] == told
    assert bot("preview", "report", "--json").json["announcements"][0]["expires"] == told
    assert f"expires  {told}" in bot("queue", "show", "report").out
    assert "draft (expires)" in bot("queue", "list").out
    assert bot("preview", "report", "--html", "page.html").out
    assert f"<dt>Expires</dt><dd>{told}</dd>" in (queue / "page.html").read_text()
    past = bot("queue", "edit", "report", "--expires", "2035-05-08 09:30")
    assert past.code == 0
    assert "[expires]" in bot("preview", "report").out


def test_a_month_has_what_each_campaign_has_in_it_by_its_own_clock(bot: Bot, queue: Path) -> None:
    schedules = queue / "schedules"
    text = (schedules / f"{NAME}.toml").read_text()
    for name, zone in (("york", "America/New_York"), ("tokyo", "Asia/Tokyo")):
        (schedules / f"{name}.toml").write_text(text.replace("Asia/Bangkok", zone))
    add(bot, "evening", "2035-05-31 20:00", "york")
    add(bot, "small-hours", "2035-06-01 00:30", "tokyo")
    (evening,) = [each for each in may(bot) if each["announcement"]]
    assert evening["announcement"] == "evening"
    june = bot("campaign", "calendar", "--month", "2035-06").out
    assert "small-hours" in june
    assert "evening" not in june


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["campaign", "calendar", "--month", "9999-12"], "--month 9999-12: write it as 2026-12"),
        (["preview", "--until", "99999999d"], "--until 99999999d: write a span of time such as 7d or 12h"),
        (["preview", "--until", "soon"], "--until soon: write a span of time such as 7d or 12h"),
    ],
)
def test_a_time_that_is_none_is_told_with_its_option(
    bot: Bot, queue: Path, arguments: list[str], told: str
) -> None:
    ended = bot(*arguments)
    assert (ended.code, told in ended.err) == (2, True)
