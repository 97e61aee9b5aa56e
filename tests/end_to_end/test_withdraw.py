"""What is out and should not be is deleted on a person's word, the last post first, and nothing else is (decision 0023)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.application.known_posts import sought
from bot.application.ports.checkpoint import Step
from bot.domain.errors import BotError, InputError, Refusal, SettingsMissing, TooLate, Unreachable, UsageError
from bot.domain.states import AttemptState, KnownBy
from bot.sandbox.faults import DELETE
from tests.end_to_end.by_command import command
from tests.end_to_end.copies import copied, put_back
from tests.end_to_end.stage import IMPATIENT, THREAD, Stage, open_stage
from tests.office import HANDLE


@pytest.fixture
def stage(tmp_path: Path, blank: Path) -> Iterator[Stage]:
    with open_stage(tmp_path / "stage", blank) as stage:
        stage.profile = IMPATIENT
        yield stage


@pytest.fixture
def thread(stage: Stage) -> Stage:
    """A thread of three is out."""
    stage.queue(THREAD, thread=True)
    stage.play()
    return stage


def deleted(stage: Stage) -> list[bool]:
    """Whether each post that X took is deleted, in their order."""
    return [post["deleted"] for post in stage.sandbox.posts()]


def deletions(stage: Stage) -> int:
    """How many requests to delete came."""
    return int(stage.sandbox.stats()["requests"].get("delete", 0))


def newest_known(stage: Stage) -> str | None:
    ((known,),) = stage.rows("SELECT newest_post_id FROM accounts")
    return None if known is None else str(known)


def test_a_thread_goes_last_post_first_and_the_log_says_why_and_who_wanted_it(thread: Stage) -> None:
    ids = [post["id"] for post in thread.sandbox.posts()]
    done = thread.withdraw("1", "The figure is last year's.")
    assert [gone.going.post.post_id for gone in done.gone] == ids[::-1]
    assert deleted(thread) == [True] * 3
    assert thread.states() == ["withdrawn"]
    rows = thread.rows("SELECT event, actor, data FROM journal ORDER BY seq DESC LIMIT 4")
    assert [event for event, _, _ in reversed(rows)] == ["withdraw", "withdrawn", "withdrawn", "withdrawn"]
    assert {actor for _, actor, _ in rows} == {"ann"}
    assert all("The figure is last year's." in data for _, _, data in rows)


def test_one_post_of_a_thread_goes_alone_and_the_others_stay(thread: Stage) -> None:
    assert command(thread, "withdraw", "1", "--post", "2", "--reason", "Wrong.", "--yes").code == 0
    assert deleted(thread) == [False, True, False]
    assert thread.states() == ["published"]
    with pytest.raises(Refusal, match="post 2 of 1 was withdrawn already"):
        thread.withdraw("1", number=2)
    thread.withdraw("1")
    assert (deleted(thread), thread.states(), deletions(thread)) == ([True] * 3, ["withdrawn"], 3)


def test_without_a_terminal_and_a_yes_it_shows_what_would_go_and_deletes_nothing(thread: Stage) -> None:
    thread.queue("A reply in the queue.", reply_to="1", due_in=3600, wait=False)
    first, second, third = (post["id"] for post in thread.sandbox.posts())
    ended = command(thread, "withdraw", "1", "--reason", "Wrong.")
    assert (ended.code, deletions(thread)) == (2, 0)
    assert "needs --yes" in ended.err
    shown = "\n".join(ended.lines)
    assert (
        ended.lines[0] == "1: 3 posts, the last one first, are to be deleted from @baliprocessrso, for $0.03"
    )
    assert shown.index(f"status/{third}") < shown.index(f"status/{second}") < shown.index(f"status/{first}")
    assert "    Two of three." in ended.lines
    assert "    → 2 (scheduled) is to reply to it, and will be held" in ended.lines
    one = command(thread, "withdraw", "1", "--post", "2", "--reason", "Wrong.")
    assert "    → post 3 replies to it, and stays" in one.lines
    as_json = command(thread, "withdraw", "1", "--reason", "Wrong.", "--json")
    assert [post["post_id"] for post in as_json.json["posts"]] == [third, second, first]
    assert as_json.json["cost_usd"] == 0.03
    assert "withdraw" not in thread.events()


def test_the_answer_in_json_says_what_was_deleted(thread: Stage) -> None:
    thread.sandbox.state.posts.delete(thread.sandbox.posts()[1]["id"])
    ended = command(thread, "withdraw", "1", "--reason", "Wrong.", "--yes", "--json")
    assert ended.json["announcement"]["state"] == "withdrawn"
    assert [(post["number"], post["was_there"]) for post in ended.json["posts"]] == [
        (3, True), (2, False), (1, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        (lambda stage: stage.withdraw("2"), "2 is draft: there is nothing to withdraw"),
        (lambda stage: stage.withdraw("1", number=4), "--post 4: 1 has 3 posts"),
        (lambda stage: stage.withdraw("1", None), "give --reason"),
        (lambda stage: stage.withdraw("nothing"), "nothing"),
    ],
)
def test_what_is_not_out_and_what_has_no_reason_is_refused(
    thread: Stage, deed: Callable[[Stage], object], why: str
) -> None:
    thread.program().intake.copy("1", {}, actor="ann")
    with pytest.raises((Refusal, UsageError, InputError), match=why):
        deed(thread)
    assert deletions(thread) == 0


def test_while_anything_of_the_account_is_in_doubt_nothing_is_deleted(thread: Stage) -> None:
    thread.sandbox.set_faults("break_after:1", "lag:100%:600")
    thread.queue("In doubt.")
    work = thread.play(until=lambda: "in_doubt" in dict(thread.attempts()))
    with pytest.raises(TooLate, match="2: it may be out; settle it first"):
        thread.withdraw("2")
    with pytest.raises(TooLate, match=r"2 of baliprocessrso is in doubt.*nothing was deleted"):
        thread.withdraw("1")
    assert (deletions(thread), "withdraw" in thread.events()) == (0, False)
    thread.sandbox.set_faults()
    thread.play(work)
    thread.withdraw("1")
    assert thread.states() == ["withdrawn", "published"]


def test_what_lost_its_sender_is_in_doubt_before_anything_is_deleted(thread: Stage) -> None:
    class Killed(BaseException):
        pass

    def kill() -> None:
        raise Killed

    thread.deeds.deeds["after create 4"] = kill
    thread.queue("Its sender is killed.")
    with pytest.raises(Killed):
        thread.play()
    with pytest.raises(TooLate, match="2 of baliprocessrso is in doubt"):
        thread.withdraw("1")
    assert thread.attempts()[-1] == ("in_doubt", None)
    assert deletions(thread) == 0


def test_while_another_process_sends_for_the_account_nothing_is_deleted(thread: Stage) -> None:
    lock = thread.program().locks.try_acquire(HANDLE)
    assert lock
    with pytest.raises(TooLate, match="is sending for baliprocessrso; nothing was deleted"):
        thread.withdraw("1")
    lock.release()
    assert deletions(thread) == 0


def test_with_the_keys_of_another_account_nothing_is_deleted(thread: Stage) -> None:
    thread.account(user_id="77")
    with pytest.raises(SettingsMissing, match=r"id 77: put the right keys in \.env; nothing was deleted"):
        thread.withdraw("1")
    assert (deletions(thread), "withdraw" in thread.events()) == (0, False)


def test_the_lock_is_held_while_it_deletes(thread: Stage) -> None:
    seen = list[object]()
    for count in (1, 2, 3):
        thread.deeds.deeds[f"before delete {count}"] = lambda: seen.append(
            thread.program().locks.try_acquire(HANDLE)
        )
    thread.withdraw("1")
    assert seen == [None] * 3
    assert thread.program().locks.try_acquire(HANDLE)


@pytest.mark.parametrize("fault", DELETE)
def test_what_x_does_not_do_is_told_stays_in_the_status_and_is_finished_by_asking_again(
    thread: Stage, fault: str
) -> None:
    thread.deeds.deeds["before delete 2"] = lambda: thread.sandbox.set_faults(f"{fault}:1")
    with pytest.raises(
        Unreachable, match=r"post 2 of 1 .* may still be there: .*1 of 3 posts are deleted"
    ) as told:
        thread.withdraw("1", "Wrong figure.")
    assert "\n" not in str(told.value)
    assert deleted(thread) == [False, fault == "delete_break", True]
    left = [(each["name"], each["number"]) for each in thread.status()["withdrawing"]]
    assert (left, thread.status()["needs_a_person"]) == ([("1", 1), ("1", 2)], True)
    assert "  → bot withdraw 1" in command(thread, "status").lines
    thread.play()
    assert deletions(thread) == 2  # no worker deletes by itself
    ended = command(thread, "withdraw", "1", "--yes")
    assert (ended.code, ended.lines[-1]) == (0, "1 is withdrawn: Wrong figure.")
    assert (deleted(thread), thread.states()) == ([True] * 3, ["withdrawn"])
    assert (thread.status()["withdrawing"], thread.status()["needs_a_person"]) == ([], False)


def test_a_wish_for_one_post_that_broke_off_is_finished_for_that_post_alone(thread: Stage) -> None:
    thread.sandbox.set_faults("delete_503:1")
    ended = command(thread, "withdraw", "1", "--post", "3", "--reason", "Wrong.", "--yes")
    assert (ended.code, ended.err.count("\n")) == (3, 1)
    thread.withdraw("1", None)
    assert deleted(thread) == [False, False, True]
    assert thread.states() == ["published"]


def test_what_was_seen_is_what_goes(thread: Stage) -> None:
    program = thread.program()
    withdrawing = program.withdrawing("ann")
    plan = withdrawing.plan("1", "Wrong.")
    thread.withdraw("1", number=2)
    with pytest.raises(Refusal, match="has changed since you looked"):
        withdrawing.carry_out(plan)
    assert deleted(thread) == [False, True, False]


def test_a_thread_that_waits_for_its_next_post_is_withdrawn_and_nothing_more_of_it_goes_out(
    stage: Stage,
) -> None:
    stage.queue(THREAD, thread=True)
    stage.deeds.deeds["after outcome 2"] = stage.clock.stop
    stage.play()
    stage.restart()
    assert stage.states() == ["publishing"]
    stage.withdraw("1")
    stage.clock.leap(60)
    stage.play()
    assert (stage.states(), stage.counted()[1], deleted(stage)) == (["withdrawn"], 2, [True, True])


def test_the_rest_of_a_thread_does_not_go_out_under_a_post_that_is_to_be_deleted(stage: Stage) -> None:
    stage.deeds.deeds["after outcome 2"] = lambda: stage.sandbox.set_faults("400:100%", "delete_503")
    stage.queue(THREAD, thread=True)
    stage.play()
    with pytest.raises(Unreachable):
        stage.withdraw("1", number=2)
    stage.sandbox.set_faults()
    stage.program().control.reschedule("1", "now", actor="bob")
    stage.play()
    assert (stage.states(), stage.held()) == (["partly_published"], ["parent"])
    assert "is being withdrawn" in stage.shown()["announcement"]["held"]["detail"]
    assert stage.counted()[1] == 2


def test_the_rest_of_a_thread_goes_on_under_a_post_that_stays_though_an_earlier_one_is_gone(
    stage: Stage,
) -> None:
    stage.deeds.deeds["after outcome 2"] = lambda: stage.sandbox.set_faults("400:100%", "delete_break")
    stage.queue(THREAD, thread=True)
    stage.play()
    with pytest.raises(Unreachable):
        stage.withdraw("1", number=1)
    stage.sandbox.set_faults()
    stage.clock.leap(60)
    stage.program().control.reschedule("1", "now", actor="bob")
    stage.play()
    assert (stage.states(), stage.counted()[1]) == (["published"], 3)


@pytest.mark.parametrize("by_id", [False, True])
def test_a_reply_to_a_post_that_was_withdrawn_is_held(thread: Stage, by_id: bool) -> None:
    last = thread.sandbox.posts()[-1]["id"]
    thread.queue("The reply.", reply_to=last if by_id else "1", due_in=300, wait=False)
    thread.withdraw("1", number=3)
    thread.clock.leap(400)
    thread.play()
    assert (thread.states(), thread.held()) == (["published", "held"], [None, "parent"])
    assert (
        f"post {last}, to which it replies, was withdrawn"
        in thread.shown("2")["announcement"]["held"]["detail"]
    )
    assert "The reply." not in thread.texts()


def test_the_text_may_go_out_again_and_is_no_repetition(stage: Stage) -> None:
    stage.queue("Come to the forum.")
    stage.play()
    program = stage.program()
    copy = program.intake.copy("1", {}, actor="ann")
    assert "repeated" in {each.rule for each in program.previewer.card(copy).warnings}
    stage.withdraw("1")
    assert "repeated" not in {each.rule for each in program.previewer.card(copy).warnings}
    program.control.cancel(copy.name, "For this test.", actor="ann")
    stage.queue("Come to the forum.")
    stage.play()
    assert stage.states() == ["withdrawn", "cancelled", "published"]
    assert stage.texts() == ["Come to the forum."] * 2
    assert deleted(stage) == [True, False]


def test_the_newest_own_post_known_is_one_that_stays_from_the_wish_on(stage: Stage) -> None:
    before = stage.by_hand("Written before the program came.")
    stage.queue("First.", "Second.")
    stage.play()
    first, second = [post["id"] for post in stage.sandbox.posts() if not post["by_hand"]]
    assert newest_known(stage) == second
    stage.sandbox.set_faults("delete_silence")
    with pytest.raises(Unreachable):
        stage.withdraw("2")
    assert newest_known(stage) == first
    stage.sandbox.set_faults()
    stage.withdraw("1")
    assert newest_known(stage) == before


def test_what_is_sent_again_after_the_post_known_before_it_was_withdrawn_can_still_be_settled(
    stage: Stage,
) -> None:
    stage.queue("First.", "Second.")
    work = stage.play()
    first, second = (post["id"] for post in stage.sandbox.posts())
    stage.sandbox.set_faults("429:1:60")
    stage.queue("Third.")
    stage.play(work, until=lambda: stage.attempts()[-1][0] == "refused")
    stage.withdraw("2")
    stage.sandbox.set_faults("break_before:1")
    stage.play(work, until=lambda: "in_doubt" in dict(stage.attempts()))
    with stage.program().store.reading() as tx:
        (doubtful,) = tx.attempts.open(HANDLE)
        assert (doubtful.since, sought(tx, doubtful).known) == (second, first)
    stage.play(work)
    assert stage.states() == ["published", "withdrawn", "published"]
    assert [state for state, _ in stage.attempts()][2:] == ["refused", "absent", "accepted"]


def test_a_post_that_turns_out_to_be_out_after_its_thread_was_withdrawn_is_told_and_deleted_on_the_next_word(
    stage: Stage,
) -> None:
    stage.queue(THREAD, thread=True)
    stage.deeds.deeds["after outcome 2"] = lambda: stage.sandbox.set_faults("break_before:100%")
    stage.play()
    assert stage.attempts()[-1] == ("absent", None)
    stage.sandbox.set_faults()
    stage.withdraw("1")
    assert stage.states() == ["withdrawn"]
    late = stage.by_hand("Three of three.", parent=stage.sandbox.posts()[1]["id"])
    with stage.ports(stage.program()).concluding(Step.SETTLE) as conclusion:
        last = [a for a in conclusion.tx.attempts.of_announcement(1) if a.state is AttemptState.ABSENT][-1]
        assert conclusion.accept(last, late, KnownBy.ANSWER, {})
    assert "1 was withdrawn, and a post of it is out after all" in stage.notices.subjects
    assert [each["post_id"] for each in stage.status()["withdrawing"]] == [late]
    stage.withdraw("1", None)
    assert all(deleted(stage))
    assert stage.status()["withdrawing"] == []
    assert command(stage, "log", "verify").code == 0


def test_what_it_costs_counts_against_the_months_money_and_does_not_stop_it(stage: Stage) -> None:
    stage.account("budget_usd = 0.015")
    stage.queue("All the money.")
    stage.play()
    stage.withdraw("1")
    assert stage.status()["accounts"][0]["spent_usd"] == 0.025
    assert stage.states() == ["withdrawn"]


def test_the_log_the_queue_and_the_csv_say_when_and_why(thread: Stage) -> None:
    thread.withdraw("1", "=SUM(1) is wrong.", number=3)
    *_, row = command(thread, "log").lines
    assert row.rstrip().endswith("=SUM(1) is wrong.")
    shown = "\n".join(command(thread, "queue", "show", "1").lines)
    assert "withdrawn by ann at 20" in shown
    *_, last = csv.DictReader(io.StringIO(command(thread, "log", "--format", "csv").out))
    assert last["withdrawn_reason"] == "'=SUM(1) is wrong."
    assert last["withdrawn_at"].endswith("Z")
    *_, post = command(thread, "log", "--json").json["posts"]
    assert (post["withdrawn"], post["withdrawal"]["by"]) == (True, "ann")


def test_a_post_edited_by_hand_goes_with_all_its_versions(stage: Stage) -> None:
    stage.queue("Come to the forum.")
    stage.play()
    stage.sandbox.state.posts.edit(stage.sandbox.posts()[0]["id"], "Come to the forum on Monday.")
    stage.withdraw("1")
    assert (deleted(stage), stage.states()) == ([True, True], ["withdrawn"])
    stage.clock.leap(300)
    assert command(stage, "log", "verify", "--against-account").code == 0


def test_every_error_of_it_is_one_line(thread: Stage) -> None:
    thread.sandbox.set_faults("delete_402")
    with pytest.raises(BotError) as told:
        thread.withdraw("1")
    assert "add credit" in str(told.value)
    assert told.value.exit_code == 3


def test_a_copy_of_the_database_that_has_forgotten_a_withdrawn_post_does_not_send_it_again(
    stage: Stage,
) -> None:
    stage.queue("Out before the copy.")
    stage.play()
    stage.queue("Withdrawn after it.", "Not out yet.", wait=False)
    copy = copied(stage)
    stage.clock.leap(62)
    stage.play()
    stage.withdraw("2")
    put_back(stage, copy)
    stage.play(until=lambda: "publishing" not in stage.states() and "scheduled" not in stage.states())
    assert (stage.states(), stage.held()[1]) == (["published", "held", "published"], "duplicate")
    assert stage.texts().count("Withdrawn after it.") == 1


def test_a_twin_that_an_earlier_attempt_has_left_is_told_though_ours_is_withdrawn(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue("Landed late.")
    work = stage.play(until=lambda: len(stage.attempts()) == 2)
    stage.sandbox.set_faults()
    stage.withdraw("1")
    stage.play(work, until=lambda: "doubled" in stage.events())
    assert "1 was out twice, and one of them is left" in stage.notices.subjects
    assert deleted(stage) == [False, True]


def test_what_is_left_of_a_withdrawal_is_the_next_step_that_the_queue_names(thread: Stage) -> None:
    thread.sandbox.set_faults("delete_503:1")
    with pytest.raises(Unreachable):
        thread.withdraw("1", number=2)
    lines = command(thread, "queue", "show", "1").lines
    assert "next: bot withdraw 1  (what is left of the withdrawal)" in lines
    assert any("and to be withdrawn: Wrong figure. (ann)" in line for line in lines)
