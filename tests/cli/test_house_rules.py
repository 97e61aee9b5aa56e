"""House rules from the command line: listed, set by a campaign, and shown wherever a card is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Bot

BODY = "The hearing on illegal migrants is on Tuesday, 9 March 2099."
RECORD = f"""
- key: hearing
  campaign: rsotenyears
  due: 2099-03-01 10:05
  body: {BODY}
"""
TERM = {
    "rule": "term",
    "message": "'illegal migrants': say 'irregular migrant, migrant in an irregular situation'"
    " (IOM, Glossary on Migration, 2019)",
    "post": 1,
    "start": 15,
    "end": 31,
    "words": "illegal migrants",
}


def set_rule(project: Path, line: str) -> None:
    with (project / "schedules" / "rsotenyears.toml").open("a") as campaign:
        campaign.write(f"\n{line}\n")


def by_rule(findings: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {finding["rule"]: finding for finding in findings}


def queued(bot: Bot, *more: str) -> None:
    arguments = ("--campaign", "rsotenyears", "--key", "hearing", "--body", BODY, "--due", "2099-03-01 10:05")
    assert bot("queue", "add", *arguments, *more).code == 0


def test_the_rules_are_listed_with_level_why_and_source(bot: Bot, project: Path) -> None:
    rules = {rule["name"]: rule for rule in bot("campaign", "rules", "--json").json["rules"]}
    assert rules["weekday"] == {
        "name": "weekday",
        "topic": "P5",
        "level": "problem",
        "why": "A weekday that does not belong to its date sends people on the wrong day.",
        "source": "this project",
        "fixed": False,
    }
    lines = bot("campaign", "rules").lines
    assert len(lines) == len(rules) + 1
    assert [line.split("  ")[0].strip() for line in lines[1:]] == list(rules)


def test_a_campaigns_own_levels_are_listed_by_its_name(bot: Bot, project: Path) -> None:
    set_rule(project, 'lint.term = "problem"')
    own = {
        rule["name"]: rule["level"]
        for rule in bot("campaign", "rules", "rsotenyears", "--json").json["rules"]
    }
    usual = {rule["name"]: rule["level"] for rule in bot("campaign", "rules", "--json").json["rules"]}
    assert (own.pop("term"), usual.pop("term")) == ("problem", "warning")
    assert own == usual
    assert (
        bot("campaign", "rules", "nowhere").code == 2 or "nowhere" in bot("campaign", "rules", "nowhere").err
    )


def test_check_names_the_rule_and_the_place(bot: Bot, project: Path) -> None:
    ended = bot("check", "-", stdin=RECORD)
    assert ended.code == 1
    assert any(line.startswith("problem: ") and line.endswith(" [weekday]") for line in ended.lines)
    assert any(line.startswith("warning: ") and line.endswith(" [term]") for line in ended.lines)
    Path("news.yaml").write_text(RECORD)
    (card,) = bot("check", "news.yaml", "--json").json["announcements"]
    assert by_rule(card["warnings"])["term"] == TERM
    assert by_rule(card["problems"])["weekday"]["words"] == "Tuesday, 9 March 2099"


@pytest.mark.parametrize(
    ("level", "lists"), [("off", ()), ("warning", ("warnings",)), ("problem", ("problems",))]
)
def test_a_campaign_moves_a_finding_by_its_level(
    bot: Bot, queue: Path, level: str, lists: tuple[str, ...]
) -> None:
    set_rule(queue, f'lint.term = "{level}"\nlint.weekday = "off"')
    queued(bot)
    ended = bot("preview", "hearing", "--json")
    (card,) = ended.json["announcements"]
    assert tuple(name for name in ("problems", "warnings") if "term" in by_rule(card[name])) == lists
    assert ended.code == (1 if level == "problem" else 0)


def test_a_problem_bars_approval_until_the_text_is_mended(bot: Bot, queue: Path) -> None:
    queued(bot)
    digest = bot("preview", "hearing", "--json").json["announcements"][0]["digest"]
    refused = bot("queue", "approve", "hearing", "--digest", digest)
    assert refused.code == 1
    assert "2099-03-09 is a Monday" in refused.err
    mended = BODY.replace("Tuesday", "Monday")
    assert bot("queue", "edit", "hearing", "--body", mended).code == 0
    digest = bot("preview", "hearing", "--json").json["announcements"][0]["digest"]
    assert bot("queue", "approve", "hearing", "--digest", digest).code == 0


def test_preview_and_show_print_the_rule_behind_the_message(bot: Bot, queue: Path) -> None:
    set_rule(queue, 'lint.weekday = "warning"')
    queued(bot)
    for command in (("preview", "hearing"), ("queue", "show", "hearing")):
        printed = " ".join(bot(*command).out.split())
        assert "[weekday]" in printed
        assert "[term]" in printed


def test_a_rule_made_stricter_tells_of_an_approved_text_and_takes_no_approval_away(
    bot: Bot, queue: Path
) -> None:
    set_rule(queue, 'lint.weekday = "off"')
    queued(bot)
    digest = bot("preview", "hearing", "--json").json["announcements"][0]["digest"]
    assert bot("queue", "approve", "hearing", "--digest", digest).code == 0
    campaign = queue / "schedules" / "rsotenyears.toml"
    campaign.write_text(campaign.read_text().replace('lint.weekday = "off"', 'lint.term = "problem"'))
    ended = bot("preview", "hearing", "--json")
    (card,) = ended.json["announcements"]
    assert (ended.code, card["frozen"], card["digest"], card["problems"]) == (0, True, digest, [])
    assert {"weekday", "term"} <= by_rule(card["warnings"]).keys()
    assert bot("queue", "list", "--json").json["announcements"][0]["state"] == "scheduled"


def test_a_rule_of_the_queue_can_be_set_as_well(bot: Bot, queue: Path) -> None:
    set_rule(queue, 'lint.clash = "problem"\nlint.weekday = "off"')
    queued(bot)
    assert bot("queue", "copy", "hearing", "--key", "again", "--due", "2099-03-01 10:10").code == 0
    (card,) = bot("preview", "again", "--json").json["announcements"]
    assert "clash" in by_rule(card["problems"])


def test_a_blackout_of_the_teams_list_bars_approval(bot: Bot, queue: Path) -> None:
    lists = queue / "schedules" / "house-words.toml"
    with lists.open("a") as file:
        file.write('\n[[blackouts]]\nfrom = 2099-03-01\nto = 2099-03-01\nwhy = "election"\n')
    queued(bot)
    (card,) = bot("preview", "hearing", "--json").json["announcements"]
    found = by_rule(card["problems"])["blackout"]["message"]
    assert found == "due: nothing goes out from 2099-03-01 00:00 to 2099-03-02 00:00: election"
