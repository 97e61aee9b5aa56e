"""`bot queue sync`: the queue says what the files of a folder say, and no file that is wrong changes anything."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Bot, Ended

REPORT = "The report is out."
FORUM = "---\nschedule: 2035-05-02 10:00\n---\nCome to the forum.\n"


@pytest.fixture
def posts(queue: Path) -> Path:
    """A folder of two announcements, in a project with an empty queue."""
    posts = queue / "posts"
    write(posts / "2027" / "report.tweet", REPORT)
    write(posts / "forum.tweet", FORUM)
    return posts


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def sync(bot: Bot, *options: str) -> Ended:
    return bot("queue", "sync", "posts", "--campaign", "rsotenyears", *options)


def told(bot: Bot, *options: str) -> dict[str, str]:
    """What became of each announcement, those that nothing happened to left out."""
    rows = sync(bot, "--json", *options).json["rows"]
    return {row["key"]: row["action"] for row in rows if row["action"] != "unchanged"}


def queued(bot: Bot) -> dict[str, dict[str, Any]]:
    found = bot("queue", "list", "--all", "--json").json["announcements"]
    return {each["name"]: each for each in found}


def states(bot: Bot) -> dict[str, str]:
    return {name: each["state"] for name, each in queued(bot).items()}


def approve(bot: Bot, name: str) -> None:
    digest = bot("preview", name, "--json").json["announcements"][0]["digest"]
    done = bot("queue", "approve", name, "--digest", digest)
    assert done.code == 0, done.err


def test_the_files_of_a_folder_become_drafts_and_the_same_folder_again_changes_nothing(
    posts: Path, bot: Bot
) -> None:
    first = sync(bot)
    assert (first.code, first.lines[1:]) == (
        0,
        [
            "posts/2027/report.tweet:1  2027/report.tweet  added",
            "posts/forum.tweet:4        forum.tweet        added",
            "2 added",
        ],
    )
    assert states(bot) == {"2027/report.tweet": "draft", "forum.tweet": "draft"}
    again = sync(bot)
    assert (again.code, again.lines) == (0, ["2 unchanged"])


def test_a_dry_run_tells_the_same_and_changes_nothing(posts: Path, bot: Bot) -> None:
    assert told(bot, "--dry-run") == {"2027/report.tweet": "added", "forum.tweet": "added"}
    assert states(bot) == {}
    sync(bot)
    write(posts / "forum.tweet", "Come to Manila.")
    (posts / "2027" / "report.tweet").unlink()
    before = queued(bot)
    assert told(bot, "--dry-run") == {"2027/report.tweet": "cancelled", "forum.tweet": "changed"}
    assert queued(bot) == before


def test_a_changed_file_is_an_edit_and_its_approval_is_gone_and_that_is_told(posts: Path, bot: Bot) -> None:
    sync(bot)
    approve(bot, "forum.tweet")
    write(posts / "forum.tweet", FORUM.replace("forum", "Forum"))
    assert sync(bot).lines[1] == "posts/forum.tweet:4  forum.tweet   changed  body; its approval is gone"
    assert states(bot)["forum.tweet"] == "draft"
    assert bot("queue", "show", "forum.tweet", "--json").json["announcement"]["record"]["body"] == (
        "Come to the Forum."
    )


def test_nothing_is_ever_approved_by_a_sync(posts: Path, bot: Bot) -> None:
    sync(bot)
    write(posts / "forum.tweet", FORUM.replace("forum", "Forum"))
    sync(bot)
    assert set(states(bot).values()) == {"draft"}


def test_what_is_gone_from_the_folder_is_cancelled_and_comes_back_as_a_draft_with_its_file(
    posts: Path, bot: Bot
) -> None:
    sync(bot)
    approve(bot, "forum.tweet")
    (posts / "forum.tweet").unlink()
    cancelled = sync(bot)
    assert cancelled.lines[1] == (
        "posts/forum.tweet  forum.tweet   cancelled  its file is gone; its approval is gone"
    )
    assert states(bot)["forum.tweet"] == "cancelled"
    assert told(bot) == {}
    write(posts / "forum.tweet", FORUM)
    assert told(bot) == {"forum.tweet": "restored"}
    assert states(bot)["forum.tweet"] == "draft"
    assert bot("log", "verify").code == 0


def test_a_record_that_is_taken_out_of_a_file_of_several_is_cancelled_alone(posts: Path, bot: Bot) -> None:
    several = "- {key: a, body: One.}\n- {key: b, body: Two.}\n"
    write(posts / "several.yaml", several)
    sync(bot)
    write(posts / "several.yaml", several.splitlines()[0])
    assert told(bot) == {"b": "cancelled"}


@pytest.mark.parametrize("wrong", ["---\nscedule: 2035-05-02 10:00\n---\nCome.", "---\nCome.", "\x00"])
def test_a_file_that_is_wrong_changes_nothing_of_its_announcement(posts: Path, bot: Bot, wrong: str) -> None:
    sync(bot)
    approve(bot, "forum.tweet")
    before = queued(bot)
    write(posts / "forum.tweet", wrong)
    ended = sync(bot, "--json")
    assert ended.code == 1
    (row,) = [each for each in ended.json["rows"] if each["action"] != "unchanged"]
    assert (row["action"], row["key"], row["id"]) == ("refused", None, None)
    assert row["where"].startswith("posts/forum.tweet")
    assert queued(bot) == before


def test_a_file_is_taken_whole_or_not_at_all_and_the_others_go_on(posts: Path, bot: Bot) -> None:
    write(posts / "several.yaml", "- {key: a, body: One.}\n- {key: b, body: Two., campaign: nowhere}\n")
    ended = sync(bot, "--json")
    assert ended.code == 1
    refused = [row["why"] for row in ended.json["rows"] if row["action"] == "refused"]
    assert len(refused) == 1
    assert "nowhere" in refused[0]
    assert set(states(bot)) == {"2027/report.tweet", "forum.tweet"}


def test_a_file_under_a_new_name_that_is_wrong_does_not_cancel_what_the_old_one_held(
    posts: Path, bot: Bot
) -> None:
    sync(bot)
    (posts / "forum.tweet").rename(posts / "the-forum.tweet")
    write(posts / "the-forum.tweet", "---\nkey: forum.tweet\nwrong: 1\n---\nCome.")
    ended = sync(bot)
    assert ended.code == 1
    assert "it may be in the-forum.tweet, which is wrong: it stays until that is mended" in ended.out
    assert states(bot)["forum.tweet"] == "draft"
    write(posts / "the-forum.tweet", "Something else.")
    assert told(bot) == {"the-forum.tweet": "added", "forum.tweet": "cancelled"}


def test_a_record_that_moved_into_a_file_that_is_wrong_is_not_cancelled(posts: Path, bot: Bot) -> None:
    write(posts / "a.yaml", "- {key: a, body: One.}\n- {key: b, body: Two.}\n")
    write(posts / "b.yaml", "- {key: c, body: Three.}\n")
    sync(bot)
    write(posts / "a.yaml", "- {key: a, body: One.}\n")
    write(posts / "b.yaml", "- {key: c, body: Three.}\n- {key: b, bodi: Two.}\n")
    assert told(bot).get("b") == "refused"
    assert set(states(bot).values()) == {"draft"}
    write(posts / "b.yaml", "- {key: c, body: Three.}\n- {key: b, body: Two.}\n")
    assert told(bot) == {}


@pytest.mark.parametrize("how", ["emptied", "vanished"])
def test_an_empty_or_vanished_folder_cancels_nothing_and_says_so(posts: Path, bot: Bot, how: str) -> None:
    sync(bot)
    before = queued(bot)
    shutil.rmtree(posts)
    if how == "emptied":
        posts.mkdir()
    ended = sync(bot)
    assert ended.code == 1
    assert ended.err.startswith("error: posts: ")
    assert "nothing is changed" in ended.err
    assert queued(bot) == before


def test_a_file_that_moves_with_its_key_is_the_same_announcement(posts: Path, bot: Bot) -> None:
    write(posts / "a.yaml", "{key: mine, body: Hello.}")
    sync(bot)
    approvable = queued(bot)["mine"]
    (posts / "a.yaml").rename(posts / "2027" / "b.yaml")
    assert "mine" in sync(bot).out
    assert queued(bot)["mine"] == approvable
    (posts / "2027" / "b.yaml").unlink()
    assert told(bot) == {"mine": "cancelled"}


def test_what_was_edited_in_the_queue_is_a_conflict_until_the_file_says_it_too(posts: Path, bot: Bot) -> None:
    sync(bot)
    edited = bot("queue", "edit", "forum.tweet", "--body", "Come to Manila.")
    assert (edited.code, edited.err) == (
        0,
        "note: it is kept in posts/forum.tweet: bring the edit there, or a sync shows a conflict\n",
    )
    ended = sync(bot)
    assert ended.code == 1
    assert (
        "conflict  was edited in the queue since: bring the edit into the file, or give --overwrite; body"
        in ended.out
    )
    write(posts / "forum.tweet", FORUM.replace("the forum", "Manila"))
    assert told(bot) == {}
    write(posts / "forum.tweet", FORUM)
    assert told(bot) == {"forum.tweet": "changed"}


def test_the_files_win_over_the_queue_only_where_somebody_says_so(posts: Path, bot: Bot) -> None:
    sync(bot)
    bot("queue", "edit", "forum.tweet", "--body", "Come to Manila.")
    assert told(bot) == {"forum.tweet": "conflict"}
    assert told(bot, "--overwrite") == {"forum.tweet": "changed"}
    assert told(bot) == {}


def test_what_was_cancelled_in_the_queue_stays_cancelled_though_its_file_is_there(
    posts: Path, bot: Bot
) -> None:
    sync(bot)
    bot("queue", "cancel", "forum.tweet", "--reason", "Postponed.")
    assert told(bot) == {"forum.tweet": "stays"}
    write(posts / "forum.tweet", FORUM.replace("forum", "Forum"))
    assert told(bot) == {"forum.tweet": "refused"}
    assert states(bot)["forum.tweet"] == "cancelled"


def test_what_came_another_way_is_not_overwritten_and_what_says_the_same_is_adopted(
    posts: Path, bot: Bot
) -> None:
    same = bot("queue", "import", "posts/forum.tweet", "--campaign", "rsotenyears")
    other = bot("queue", "add", "--campaign", "rsotenyears", "--key", "2027/report.tweet", "--body", "Mine.")
    assert (same.code, other.code) == (0, 0)
    assert told(bot) == {"2027/report.tweet": "conflict"}
    shutil.rmtree(posts / "2027")
    (posts / "forum.tweet").rename(posts / "other.tweet")
    assert told(bot) == {"other.tweet": "added", "forum.tweet": "cancelled"}
    assert states(bot)["2027/report.tweet"] == "draft"


def test_the_same_key_in_two_files_is_refused_in_the_second(posts: Path, bot: Bot) -> None:
    write(posts / "a.yaml", "{key: mine, body: Hello.}")
    write(posts / "b.yaml", "{key: mine, body: Another.}")
    ended = sync(bot)
    assert ended.code == 1
    assert "posts/b.yaml:1" in ended.out
    assert "key: 'mine' stands at posts/a.yaml:1 already: keep one" in ended.out


def test_two_translations_of_one_file_that_would_have_one_name_are_refused(posts: Path, bot: Bot) -> None:
    thai = "- {translation_of: day, language: th, body: %s}\n"
    write(posts / "a.yaml", "- {key: day, body: Hello.}\n" + thai % "สวัสดี" + thai % "หวัดดี")
    ended = sync(bot)
    assert ended.code == 1
    assert "key: 'day.th' stands at posts/a.yaml:2 already: keep one" in ended.out


def test_what_another_folder_keeps_is_refused(posts: Path, bot: Bot, queue: Path) -> None:
    write(posts / "a.yaml", "{key: mine, body: Hello.}")
    sync(bot)
    write(queue / "others" / "a.yaml", "{key: mine, body: Another.}")
    ended = bot("queue", "sync", "others", "--campaign", "rsotenyears")
    assert ended.code == 1
    assert "is kept in the folder posts already: keep it in one of the two" in ended.out


def test_a_translation_belongs_to_its_original_whichever_of_their_files_comes_first(
    posts: Path, bot: Bot
) -> None:
    write(posts / "a.yaml", "{key: day.th, translation_of: day, language: th, body: สวัสดี}")
    write(posts / "b.yaml", "{key: day, language: en, body: Hello.}")
    ended = sync(bot)
    assert ended.code == 0, ended.out
    family = bot("queue", "list", "--family", "day", "--json").json["announcements"]
    assert {each["name"] for each in family} == {"day", "day.th"}


def test_a_folder_is_the_same_one_from_wherever_it_is_named(
    posts: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(bot)
    monkeypatch.chdir(posts / "2027")
    again = bot("queue", "sync", "..", "--campaign", "rsotenyears")
    assert (again.code, again.lines) == (0, ["2 unchanged"])


def test_an_export_that_is_put_into_a_folder_is_adopted_without_a_change_and_leads_from_then_on(
    posts: Path, bot: Bot
) -> None:
    bot("queue", "add", "--campaign", "rsotenyears", "--body", "Without a key.", "--due", "2035-05-02 10:00")
    bot("queue", "add", "--campaign", "rsotenyears", "--key", "mine", "--body", "Mine.")
    assert bot("queue", "export", "--output", "posts/all.xlsx").code == 0
    assert set(told(bot).values()) == {"added"}
    assert len(states(bot)) == 4
    assert sync(bot).lines == ["4 unchanged"]
    (posts / "all.xlsx").unlink()
    assert sorted(told(bot).values()) == ["cancelled", "cancelled"]


def test_a_copy_of_a_file_with_its_key_does_not_take_the_announcement_over(posts: Path, bot: Bot) -> None:
    write(posts / "e.yaml", "key: e\ndue: 2035-05-02 10:00\nbody: The report is out.\n")
    sync(bot)
    approve(bot, "e")
    write(posts / "aa.yaml", "key: e\ndue: 2035-05-02 10:00\nbody: Another one.\n")
    ended = sync(bot)
    assert ended.code == 1
    assert "key: 'e' is kept in e.yaml: give it another" in ended.out
    write(posts / "e.yaml", "key: e\nbody: [\n")
    assert "key: 'e' is kept in e.yaml: give it another" in sync(bot).out
    assert states(bot)["e"] == "scheduled"
    (posts / "e.yaml").unlink()
    assert told(bot) == {"e": "changed"}


def test_a_folder_that_was_renamed_takes_over_what_the_old_one_kept(posts: Path, bot: Bot) -> None:
    sync(bot)
    shutil.copytree(posts, posts.with_name("later"))
    shutil.rmtree(posts)
    ended = bot("queue", "sync", "later", "--campaign", "rsotenyears")
    assert (ended.code, ended.out.count("was in posts"), ended.lines[-1]) == (0, 2, "2 unchanged")
    assert "was in posts" not in bot("queue", "sync", "later", "--campaign", "rsotenyears").out


def test_a_folder_beside_the_one_that_keeps_the_records_takes_over_only_if_a_person_says_so(
    posts: Path, bot: Bot
) -> None:
    sync(bot)
    shutil.copytree(posts, posts.with_name("later"))
    again = ("queue", "sync", "later", "--campaign", "rsotenyears")
    refused, taken = bot(*again), bot(*again, "--overwrite")
    assert refused.code == 1
    assert "keep it in one of the two, or give --overwrite" in refused.out
    assert (taken.code, taken.out.count("was in posts")) == (0, 2)
