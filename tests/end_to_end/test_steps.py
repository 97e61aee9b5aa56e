"""Steps and guards of the protocol whose absence nothing else would show; each is taken out in `tests/mutants`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.application.ports.checkpoint import Step
from bot.domain.attempt import Attempt
from bot.domain.states import KnownBy
from tests.end_to_end.stage import Stage
from tests.office import HANDLE

TEXT = "The forum met in Bangkok with 88 delegates of 24 states."


class Died(BaseException):
    """A worker that is killed: it does nothing more, and the system takes its locks."""


def dies() -> None:
    raise Died


def in_doubt(stage: Stage) -> bool:
    return "in_doubt" in dict(stage.attempts())


def known_before(stage: Stage) -> None:
    """Let the account have an own post that is old enough to be shown by any replica."""
    stage.by_hand("Known before.")
    stage.sandbox.state.posts.posts[stage.sandbox.posts()[0]["id"]].executed -= 1000


def test_what_a_dead_worker_had_claimed_is_taken_over_when_the_lease_ends(stage: Stage) -> None:
    stage.deeds.deeds["after claim 1"] = dies
    stage.queue(TEXT)
    with pytest.raises(Died):
        stage.play()
    assert (stage.states(), stage.attempts()) == (["publishing"], [])
    stage.play()
    assert stage.states() == ["published"]
    assert stage.counted() == (1, 1, 0)


def test_a_new_time_that_comes_between_claim_and_intent_is_kept(stage: Stage) -> None:
    new = (stage.clock.now() + timedelta(hours=5)).isoformat()
    stage.deeds.deeds["after claim 1"] = lambda: stage.program().control.reschedule("1", new, actor="bob")
    stage.queue(TEXT)
    stage.play()
    assert stage.states() == ["scheduled"]
    assert stage.counted() == (0, 0, 0)


def test_a_worker_that_stands_still_after_its_claim_finds_that_another_has_sent(stage: Stage) -> None:
    def another_worker_takes_over() -> None:
        stage.deeds.deeds.clear()
        stage.clock.leap(stage.program().profile.lease + 1)
        stage.play(until=lambda: stage.states() == ["published"])

    stage.deeds.deeds["after claim 1"] = another_worker_takes_over
    stage.queue(TEXT)
    stage.play()
    assert stage.counted() == (1, 1, 0)


@pytest.mark.parametrize(
    "place", ["before intent", "before witness", "before guard", "before create", "before outcome"]
)
def test_the_lock_is_held_from_before_the_intent_until_the_outcome_is_stored(
    stage: Stage, place: str
) -> None:
    others: list[bool] = []

    def try_to_take_it() -> None:
        lock = stage.program().locks.try_acquire(HANDLE)
        others.append(lock is not None)
        if lock:
            lock.release()

    stage.deeds.deeds[f"{place} 1"] = try_to_take_it
    stage.queue(TEXT)
    stage.play()
    assert others == [False]


def test_a_worker_that_stands_still_before_its_first_byte_keeps_every_other_one_waiting(stage: Stage) -> None:
    """For twice as long as another worker would need to believe it dead, and to send again."""

    def another_worker_goes_on() -> None:
        stage.deeds.deeds.clear()
        other, end = stage.start(), stage.clock.running() + 2 * stage.program().profile.settling
        while stage.clock.running() < end:
            stage.clock.leap(other.turn(HANDLE) or 10)

    stage.deeds.deeds["before create 1"] = another_worker_goes_on
    stage.queue(TEXT)
    stage.play()
    assert stage.attempts() == [("accepted", "answer")]
    assert stage.counted() == (1, 1, 0)


def test_what_is_being_sent_is_not_in_doubt_while_its_sender_has_the_lock(stage: Stage) -> None:
    seen: list[list[tuple[str, str | None]]] = []

    def another_worker_looks() -> None:
        stage.start().turn(HANDLE)
        seen.append(stage.attempts())

    stage.deeds.deeds["before create 1"] = another_worker_looks
    stage.queue(TEXT)
    stage.play()
    assert seen == [[("sending", None)]]
    assert stage.attempts() == [("accepted", "answer")]


def test_what_is_found_in_doubt_at_the_intent_is_settled_though_the_account_is_paused(stage: Stage) -> None:
    """Its sender dies, and people pause the account, when another worker has claimed it and waits for the lock."""
    stage.deeds.deeds["after create 1"] = dies
    stage.queue(TEXT)
    with pytest.raises(Died):
        stage.play()
    of_the_sender = stage.program().locks.try_acquire(HANDLE)
    assert of_the_sender

    def sender_is_gone_and_all_is_paused() -> None:
        stage.program().control.pause(HANDLE, "For this test.", actor="ann")
        of_the_sender.release()

    stage.deeds.deeds["after claim 2"] = sender_is_gone_and_all_is_paused
    stage.clock.leap(stage.program().profile.lease + 1)
    stage.play(until=lambda: stage.attempts() == [("accepted", "timeline")])
    assert stage.counted() == (1, 1, 0)


def settled_by_another(stage: Stage) -> None:
    """Another worker believes that the sender is dead, and settles its attempt: the lock was lost."""
    ports = stage.program().publishing
    with ports.concluding(Step.ORPHAN) as conclusion:
        conclusion.doubt_orphans(HANDLE)
    with ports.concluding(Step.SETTLE) as conclusion:
        attempt = conclusion.tx.attempts.get(1)
        assert conclusion.disprove(attempt, "two readings do not show it", wake_at=conclusion.now)


def test_a_sender_whose_attempt_was_settled_by_another_sends_no_byte(stage: Stage) -> None:
    stage.deeds.deeds["before guard 1"] = lambda: settled_by_another(stage)
    stage.queue(TEXT)
    stage.play()
    assert stage.attempts() == [("absent", None), ("accepted", "answer")]
    assert stage.counted() == (1, 1, 0)


def test_a_database_that_goes_away_before_the_first_byte_keeps_it_in(stage: Stage) -> None:
    database, away = stage.folder / "bot.db", stage.folder / "away.db"

    def goes_away() -> None:
        database.rename(away)
        stage.clock.plan(3, lambda: away.rename(database))

    stage.deeds.deeds["before guard 1"] = goes_away
    stage.queue(TEXT)
    stage.play()
    assert stage.attempts() == [("not_sent", None), ("accepted", "answer")]
    assert stage.counted() == (1, 1, 0)


def test_a_resend_is_looked_for_from_before_the_first_attempt(stage: Stage) -> None:
    """The first request lands unseen; another post goes out; the second request is in doubt as well."""
    known_before(stage)
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue("Out at once, and shown only later.")
    stage.queue("Out in between.", due_in=40, wait=False)
    stage.clock.plan(110, lambda: stage.sandbox.set_faults("break_before:1", "lag:100%:600"))
    stage.clock.plan(150, stage.sandbox.set_faults)
    stage.play(until=lambda: stage.states() == ["published"] * 2)
    assert stage.attempts() == [("absent", None), ("accepted", "answer"), ("accepted", "timeline")]
    assert stage.counted() == (3, 2, 0)


def open_attempts(stage: Stage) -> tuple[Attempt, Attempt]:
    """Give the first two attempts."""
    with stage.program().store.reading() as tx:
        return tx.attempts.get(1), tx.attempts.get(2)


def test_an_answer_that_comes_while_its_resend_is_open_is_taken_when_that_is_absent(stage: Stage) -> None:
    stage.sandbox.set_faults("break_before:100%")
    stage.queue(TEXT)
    stage.play(until=lambda: stage.attempts() == [("absent", None), ("in_doubt", None)])
    first, second = open_attempts(stage)
    ports = stage.ports(stage.program())
    with ports.concluding(Step.OUTCOME) as conclusion:
        assert not conclusion.accept(first, "111", KnownBy.ANSWER, {})
    assert stage.attempts() == [("absent", None), ("in_doubt", None)]
    with ports.concluding(Step.SETTLE) as conclusion:
        conclusion.disprove(second, "two readings do not show it", wake_at=conclusion.now)
    assert stage.attempts() == [("accepted", "answer"), ("absent", None)]
    assert stage.states() == ["published"]


def test_a_post_of_ours_is_not_taken_for_another_one_with_the_same_words(stage: Stage) -> None:
    """X shows both with altered links; the words are the same, and the one that is out belongs to the other attempt."""
    known_before(stage)
    stage.sandbox.set_faults("break_before:1", "resolved_links")
    stage.queue("Read it here: https://example.org/one", "Read it here: https://example.org/two")
    stage.play()
    assert stage.attempts() == [("absent", None), ("accepted", "answer"), ("accepted", "answer")]
    assert stage.counted() == (3, 2, 0)


def test_two_readings_in_one_breath_prove_no_absence(stage: Stage) -> None:
    """The worker stands still until the end of the wait, and X lags behind for the half minute after it."""
    known_before(stage)
    stage.sandbox.set_faults("break_after:1", "lag:100%:500")
    stage.queue(TEXT)
    work = stage.play(until=lambda: in_doubt(stage))
    stage.clock.leap(117)
    stage.clock.plan(20, stage.sandbox.set_faults)
    stage.play(work)
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


def test_an_early_reading_that_a_frozen_worker_takes_up_late_and_a_stale_one_prove_no_absence(
    stage: Stage,
) -> None:
    """Asked for at half the wait, when X does not show it yet, and taken up when the wait is over; X shows it in between."""
    known_before(stage)
    stage.sandbox.set_faults("break_after:1", "lag:100%:500")
    stage.queue(TEXT)
    work = stage.play(until=lambda: in_doubt(stage))

    def frozen() -> None:
        stage.clock.leap(75)
        stage.sandbox.set_faults("stale_reading:1:400")

    stage.deeds.deeds["after reading 1"] = frozen
    stage.clock.leap(60)
    stage.play(work)
    assert stage.sandbox.stats()["faults"]["stale_reading"] == 1
    assert stage.attempts() == [("accepted", "timeline")]
    assert stage.counted() == (1, 1, 0)


def test_what_was_found_meanwhile_is_not_called_absent(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    stage.play(until=lambda: in_doubt(stage))
    ports = stage.ports(stage.program())
    with ports.concluding(Step.SETTLE) as conclusion:
        attempt = conclusion.tx.attempts.get(1)
        conclusion.accept(attempt, stage.sandbox.posts()[0]["id"], KnownBy.TIMELINE, {})
    with ports.concluding(Step.SETTLE) as conclusion:  # by another process, which has read earlier
        conclusion.disprove(attempt, "two readings do not show it", wake_at=conclusion.now)
    assert stage.attempts() == [("accepted", "timeline")]


def test_the_reading_after_a_resend_waits_a_settling_time(stage: Stage) -> None:
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.queue(TEXT)
    work = stage.play(until=lambda: len(stage.attempts()) == 2)
    stage.clock.plan(100, stage.sandbox.set_faults)
    stage.play(work, until=lambda: "doubled" in stage.events())
    assert any("more than once" in subject for subject in stage.notices.subjects)


def test_people_are_told_of_a_holder_that_seems_frozen(stage: Stage) -> None:
    lock = stage.program().locks.try_acquire(HANDLE)
    assert lock
    stage.queue(TEXT)
    work = stage.play(until=frozen_is_told(stage))
    assert stage.counted() == (0, 0, 0)
    lock.release()
    stage.play(work)
    assert stage.counted() == (1, 1, 0)


def frozen_is_told(stage: Stage) -> Callable[[], bool]:
    """Whether people were told; it fails when they were not for an hour."""
    end = stage.clock.running() + 3600

    def told() -> bool:
        assert stage.clock.running() < end, "nobody was told"
        return any("seems frozen" in subject for subject in stage.notices.subjects)

    return told
