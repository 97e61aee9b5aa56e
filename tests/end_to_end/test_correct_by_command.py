"""`bot correct` as people use it: what they see, what they are asked, who has to say yes (decision 0024)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.domain.announcement import MediaItem, Poll, ReplySettings
from tests.end_to_end.by_command import command
from tests.end_to_end.stage import Stage
from tests.office import ROOT

FILES = ROOT / "tests" / "data" / "media"
OLD, NEW = "The report is uot.", "The report is out."


@pytest.fixture
def stage(premium: Stage) -> Stage:
    return premium


@pytest.fixture
def out(stage: Stage) -> Stage:
    stage.queue(OLD)
    stage.play()
    return stage


def body(stage: Stage) -> dict[str, Any]:
    """The request that came last."""
    found: dict[str, Any] = json.loads(stage.sandbox.state.counters.bodies[-1])
    return found


def test_without_a_terminal_it_shows_what_changes_and_waits_for_its_digest(out: Stage) -> None:
    asked = command(out, "correct", "1", "--text", NEW, "--reason", "A typo.")
    assert asked.code == 0
    assert "The report is [-uot.-]{+out.+}" in asked.out
    assert "corrects 1, post 1" in asked.out
    assert "at once, when it is approved" in asked.out
    assert out.counted()[0] == 1
    digest = out.program().previewer.card(out.program().report.show("2").announcement).digest
    assert f"bot queue approve 2 --digest {digest}" in asked.out
    assert command(out, "queue", "approve", "2", "--digest", digest).code == 0
    out.play()
    assert body(out)["text"] == NEW


def test_as_json_it_gives_the_announcement_and_its_card(out: Stage) -> None:
    given = json.loads(command(out, "correct", "1", "--text", NEW, "--json").out)
    assert given["announcement"]["state"] == "submitted"
    assert given["card"]["corrects"]["text"] == OLD
    assert given["card"]["posts"][0]["text"] == NEW
    shown = json.loads(command(out, "preview", "2", "--json").out)["announcements"][0]
    assert (shown["digest"], shown["corrects"]) == (given["card"]["digest"], given["card"]["corrects"])


def test_where_nobody_has_to_approve_it_goes_out_now(out: Stage) -> None:
    out.campaign(approval='"none"')
    out.env["BOT_APPROVAL"] = "none"
    assert "goes out now" in command(out, "correct", "1", "--text", NEW).out
    out.play()
    assert body(out)["text"] == NEW


def test_where_two_have_to_approve_one_yes_is_not_enough(out: Stage) -> None:
    out.campaign(approval='"two"')
    program = out.program()
    digest = json.loads(command(out, "correct", "1", "--text", NEW, "--json").out)["card"]["digest"]
    program.approval.approve("2", digest, actor="ann")
    out.play()
    assert (out.states(), out.counted()[0]) == (["published", "submitted"], 1)
    program.approval.approve("2", digest, actor="bob")
    out.play()
    assert out.states() == ["published", "published"]


def test_the_hour_is_what_counts_and_not_when_it_was_asked_for(out: Stage) -> None:
    out.campaign(late_window='"5m"')
    digest = json.loads(command(out, "correct", "1", "--text", NEW, "--json").out)["card"]["digest"]
    out.clock.leap(1_800)
    out.program().approval.approve("2", digest, actor="bob")
    out.play()
    assert out.states() == ["published", "published"]


def test_an_approval_after_the_hour_is_refused_and_names_no_way_to_mend_it(out: Stage) -> None:
    digest = json.loads(command(out, "correct", "1", "--text", NEW, "--json").out)["card"]["digest"]
    out.clock.leap(3_600)
    refused = command(out, "queue", "approve", "2", "--digest", digest)
    assert refused.code == 1
    assert refused.err.endswith("UTC: the text on X stays as it is\n")


def test_a_text_from_a_file_is_taken_as_it_is_but_for_white_space_around_it(
    out: Stage, tmp_path: Path
) -> None:
    (tmp_path / "new.txt").write_bytes(b"\xef\xbb\xbfThe report is out.\r\n\r\nRead it.\r\n")
    assert command(out, "correct", "1", "--file", str(tmp_path / "new.txt")).code == 0
    assert out.shown("2")["announcement"]["record"]["body"].strip() == "The report is out.\n\nRead it."


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ([], 2, "--text TEXT or --file FILE"),
        (["--text", "a", "--file", "b"], 2, "--text TEXT or --file FILE"),
        (["--file", "nowhere.txt"], 1, "cannot be read"),
        (["--text", NEW, "--post", "2"], 1, "has 1 posts"),
        (["--text", OLD], 1, "changes nothing"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(out: Stage, options: list[str], code: int, words: str) -> None:
    ended = command(out, "correct", "1", *options)
    assert ended.code == code, ended.err
    assert words in ended.err
    assert ended.err.count("\n") == 1
    assert out.states() == ["published"]


def test_a_correction_can_be_reworded_and_nothing_else_of_it_changed(out: Stage) -> None:
    command(out, "correct", "1", "--text", "The report is oot.")
    refused = command(out, "queue", "edit", "2", "--link", "https://example.org")
    assert refused.code == 1
    assert "link: 2 is a correction, of which only the body can be changed" in refused.err
    assert command(out, "queue", "edit", "2", "--body", NEW).code == 0
    digest = json.loads(command(out, "preview", "2", "--json").out)["announcements"][0]["digest"]
    assert command(out, "queue", "approve", "2", "--digest", digest).code == 0
    out.play()
    assert body(out)["text"] == NEW


def test_the_hashtag_stays_in_the_post_that_had_it_and_is_asked_of_no_other(stage: Stage) -> None:
    stage.campaign(hashtag='"RSOtenyears"')
    stage.queue("One. #RSOtenyears\n---\nTow.", thread=True)
    stage.play()
    refused = command(stage, "correct", "1", "--post", "1", "--text", "First.")
    assert "the campaign's hashtag #RSOtenyears is in none of its posts" in refused.err
    assert command(stage, "correct", "1", "--post", "2", "--text", "Two.").code == 0


def test_the_pictures_and_marks_of_the_post_stay_with_its_correction(stage: Stage) -> None:
    shutil.copy(FILES / "convert.png", stage.folder / "figure.png")
    picture = MediaItem("figure.png", "A figure.")
    stage.queue(OLD, media=(picture,), made_with_ai=True, reply_settings=ReplySettings.FOLLOWING)
    stage.play()
    before = body(stage)
    digest = json.loads(command(stage, "correct", "1", "--text", NEW, "--json").out)["card"]["digest"]
    stage.program().approval.approve("2", digest, actor="bob")
    stage.play()
    edited = body(stage)
    (previous,) = {post["edits"] for post in stage.sandbox.posts() if post["edits"]}
    assert edited == {**before, "text": NEW, "edit_options": {"previous_post_id": previous}}


def test_a_poll_is_not_corrected(stage: Stage) -> None:
    stage.queue("Yes or no?", poll=Poll(("Yes", "No")))
    stage.play()
    ended = command(stage, "correct", "1", "--text", "Yes or No?")
    assert "X does not let posts with polls be edited" in ended.err
