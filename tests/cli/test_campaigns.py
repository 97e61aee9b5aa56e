"""`bot campaign`, `bot template`, `bot account`: what a team keeps in its folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Bot


def write(project: Path, old: str, new: str, name: str = "schedules/rsotenyears.toml") -> None:
    path = project / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_campaigns_are_listed_with_what_holds_for_them(bot: Bot, project: Path) -> None:
    write(project, "# languages = ", "languages = ")
    write(project, '["en", "th"]', '["en", "th_TH"]')
    (campaign,) = bot("campaign", "list", "--json").json["campaigns"]
    assert campaign["name"] == "rsotenyears"
    assert campaign["languages"] == ["en", "th-TH"]
    assert campaign["slots"][0] == {
        "time": "09:30",
        "days": ["mon", "tue", "wed", "thu", "fri"],
        "dates": [],
        "jitter": "0s",
    }
    assert (campaign["quiet_hours"], campaign["late_window"], campaign["approval"]) == (
        "21:00-07:00",
        "1h",
        "one",
    )
    text = bot("campaign", "list").out
    assert "Mon Tue Wed Thu Fri 09:30 13:30 16:30" in text
    assert "#RSOtenyears" in text


def test_a_campaign_in_order_is_said_to_be(bot: Bot, project: Path) -> None:
    ended = bot("campaign", "check")
    assert ended.code == 0
    assert "rsotenyears is in order" in ended.lines


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rsotenyears.txt.j2", "gone.txt.j2", "gone.txt.j2"),
        ('template = "rsotenyears.txt.j2"', 'template = "endless.txt.j2"', "endless.txt.j2"),
    ],
)
def test_a_template_that_does_not_render_is_a_problem_of_its_campaign(
    bot: Bot, project: Path, old: str, new: str, told: str
) -> None:
    (project / "templates" / "endless.txt.j2").write_text("{{ body * 100 }}")
    write(project, old, new)
    ended = bot("campaign", "check", "--json")
    assert ended.code == 1
    (campaign,) = ended.json["campaigns"]
    assert told in campaign["problems"][0]
    assert bot("campaign", "check").lines[0].startswith("problem: rsotenyears: ")


def test_missing_keys_and_missing_slots_are_warnings(bot: Bot, project: Path) -> None:
    text = (project / "schedules" / "rsotenyears.toml").read_text()
    start, end = text.index("slots = ["), text.index("# No slot falls")
    (project / "schedules" / "rsotenyears.toml").write_text(text[:start] + text[end:])
    ended = bot("campaign", "check", "--json")
    (campaign,) = ended.json["campaigns"]
    assert (ended.code, campaign["problems"]) == (0, [])
    assert campaign["warnings"][0].startswith("slots: it has none")
    assert campaign["warnings"][1].startswith("X_API_KEY, X_API_SECRET")


def test_a_file_that_is_wrong_is_one_line_with_its_place(bot: Bot, project: Path) -> None:
    write(project, "late_window", "late_windw")
    ended = bot("campaign", "check")
    assert ended.code == 1
    assert ended.err == (
        "error: schedules/rsotenyears.toml: late_windw: is not known: did you mean 'late_window'?\n"
    )


def test_the_next_free_slots_pass_over_what_is_taken(bot: Bot, queue: Path) -> None:
    free = [slot["due_at"] for slot in bot("campaign", "next", "--count", "3", "--json").json["slots"]]
    bot("queue", "add", "--campaign", "rsotenyears", "--body", "x", "--due", "next")
    (queued,) = bot("queue", "list", "--json").json["announcements"]
    assert queued["due_at"] == free[0]
    still = [slot["due_at"] for slot in bot("campaign", "next", "--count", "3", "--json").json["slots"]]
    assert still[:2] == free[1:]
    shown = bot("campaign", "next", "rsotenyears").lines
    assert len(shown) == 6
    assert shown[1].endswith("UTC)")


def test_an_unknown_campaign_is_told_with_those_that_there_are(bot: Bot, queue: Path) -> None:
    ended = bot("campaign", "next", "rso")
    assert ended.code == 1
    assert ended.err == "error: campaign 'rso' is not in the schedules folder (there: rsotenyears)\n"


def test_templates_are_tried_on_records_that_are_easily_forgotten(bot: Bot, project: Path) -> None:
    ended = bot("template", "check", "--json")
    assert ended.code == 0
    samples = {sample["sample"]: sample for sample in ended.json["samples"]}
    assert {"short", "long", "Thai", "emoji", "empty"} <= samples.keys()
    assert samples["long"]["was_cut"] is True
    assert samples["long"]["weighted_length"] <= 280
    assert "cut with an ellipsis" in bot("template", "check").out


def test_every_template_of_the_folder_is_tried_a_variant_in_its_own_language(bot: Bot, project: Path) -> None:
    folder = project / "templates"
    (folder / "news.txt.j2").write_text("{{ body|fit }} {{ due|date('MMMM') if due }}\n")
    (folder / "news.th.txt.j2").write_text("ข่าว {{ body|fit }} {{ due|date('MMMM') if due }}\n")
    samples = bot("template", "check", "--json").json["samples"]
    assert {sample["template"] for sample in samples} == {
        "news.th.txt.j2",
        "news.txt.j2",
        "rsotenyears.txt.j2",
    }
    short = {s["template"]: s["text"] for s in samples if s["sample"] == "short"}
    assert short["news.txt.j2"] == "The report of the forum is out. March"
    assert short["news.th.txt.j2"] == "ข่าว The report of the forum is out. มีนาคม"
    assert "news.th.txt.j2, short:\n  ข่าว The report" in bot("template", "check", "--texts").out


def test_a_template_says_which_drafts_it_touches_and_changes_nothing_that_is_approved(
    bot: Bot, queue: Path
) -> None:
    template = queue / "templates" / "news.txt.j2"
    template.write_text("{{ body }} {{ hashtag }}\n")
    record = {"campaign": "rsotenyears", "template": "news.txt.j2", "due": "2035-03-07 10:05"}
    for key, flags in (("kept", ["--approve", "--yes"]), ("draft", [])):
        (queue / f"{key}.json").write_text(json.dumps([{**record, "key": key, "body": f"The {key} one."}]))
        assert bot("queue", "import", f"{key}.json", *flags).code == 0
    before = bot("template", "check", "news.txt.j2").out
    assert before.endswith(
        "news.txt.j2 touches 1 not approved yet: draft\nnews.txt.j2: 1 approved keep the text that was approved\n"
    )
    template.write_text("News: {{ body }} {{ hashtag }}\n")
    assert (
        "news.txt.j2 would give another text by now to kept: `bot preview kept --diff`"
        in bot("template", "check").out
    )
    (uses,) = bot("template", "check", "news.txt.j2", "--json").json["uses"]
    assert uses == {
        "template": "news.txt.j2", "drafts": ["draft"], "approved": ["kept"], "would_differ": ["kept"],
    }  # fmt: skip
    shown = {
        each["name"]: each["posts"][0]["text"] for each in bot("preview", "--json").json["announcements"]
    }
    assert (shown["kept"], shown["draft"]) == (
        "The kept one. #RSOtenyears",
        "News: The draft one. #RSOtenyears",
    )


def test_a_template_that_does_not_render_is_named_with_its_line(bot: Bot, project: Path) -> None:
    (project / "templates" / "odd.txt.j2").write_text("{{ body }}\n{{ titel }}\n")
    ended = bot("template", "check", "odd.txt.j2")
    assert ended.code == 1
    assert "problem: templates/odd.txt.j2:2" in ended.out


def test_accounts_are_shown_without_their_keys(bot: Bot, project: Path) -> None:
    names = ("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")
    (project / ".env").write_text("".join(f"{name}=hidden-{name.lower()}\n" for name in names))
    (project / ".env").chmod(0o600)
    for arguments in (
        ["list"],
        ["list", "--json"],
        ["show", "baliprocessrso"],
        ["show", "baliprocessrso", "--json"],
    ):
        ended = bot("account", *arguments)
        assert ended.code == 0
        assert "hidden" not in ended.out
        assert "1000000000000000001" in ended.out
    assert bot("account", "show", "baliprocessrso", "--json").json["account"]["keys_set"] is True


def test_an_unknown_account_is_told_with_those_that_there_are(bot: Bot, project: Path) -> None:
    ended = bot("account", "show", "rso")
    assert (ended.code, ended.err) == (
        1,
        "error: account 'rso' is not in accounts.toml (there: baliprocessrso)\n",
    )
