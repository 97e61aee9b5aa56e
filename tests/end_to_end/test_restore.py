"""`bot db backup` and `bot db restore`: nothing that went out since the copy was made goes out again (design, section 5)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Ended
from tests.end_to_end.by_command import command
from tests.end_to_end.copies import lose, put_back
from tests.end_to_end.stage import THREAD, Stage
from tests.office import HANDLE

SINCE = ["After it, one.", "After it, two."]


def backed_up(stage: Stage) -> Path:
    """Put a copy aside by the command."""
    copy = stage.folder.parent / "copy.db"
    done = command(stage, "db", "backup", str(copy))
    assert done.code == 0, done
    return copy


def restored(stage: Stage, copy: Path) -> Ended:
    """End every process and put a copy back by the command."""
    stage.close()
    done = command(stage, "db", "restore", str(copy))
    assert done.code == 0, done
    stage.close()
    return done


PUT_BACK = pytest.mark.parametrize("bring_back", [restored, put_back], ids=["by command", "by hand"])


@pytest.mark.parametrize("lost", ["", "witness", "folder"])
def test_a_restored_copy_sends_nothing_again_and_the_rest_goes_out(stage: Stage, lost: str) -> None:
    stage.queue("Before the copy.")
    stage.play()
    stage.queue(*SINCE, "Cancelled, then brought back by the copy.", wait=False)
    copy = backed_up(stage)
    command(stage, "queue", "cancel", "4", "--reason", "For this test.")
    stage.clock.leap(62)
    stage.play()
    lose(stage, lost)
    restored(stage, copy)
    began = stage.clock.running()
    stage.play(until=lambda: set(stage.states()) == {"published"})
    assert stage.clock.running() - began >= 120, "the settling time"
    assert stage.counted() == (4, 4, 0)
    assert [by for _, by in stage.attempts()] == ["answer", "timeline", "timeline", "answer"]
    assert stage.status()["pauses"] == []
    assert command(stage, "log", "verify").code == 0


def test_a_post_that_is_not_out_is_not_held_for_one_like_it_that_is(stage: Stage) -> None:
    stage.queue("Day 1 of the forum, in Bangkok.", "Day 2 of the forum, in Bangkok.", wait=False)
    copy = backed_up(stage)
    command(stage, "queue", "cancel", "1", "--reason", "For this test.")
    stage.clock.leap(62)
    stage.play()
    restored(stage, copy)
    stage.play(until=lambda: stage.states() == ["published"] * 2)
    assert [by for _, by in stage.attempts()] == ["timeline", "answer"]
    assert stage.counted() == (2, 2, 0)


def test_a_copy_from_before_anything_was_sent_sends_nothing_again_though_all_beside_it_is_lost(
    stage: Stage,
) -> None:
    """Copied back by hand, nobody could tell it from a new installation; the command leaves its mark."""
    stage.queue(*SINCE, wait=False)
    copy = backed_up(stage)
    stage.clock.leap(62)
    stage.play()
    lose(stage, "folder")
    restored(stage, copy)
    stage.play(until=lambda: stage.states() == ["published"] * 2)
    assert stage.counted() == (2, 2, 0)


def test_a_thread_of_which_the_copy_knows_the_beginning_goes_on_from_where_it_stands(stage: Stage) -> None:
    stage.queue(THREAD, thread=True)
    copies: list[Path] = []
    stage.deeds.deeds["after outcome 1"] = lambda: copies.append(backed_up(stage))
    stage.deeds.deeds["after outcome 2"] = lambda: stage.sandbox.set_faults("400:100%")
    stage.play()
    stage.sandbox.set_faults()
    restored(stage, copies[0])
    stage.play(until=lambda: stage.states() == ["published"])
    assert [by for _, by in stage.attempts()] == ["answer", "timeline", "answer"]
    assert stage.counted()[1:] == (3, 0)


@pytest.mark.parametrize("moment", ["after intent 1", "after witness 1", "after outcome 1"])
def test_a_copy_made_in_the_midst_of_sending_settles_that_post_by_the_timeline(
    stage: Stage, moment: str
) -> None:
    copies: list[Path] = []
    stage.deeds.deeds[moment] = lambda: copies.append(backed_up(stage))
    stage.queue("In flight when the copy was made.")
    stage.play()
    restored(stage, copies[0])
    stage.play(until=lambda: stage.states() == ["published"])
    assert stage.counted() == (1, 1, 0)


@PUT_BACK
def test_what_the_copy_lacks_altogether_is_not_sent_again_when_it_is_queued_anew(
    stage: Stage, bring_back: object
) -> None:
    assert callable(bring_back)
    stage.queue("Before the copy.")
    stage.play()
    copy = backed_up(stage)
    stage.queue(*SINCE)
    stage.play()
    bring_back(stage, copy)
    stage.queue(*SINCE, "Something new.")
    stage.play(until=lambda: set(stage.states()) == {"published"})
    assert [by for _, by in stage.attempts()] == ["answer", "timeline", "timeline", "answer"]
    assert stage.counted() == (4, 4, 0)


@PUT_BACK
@pytest.mark.parametrize("body", [*SINCE, THREAD], ids=["one", "two", "a thread"])
def test_what_the_copy_lacks_is_held_when_it_is_queued_anew_after_the_comparison(
    stage: Stage, bring_back: object, body: str
) -> None:
    assert callable(bring_back)
    thread = body == THREAD
    stage.queue("Before the copy.")
    stage.play()
    copy = backed_up(stage)
    stage.queue(body, thread=thread)
    stage.play()
    out = stage.counted()
    bring_back(stage, copy)
    stage.queue("Something new.", wait=False)
    stage.play(until=lambda: stage.states() == ["published"] * 2)
    stage.queue(body, thread=thread)
    stage.play()
    assert stage.states()[2] == "held"
    assert stage.held()[2] == "duplicate"
    assert stage.counted() == (out[0] + 1, out[1] + 1, 0)


def test_a_person_may_send_once_more_what_went_out_after_the_copy_was_made(stage: Stage) -> None:
    stage.queue("Before the copy.")
    stage.play()
    copy = backed_up(stage)
    stage.queue(SINCE[0])
    stage.play()
    restored(stage, copy)
    stage.play(until=lambda: stage.status()["pauses"] == [])
    stage.queue(SINCE[0])
    stage.play()
    held = stage.status()["held"][0]["held"]["detail"]
    assert f"post {stage.sandbox.posts()[1]['id']} says the same" in held
    assert "`bot queue reschedule 2 --due now` sends it once more" in held
    assert command(stage, "queue", "reschedule", "2", "--due", "now").code == 0
    stage.play()
    assert stage.states() == ["published"] * 2
    assert stage.texts().count(SINCE[0]) == 2


def test_a_worker_that_drains_the_queue_waits_for_the_comparison(stage: Stage) -> None:
    stage.queue("Before the copy.")
    stage.play()
    stage.queue(*SINCE, wait=False)
    copy = backed_up(stage)
    stage.clock.leap(62)
    stage.play()
    restored(stage, copy)
    work = stage.start()
    assert not work.drained()
    stage.play(work)
    assert stage.states() == ["published"] * 3
    assert stage.counted() == (3, 3, 0)


def test_a_worker_that_drains_the_queue_waits_no_longer_than_for_what_is_in_doubt(stage: Stage) -> None:
    stage.queue(*SINCE, wait=False)
    copy = backed_up(stage)
    stage.clock.leap(62)
    restored(stage, copy)
    stage.sandbox.set_faults("timeline_503:100%")
    began = stage.clock.running()
    stage.play()
    assert 900 <= stage.clock.running() - began <= 1_200
    assert stage.counted()[0] == 0


def test_nobody_can_let_it_go_on_before_the_account_was_compared(stage: Stage) -> None:
    stage.queue(*SINCE, wait=False)
    copy = backed_up(stage)
    stage.clock.leap(62)
    stage.play()
    restored(stage, copy)
    status = command(stage, "status")
    assert "a copy of the database was put back" in status.out
    command(stage, "resume")
    assert [pause["kind"] for pause in stage.status()["pauses"]] == ["older_database"]
    stage.play(until=lambda: stage.states() == ["published"] * 2)
    assert stage.counted() == (2, 2, 0)


def test_the_log_tells_of_the_restore_and_a_head_from_after_the_copy_leads_to_the_kept_file(
    stage: Stage,
) -> None:
    stage.queue("Before.")
    stage.play()
    copy = backed_up(stage)
    early = command(stage, "log", "verify", "--json").json
    stage.queue("After.")
    stage.play()
    late = command(stage, "log", "verify", "--json").json
    restored(stage, copy)
    stage.play(until=lambda: stage.status()["pauses"] == [])
    (aside,) = stage.folder.glob("bot.db.replaced-*")
    row = stage.rows("SELECT seq, data FROM journal WHERE event = 'restored'")
    assert len(row) == 1
    assert aside.name in row[0][1]
    assert command(stage, "log", "verify", "--head", f"{early['rows']}:{early['head']}").code == 0
    for head in (late["head"], f"{late['rows']}:{late['head']}"):
        found = command(stage, "log", "verify", "--head", head)
        assert found.code == 1
        assert found.out == (
            f"the log is broken: row {row[0][0]}: the head that was noted down is not in it: an older copy was put back "
            f"here; {aside.name} holds the log as it was before, check the head there\n"
        )
    stage.env["BOT_DATABASE_URL"] = f"sqlite:///{aside}"
    assert command(stage, "log", "verify", "--head", late["head"]).code == 0


def test_what_was_replaced_can_be_put_back_again_and_sends_nothing_twice_either(stage: Stage) -> None:
    stage.queue("Before.")
    stage.play()
    copy = backed_up(stage)
    stage.queue("After.")
    stage.play()
    restored(stage, copy)
    (aside,) = stage.folder.glob("bot.db.replaced-*")
    restored(stage, aside)
    stage.queue("Later.")
    stage.play(until=lambda: stage.states() == ["published"] * 3)
    assert stage.counted() == (3, 3, 0)
    assert command(stage, "log", "verify").code == 0


def test_a_copy_whose_log_does_not_hold_is_not_put_back(stage: Stage) -> None:
    stage.queue("Before.")
    stage.play()
    copy = backed_up(stage)
    with closing(sqlite3.connect(copy)) as connection, connection:
        (sql,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'journal_no_update'"
        ).fetchone()
        connection.execute("DROP TRIGGER journal_no_update")
        connection.execute("UPDATE journal SET actor = 'sam' WHERE seq = 2")
        connection.execute(sql)
    done = command(stage, "db", "restore", str(copy))
    assert done.code == 1
    assert "does not hold, so it is not put back: row 2: its content was changed" in done.err
    assert sorted(stage.folder.glob("bot.db.replaced-*")) == []


def test_a_restore_waits_for_nobody_who_is_sending(stage: Stage) -> None:
    stage.queue("Before.")
    stage.play()
    copy = backed_up(stage)
    lock = stage.program().locks.try_acquire(HANDLE)
    assert lock is not None
    done = command(stage, "db", "restore", str(copy))
    assert done.code == 1
    assert f"is sending for {HANDLE}: end it first" in done.err
    lock.release()
    assert command(stage, "db", "restore", str(copy)).code == 0


def test_a_worker_that_runs_is_named_and_one_that_was_killed_counts_as_gone_in_time(stage: Stage) -> None:
    copy = backed_up(stage)
    work = stage.start()
    work.beat()
    done = command(stage, "db", "restore", str(copy))
    assert done.code == 1
    assert f"the worker {work.ports.worker} runs (last seen 0 s ago): end it first" in done.err
    stage.clock.leap(46)
    assert command(stage, "db", "restore", str(copy)).code == 0


def test_a_worker_that_ended_in_good_order_is_not_waited_for(stage: Stage) -> None:
    work = stage.start()
    work.beat()
    copy = backed_up(stage)
    work.beat(ended=True)
    assert command(stage, "db", "restore", str(copy)).code == 0
    assert command(stage, "db", "restore", str(copy)).code == 0, "nor one that ran when the copy was made"


def test_no_key_is_in_a_copy(stage: Stage) -> None:
    stage.queue("Before.")
    stage.play()
    content = backed_up(stage).read_bytes()
    secrets = [value for name, value in stage.env.items() if name.startswith("X_") and "URL" not in name]
    assert len(secrets) == 4
    assert [secret for secret in secrets if secret.encode() in content] == []
    assert b"Before." in content


def test_a_copy_passes_the_check_and_a_spoilt_one_does_not(stage: Stage) -> None:
    copy = backed_up(stage)
    assert command(stage, "db", "check", str(copy)).out == f"{copy} is whole\n"
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("DROP TRIGGER journal_no_update")
    done = command(stage, "db", "check", str(copy), "--json")
    assert (done.code, done.json["ok"]) == (1, False)
    assert command(stage, "db", "check", str(copy.with_name("none.db"))).code == 3


def test_a_queue_that_is_not_in_a_file_is_told_of_in_one_line(stage: Stage) -> None:
    stage.env["BOT_DATABASE_URL"] = "postgresql://bot@localhost/bot"
    for name in ("backup", "restore"):
        done = command(stage, "db", name, "copy.db")
        assert done.code == 4
        assert "this version keeps its queue in SQLite" in done.err
