"""`bot preview --diff`: what was approved against what the record says by now."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.cli.conftest import Bot

FILES = Path(__file__).parents[1] / "data" / "media"
TEMPLATE = Path("templates/plain.txt.j2")
RECORD = {
    "key": "news",
    "campaign": "rsotenyears",
    "due": "2035-03-07 10:05",
    "template": "plain.txt.j2",
    "body": "The report is out.",
}


def queued(bot: Bot, *, approved: bool = True, **fields: Any) -> None:
    """Queue a record whose template says what it says, and the campaign's hashtag."""
    TEMPLATE.write_text("{{ body }}\n#RSOtenyears\n")
    Path("news.json").write_text(json.dumps([{**RECORD, **fields}]))
    arguments = ["--approve", "--yes"] if approved else []
    done = bot("queue", "import", "news.json", *arguments)
    assert done.code == 0, done.err


def compared(bot: Bot) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bot("preview", "news", "--diff", "--json").json["announcements"][0][
        "compared"
    ]
    return found


def test_what_is_as_it_was_approved_ends_with_0(queue: Path, bot: Bot) -> None:
    queued(bot)
    same = bot("preview", "news", "--diff")
    assert (same.code, same.err) == (0, "")
    assert same.lines[0] == "news"
    assert same.lines[1].startswith("  the same as what is frozen, approved by ")
    (only,) = compared(bot)
    assert (only["basis"], only["differs"], only["others"]) == ("frozen", False, [])


def test_a_template_changed_after_approval_is_told_word_by_word_and_ends_with_1(
    queue: Path, bot: Bot
) -> None:
    queued(bot)
    TEMPLATE.write_text("{{ body|replace('report', 'study') }}\n#RSOtenyears\n")
    other = bot("preview", "news", "--diff")
    assert other.code == 1
    assert "    The [-report-]{+study+} is out." in other.lines
    assert "    #RSOtenyears" in other.lines
    (only,) = compared(bot)
    assert only["posts"] == [
        {
            "then": "The report is out.\n#RSOtenyears",
            "now": "The study is out.\n#RSOtenyears",
            "differs": True,
            "changes": [
                {"kind": "same", "text": "The "},
                {"kind": "gone", "text": "report"},
                {"kind": "new", "text": "study"},
                {"kind": "same", "text": " is out.\n#RSOtenyears"},
            ],
            "media": [],
            "extras": [],
        }
    ]


def test_the_preview_itself_still_shows_what_is_frozen(queue: Path, bot: Bot) -> None:
    queued(bot)
    TEMPLATE.write_text("{{ body }} Or not.\n")
    assert bot("preview", "news", "--diff").code == 1
    card = bot("preview", "news", "--json").json["announcements"][0]
    assert (card["posts"][0]["text"], card["frozen"]) == ("The report is out.\n#RSOtenyears", True)


def test_an_edit_is_held_against_what_the_last_approver_saw_and_says_who_edited_what(
    queue: Path, bot: Bot
) -> None:
    queued(bot, approved=False, body="Draft.")
    queued(bot)  # an edit before the approval, which is no news
    assert bot("queue", "edit", "news", "--body", "The report is out at last.").code == 0
    other = bot("preview", "news", "--diff")
    assert other.code == 1
    assert "  differs from what was seen at the last approval, approved by " in other.out
    assert "    The report is [-out.-]{+out at last.+}" in other.lines
    assert any(line.startswith("  edited since by ") and line.endswith(": body") for line in other.lines)
    (only,) = compared(bot)
    assert (only["basis"], [edit["fields"] for edit in only["edits"]]) == ("seen", [["body"]])


def test_an_edit_that_was_taken_back_makes_it_the_same_again(queue: Path, bot: Bot) -> None:
    queued(bot)
    for body in ("Another.", RECORD["body"]):
        assert bot("queue", "edit", "news", "--body", body).code == 0
    assert bot("preview", "news", "--diff").code == 0


def test_another_picture_under_the_same_name_is_told(queue: Path, bot: Bot) -> None:
    shutil.copytree(FILES, queue / "pictures")
    queued(bot, media=[{"path": "pictures/convert.jpg", "alt": "Delegates"}])
    shutil.copy(FILES / "convert.png", queue / "pictures" / "convert.jpg")
    (only,) = compared(bot)
    assert only["posts"][0]["media"] == ["pictures/convert.jpg holds another picture or film"]
    assert (only["posts"][0]["differs"], only["others"]) == (True, [])
    other = bot("preview", "news", "--diff")
    assert other.code == 1
    assert "    pictures/convert.jpg holds another picture or film" in other.lines


def test_a_changed_alt_text_alone_is_told_by_the_digest_once_the_approval_is_gone(
    queue: Path, bot: Bot
) -> None:
    shutil.copytree(FILES, queue / "pictures")
    queued(bot, media=[{"path": "pictures/convert.jpg", "alt": "Delegates"}])
    queued(bot, approved=False, media=[{"path": "pictures/convert.jpg", "alt": "Delegates at a table"}])
    other = bot("preview", "news", "--diff")
    assert other.code == 1
    assert "no text differs: the media, an alt text," in other.out
    assert other.lines[-1].endswith(": media")


def test_a_post_that_came_into_the_thread_is_new_and_one_that_went_is_gone(queue: Path, bot: Bot) -> None:
    queued(bot, body="One.\n---\nTwo.", thread=True)
    queued(bot, approved=False, body="One.\n---\nTwo.\n---\nThree.", thread=True)
    assert "  post 3: is new" in bot("preview", "news", "--diff").lines
    queued(bot, approved=False, body="One.", thread=True)
    assert "  post 2: is gone" in bot("preview", "news", "--diff").lines


def test_a_record_that_does_not_render_any_more_says_why(queue: Path, bot: Bot) -> None:
    queued(bot)
    TEMPLATE.write_text("{{ titel }}\n")
    other = bot("preview", "news", "--diff")
    assert other.code == 1
    assert "'titel' is not known here" in other.out


def test_what_nobody_approved_is_no_difference(queue: Path, bot: Bot) -> None:
    queued(bot, approved=False)
    nothing = bot("preview", "--diff")
    assert (nothing.code, nothing.lines) == (
        0,
        ["news", "  nobody has approved it: there is nothing to compare"],
    )
    assert compared(bot) == []


def test_a_text_cannot_steer_the_terminal_through_a_difference(queue: Path, bot: Bot) -> None:
    queued(bot)
    TEMPLATE.write_text("{{ body }}\u202e\x1b[31m\n")
    assert not {"\u202e", "\x1b"} & set(bot("preview", "news", "--diff").out)


def test_a_page_and_a_difference_at_once_is_wrong_usage(queue: Path, bot: Bot) -> None:
    refused = bot("preview", "--diff", "--html", "week.html")
    assert (refused.code, Path("week.html").exists()) == (2, False)
