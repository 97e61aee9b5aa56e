"""An embargo is marked wherever an announcement is shown, and `bot queue lift-embargo` says what is still wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.entrypoints.cli.session import Session
from tests.cli.conftest import Bot, Ended

ENDS = "Mon 1 Jan 2035 10:00 Asia/Bangkok (03:00 UTC)"
FIELDS = {"due": "2035-01-02 09:00", "embargo": "2035-01-01 10:00"}
HOLDS: dict[str, Any] = {
    "embargo_at": "2035-01-01T03:00:00Z",
    "embargo": ENDS,
    "embargo_lift_asked_by": None,
    "embargo_lift_asked_at": None,
    "embargo_lifted_by": [],
    "embargo_lifted_at": None,
}


class Carol(Session):
    """Another person at the same machine."""

    @property
    def who(self) -> str:
        return "carol@desk (cli)"


def add(bot: Bot, **fields: str) -> None:
    options = [part for name, value in {**FIELDS, **fields}.items() for part in (f"--{name}", value)]
    added = bot(
        "queue", "add", "--campaign", "rsotenyears", "--key", "report", "--body", "It is out.", *options
    )
    assert added.code == 0, added.err


def marks(shape: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in shape.items() if key.startswith("embargo")}


def lift(bot: Bot, session: Session | None = None, *options: str) -> Ended:
    return bot("queue", "lift-embargo", "report", "--reason", "It is public.", *options, session=session)


def test_preview_list_and_show_mark_an_embargo_in_text_and_in_json(queue: Path, bot: Bot) -> None:
    add(bot)
    for arguments in (("preview",), ("preview", "report"), ("queue", "show", "report")):
        assert f"  embargo  until {ENDS}\n" in bot(*arguments).out
    assert "draft (embargo)" in bot("queue", "list").out
    assert marks(bot("preview", "--json").json["announcements"][0]) == HOLDS
    assert marks(bot("queue", "list", "--json").json["announcements"][0]) == HOLDS
    assert marks(bot("queue", "show", "report", "--json").json["announcement"]) == HOLDS


def test_a_template_knows_of_an_embargo_in_the_queue_and_in_a_file_that_comes_in(
    queue: Path, bot: Bot
) -> None:
    template = queue / "templates" / "embargo.txt.j2"
    template.write_text(
        "{{ body }}{% if embargo %} Until {{ embargo|date('d MMMM HH:mm') }}.{% endif %} {{ hashtag }}"
    )
    add(bot, template=template.name)
    assert "│ It is out. Until 1 January 10:00. #RSOtenyears" in bot("preview", "report").out
    (queue / "more.csv").write_text(
        "campaign,key,template,body,due,embargo\n"
        f"rsotenyears,more,{template.name},{'All of it. ' * 24},2035-01-02 09:30,2035-01-01 10:00\n"
    )
    assert "too long" in bot("queue", "import", "more.csv", "--dry-run").out
    (queue / "more.csv").write_text((queue / "more.csv").read_text().replace("2035-01-01 10:00", ""))
    assert "too long" not in bot("queue", "import", "more.csv", "--dry-run").out


def test_a_file_that_is_not_queued_is_shown_with_its_embargo_and_with_what_is_wrong(
    queue: Path, bot: Bot
) -> None:
    (queue / "new.yaml").write_text(
        "- campaign: rsotenyears\n  key: new\n  body: It is out.\n  due: 2035-01-01 09:00\n  embargo: 2035-01-01 10:00\n"
    )
    shown = bot("preview", "new.yaml")
    assert shown.code == 1
    assert f"  embargo  until {ENDS}\n" in shown.out
    assert "not after the embargo, which ends" in " ".join(shown.out.split())
    assert marks(bot("preview", "new.yaml", "--json").json["announcements"][0]) == HOLDS


def test_what_has_no_embargo_is_marked_with_nothing(queue: Path, bot: Bot) -> None:
    add(bot, embargo="")
    assert "embargo" not in bot("preview").out + bot("queue", "list").out
    nothing: dict[str, Any] = {**dict.fromkeys(HOLDS), "embargo_lifted_by": []}
    assert marks(bot("queue", "list", "--json").json["announcements"][0]) == nothing


def test_the_page_to_mail_around_marks_it(queue: Path, bot: Bot) -> None:
    add(bot)
    assert bot("preview", "--html", "page.html").code == 0
    assert f"<dt>Embargo</dt><dd>until {ENDS}</dd>" in (queue / "page.html").read_text()


def test_the_first_person_is_told_who_is_wanted_and_status_and_list_say_who_asked(
    queue: Path, bot: Bot
) -> None:
    add(bot)
    who = Session().who
    told = lift(bot)
    assert told.lines[0].startswith(f"report (no. 1): embargo until {ENDS}, lift asked by {who} at ")
    assert told.lines[1] == "  → bot queue lift-embargo report --reason …  (by another person)"
    asked = f"until {ENDS}, lift asked by {who} at "
    assert f"embargo: report · {asked}" in bot("status").out
    assert asked in bot("queue", "show", "report").out
    assert f"embargo, lift asked by {who}" in " ".join(bot("queue", "list").out.split())
    listed = bot("status", "--json").json["lifts_asked"]
    assert [(each["name"], each["embargo_lift_asked_by"]) for each in listed] == [("report", who)]


def test_the_same_person_twice_gets_one_line(queue: Path, bot: Bot) -> None:
    add(bot)
    lift(bot)
    again = lift(bot)
    assert (again.code, again.out, len(again.err.splitlines())) == (1, "", 1)
    assert "another person lifts the embargo of report" in again.err


def test_the_second_person_lifts_it_and_is_told_that_the_time_stays(queue: Path, bot: Bot) -> None:
    add(bot)
    lift(bot)
    told = lift(bot, Carol())
    assert told.lines == [
        "report (no. 1): the embargo is lifted; it is due Tue 2 Jan 2035 09:00 Asia/Bangkok (02:00 UTC)",
        "  → bot queue reschedule report --due …  (if it is to go out earlier)",
    ]
    both = [Session().who, "carol@desk (cli)"]
    assert f"  embargo  {ENDS}, lifted by {both[0]} and {both[1]} at " in bot("preview").out
    assert "draft (embargo lifted)" in bot("queue", "list").out
    assert bot("queue", "list", "--json").json["announcements"][0]["embargo_lifted_by"] == both
    assert bot("status", "--json").json["lifts_asked"] == []


def test_a_lift_answers_in_json_with_the_announcement(queue: Path, bot: Bot) -> None:
    add(bot)
    shape = lift(bot, None, "--json").json["announcement"]
    assert (shape["name"], shape["embargo_lift_asked_by"]) == ("report", Session().who)


@pytest.mark.parametrize(
    "arguments",
    [
        ("queue", "reschedule", "report", "--due", "now"),
        ("queue", "edit", "report", "--embargo", ""),
        ("queue", "edit", "report", "--embargo", "2034-12-31 10:00"),
    ],
)
def test_what_would_cross_it_is_refused_in_one_line_that_names_the_command(
    queue: Path, bot: Bot, arguments: tuple[str, ...]
) -> None:
    add(bot)
    refused = bot(*arguments)
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    assert ENDS in refused.err
    assert "`bot queue lift-embargo report --reason …`" in refused.err
