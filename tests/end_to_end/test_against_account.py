"""`bot log verify --against-account`, and the worker's daily comparison: an account that is not as the log says is noticed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cli.conftest import Ended
from tests.end_to_end.by_command import command
from tests.end_to_end.stage import THREAD, Stage

DAY = 86_400.0


@pytest.fixture
def published(stage: Stage) -> Stage:
    """Three announcements are out, and a post by hand is older than all of them; the settling time has passed."""
    stage.by_hand("Written before the program came.")
    stage.queue("The report is out & about: https://example.org/report?a=1&b=2", "Second.", "Third.")
    stage.play()
    stage.clock.leap(300)
    return stage


def compared(stage: Stage, *options: str) -> Ended:
    return command(stage, "log", "verify", "--against-account", *options)


def findings(stage: Stage, *options: str) -> list[dict[str, Any]]:
    """What was found on the one account."""
    ended = compared(stage, "--json", *options)
    (account,) = ended.json["accounts"]
    assert ended.code == (1 if account["findings"] else 0)
    return list(account["findings"])


def kinds(stage: Stage, *options: str) -> list[tuple[str, str]]:
    return [(each["kind"], each["post_id"]) for each in findings(stage, *options)]


def ids(stage: Stage) -> list[str]:
    """The posts on X that came through the API, in order."""
    return [str(post["id"]) for post in stage.sandbox.posts() if not post.get("by_hand")]


def test_an_account_that_shows_what_the_log_says_is_told_so_with_how_far_back_it_was_read(
    published: Stage,
) -> None:
    ended = compared(published)
    assert ended.code == 0, ended
    log, account = ended.lines
    assert log.startswith("the log holds: ")
    assert account.startswith("baliprocessrso: the account shows what the log says; compared from 20")
    assert account.endswith("Z on (4 posts read)")


def test_a_post_that_nobody_here_sent_is_named_with_its_link_and_what_to_do(published: Stage) -> None:
    post_id = published.by_hand("Buy coins now & here.")
    ended = compared(published)
    assert ended.code == 1
    line = ended.lines[1]
    assert line.startswith(f"baliprocessrso: https://x.com/baliprocessrso/status/{post_id}, 20")
    assert ": is not from here: 'Buy coins now & here.' → if nobody of the team posted it by hand" in line
    assert kinds(published) == [("not_ours", post_id)]


def test_a_post_of_ours_that_was_deleted_by_hand_is_named_with_its_announcement(published: Stage) -> None:
    gone = ids(published)[1]
    published.sandbox.state.posts.delete(gone)
    (found,) = findings(published)
    assert (found["kind"], found["post_id"], found["announcement"]) == ("gone", gone, "2")
    assert "`bot withdraw 2 --reason …`" in found["what_to_do"]


def test_a_deletion_that_was_noted_is_found_no_more(published: Stage) -> None:
    published.sandbox.state.posts.delete(ids(published)[1])
    command(published, "withdraw", "2", "--reason", "Deleted by hand.", "--yes")
    assert findings(published) == []


def test_a_post_that_was_edited_by_hand_is_known_by_its_history_and_named_with_both_texts(
    published: Stage,
) -> None:
    edited = published.sandbox.state.posts.edit(ids(published)[1], "Second, and more.")
    (found,) = findings(published)
    assert (found["kind"], found["post_id"], found["announcement"]) == ("changed", edited.id, "2")
    assert (found["sent"], found["shown"]) == ("Second.", "Second, and more.")


def test_a_link_that_was_edited_by_hand_is_no_link_that_x_resolved(published: Stage) -> None:
    first = ids(published)[0]
    published.sandbox.set_faults("resolved_links:100%")
    assert findings(published) == []
    published.sandbox.set_faults()
    text = "The report is out & about: https://example.net/elsewhere"
    published.sandbox.state.posts.edit(first, text)
    (found,) = findings(published)
    assert (found["kind"], found["shown"]) == ("changed", text)


def test_a_post_edited_back_to_what_was_sent_is_no_difference(published: Stage) -> None:
    edited = published.sandbox.state.posts.edit(ids(published)[1], "Wrong.")
    published.sandbox.state.posts.edit(edited.id, "Second.")
    assert findings(published) == []


def test_a_second_post_with_the_text_and_parent_of_one_of_ours_is_a_double(published: Stage) -> None:
    twin = published.by_hand("Second.")
    (found,) = findings(published)
    assert (found["kind"], found["post_id"], found["other"]) == ("double", twin, ids(published)[1])
    reply = published.by_hand("Third.", parent=ids(published)[0])
    assert kinds(published) == [("double", twin), ("not_ours", reply)]


def test_a_double_within_a_thread_is_one_though_the_parent_was_edited(stage: Stage) -> None:
    stage.queue(THREAD, thread=True)
    stage.play()
    stage.clock.leap(300)
    first, second, _ = ids(stage)
    edited = stage.sandbox.state.posts.edit(first, "One of three!")
    twin = stage.by_hand("Two of three.", parent=edited.id)
    assert kinds(stage) == [("changed", edited.id), ("double", twin)]
    assert findings(stage)[1]["other"] == second


def test_the_same_text_sent_twice_on_purpose_is_no_double(stage: Stage) -> None:
    for _ in range(2):
        stage.queue("Come to the forum.")
        stage.play()
    stage.clock.leap(300)
    assert len(ids(stage)) == 2
    assert findings(stage) == []


def test_a_withdrawn_post_that_is_still_there_is_named(published: Stage) -> None:
    command(published, "withdraw", "2", "--reason", "A wrong number.", "--yes")
    assert findings(published) == []
    post = published.sandbox.state.posts.posts[
        next(
            p.id
            for p in published.sandbox.state.posts.posts.values()
            if p.text == "Second." and p.deleted_at is not None
        )
    ]
    post.deleted_at = None
    assert kinds(published) == [("still_there", post.id)]


def test_what_is_in_doubt_is_left_to_the_worker(published: Stage) -> None:
    published.sandbox.set_faults("break_after:1")
    published.queue("In doubt, and out.")
    work = published.start()
    work.turn("baliprocessrso")
    published.sandbox.set_faults()
    assert published.attempts()[-1][0] == "in_doubt"
    assert findings(published) == []


def test_a_timeline_that_lags_calls_nothing_gone(published: Stage) -> None:
    published.queue("Just out.")
    published.play()
    published.sandbox.set_faults("lag:100%:600")
    published.clock.leap(300)
    for post in published.sandbox.state.posts.posts.values():
        post.executed -= 10_000 if post.text != "Just out." else 0
    assert findings(published) == []


def test_a_timeline_that_lacks_what_was_there_before_is_no_reading(published: Stage) -> None:
    published.sandbox.set_faults("stale_reading:100%:500")
    ended = compared(published)
    assert ended.code == 3
    assert (
        "the account cannot be read, so that nothing was compared: the timeline does not show post"
        in ended.out
    )


@pytest.mark.parametrize("fault", ["timeline_503:100%", "errors_200:100%"])
def test_an_account_that_cannot_be_read_ends_with_3_and_the_log_is_checked_all_the_same(
    published: Stage, fault: str
) -> None:
    published.sandbox.set_faults(fault)
    ended = compared(published)
    assert ended.code == 3
    assert ended.lines[0].startswith("the log holds: ")
    assert "the account cannot be read" in ended.lines[1]
    (account,) = compared(published, "--json").json["accounts"]
    assert (account["findings"], bool(account["unreadable"])) == ([], True)


def test_all_pages_of_the_timeline_are_compared(published: Stage) -> None:
    for number in range(150):
        published.by_hand(f"By hand, no. {number}.")
    assert len(findings(published)) == 150


def test_what_is_older_than_asked_for_is_not_compared(published: Stage) -> None:
    published.sandbox.state.posts.delete(ids(published)[0])
    published.by_hand("Long ago, by hand.")
    published.clock.leap(2 * DAY)
    later = published.by_hand("Now, by hand.")
    since = (published.clock.now() - timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    assert kinds(published, "--since", since) == [("not_ours", later)]
    assert len(findings(published, "--since", "2001-01-01")) == 3, "nothing from before the log began"
    assert len(findings(published)) == 3


def test_an_account_with_more_posts_than_x_shows_is_compared_as_far_back_as_it_shows(
    published: Stage,
) -> None:
    published.sandbox.state.posts.delete(ids(published)[1])
    for number in range(3_190):
        published.by_hand(f"By hand, no. {number}.")
    assert {kind for kind, _ in kinds(published)} == {"gone", "not_ours"}
    for number in range(20):
        published.by_hand(f"By hand, another {number}.")
    (account,) = compared(published, "--json").json["accounts"]
    assert account["posts_read"] == 3_200
    assert account["back_to"] > account["since"]
    assert {each["kind"] for each in account["findings"]} == {"not_ours"}, (
        "what X shows no more is not called gone"
    )
    assert (
        compared(published)
        .lines[-1]
        .startswith("baliprocessrso: X shows no older posts, so that those from ")
    )


def test_an_account_for_which_nothing_was_sent_has_nothing_to_compare(stage: Stage) -> None:
    stage.by_hand("By hand.")
    ended = compared(stage)
    assert (ended.code, ended.lines[1]) == (
        0,
        "baliprocessrso: nothing was sent yet, so that there is nothing to compare",
    )


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--account", "baliprocessrso"], 2), (["--against-account", "--account", "nobody"], 1)],
)
def test_options_that_cannot_be_meant_are_told_of(stage: Stage, options: list[str], code: int) -> None:
    ended = command(stage, "log", "verify", *options)
    assert (ended.code, ended.err.count("\n")) == (code, 1)


def days(stage: Stage, number: int) -> None:
    """Let days pass, with a worker that looks each hour, as its sweep does each minute."""
    work = stage.start()
    for _ in range(24 * number):
        stage.clock.leap(3_600)
        if "baliprocessrso" in work.accounts():
            assert work.seconds_left("baliprocessrso") == 0.0
            work.turn("baliprocessrso")


def test_the_worker_compares_once_a_day_and_tells_each_difference_once(published: Stage) -> None:
    published.by_hand("Buy coins now.")
    gone = ids(published)[1]
    published.sandbox.state.posts.delete(gone)
    days(published, 3)
    assert published.events().count("account_compared") == 3
    assert published.events().count("account_differs") == 2
    told = [subject for subject in published.notices.subjects if "not as the log says" in subject]
    assert told == ["baliprocessrso: 2 posts on the account not as the log says"]
    published.by_hand("And more of them.")
    days(published, 2)
    told = [subject for subject in published.notices.subjects if "not as the log says" in subject]
    assert told[1:] == ["baliprocessrso: 1 post on the account not as the log says"]
    assert command(published, "log", "verify").code == 0


def test_the_status_shows_for_a_week_what_the_worker_found(published: Stage) -> None:
    published.by_hand("Buy coins now.")
    days(published, 1)
    status = command(published, "status")
    assert "noticed: a post of baliprocessrso is not from here (found in the last 7 days)" in status.out
    assert "→ bot log verify --against-account --account baliprocessrso" in status.out
    assert [each["event"] for each in published.status()["differences"]] == ["account_differs"]
    published.clock.leap(8 * DAY)
    assert "noticed" not in command(published, "status").out


def test_a_restart_compares_no_sooner_and_nothing_that_was_told_is_told_again(published: Stage) -> None:
    published.by_hand("Buy coins now.")
    for _ in range(4):
        days(published, 1)
    assert published.events().count("account_compared") == 4
    assert published.events().count("account_differs") == 1


def test_on_its_first_day_an_account_is_not_compared(published: Stage) -> None:
    published.by_hand("Buy coins now.")
    work = published.start()
    for _ in range(23):
        published.clock.leap(3_600)
        assert work.accounts() == []
    assert "account_compared" not in published.events()


def test_a_post_that_is_due_soon_goes_before_the_comparison(published: Stage) -> None:
    published.clock.leap(DAY)
    published.queue("Due in a minute.", due_in=0.0, wait=False)
    work = published.start()
    left = work.turn("baliprocessrso")
    assert left is not None
    assert left <= 60
    assert "account_compared" not in published.events()
    published.clock.leap(left)
    work.turn("baliprocessrso")
    assert published.events()[-1] == "account_compared"
    assert published.counted() == (4, 4, 0)


def test_an_account_that_could_not_be_read_is_read_an_hour_later(published: Stage) -> None:
    published.clock.leap(DAY)
    published.sandbox.set_faults("timeline_503:100%")
    work = published.start()
    work.turn("baliprocessrso")
    published.sandbox.set_faults()
    published.clock.leap(3_500)
    assert work.accounts() == []
    published.clock.leap(200)
    work.turn("baliprocessrso")
    assert published.events().count("account_compared") == 1


def test_a_worker_that_runs_for_one_turn_each_day_compares_too(published: Stage) -> None:
    published.clock.leap(DAY)
    assert command(published, "run", "--once").code == 0
    assert published.events()[-1] == "account_compared"


def test_posts_that_an_older_database_lacks_are_not_told_of_twice(published: Stage) -> None:
    copy = published.folder.parent / "copy.db"
    command(published, "db", "backup", str(copy))
    published.queue("After the copy.")
    published.play()
    published.close()
    command(published, "db", "restore", str(copy))
    published.close()
    published.play(until=lambda: published.status()["pauses"] == [])
    assert any("1 newer posts are not in this database" in subject for subject in published.notices.subjects)
    days(published, 2)
    assert published.events().count("account_compared") == 2
    assert "account_differs" not in published.events()
