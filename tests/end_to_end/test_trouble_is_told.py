"""When something breaks, people read what, where and what to do: in the status, in a notice, in the answer of a command."""

from __future__ import annotations

from contextlib import closing

import pytest

from bot.application.ports.account_states import Pause, PauseKind
from tests.end_to_end.by_command import command
from tests.end_to_end.stage import Stage
from tests.end_to_end.test_decisions import sent_by_the_dead
from tests.end_to_end.test_store_away import impatient, locked
from tests.office import HANDLE


def told_of(stage: Stage, words: str) -> list[str]:
    return [subject for subject in stage.notices.subjects if words in subject]


def test_an_x_out_of_reach_is_told_after_a_quarter_of_an_hour_and_once(stage: Stage) -> None:
    stage.env["X_API_BASE_URL"] = "http://127.0.0.1:1"
    stage.queue("Nobody is there.")
    work = stage.start()
    began = stage.clock.running()
    while not told_of(stage, "cannot publish"):
        stage.clock.leap(work.turn(HANDLE) or 60)
        assert stage.clock.running() - began < 1200
    assert stage.clock.running() - began >= 900
    for _ in range(30):
        stage.clock.leap(work.turn(HANDLE) or 60)
    assert len(told_of(stage, "cannot publish")) == 1
    assert "Connection refused" in told_of(stage, "cannot publish")[0]


def test_missing_keys_are_told_at_once(stage: Stage) -> None:
    del stage.env["X_ACCESS_TOKEN_SECRET"]
    stage.queue("Without a key.")
    work = stage.start()
    work.turn(HANDLE)
    assert len(told_of(stage, "X_ACCESS_TOKEN_SECRET")) == 1


def test_what_was_tried_and_will_be_tried_again_stands_in_the_status_with_its_reason(stage: Stage) -> None:
    stage.sandbox.set_faults("400:1")
    stage.queue("Refused for the first time.")
    stage.play(until=lambda: stage.attempts() == [("refused", None)])
    status = command(stage, "status").out
    assert "tried: 1, attempt 1 refused: invalid: X answered 400" in status
    assert stage.status()["failing"][0]["attempt"]["state"] == "refused"
    stage.play()
    assert stage.status()["failing"] == []


def test_what_a_dead_sender_left_behind_stands_in_the_status_and_needs_a_person_while_no_worker_runs(
    stage: Stage,
) -> None:
    sent_by_the_dead(stage)
    ended = command(stage, "status")
    assert ended.code == 1
    assert "in doubt: 1, attempt 1: its sender is gone" in ended.out
    assert "bot queue show 1" in ended.out


REMEDIES = {
    PauseKind.PEOPLE: "→ bot resume --account",
    PauseKind.UNAUTHORISED: "start the worker anew",
    PauseKind.NO_CREDIT: "budget_usd in accounts.toml; then bot resume --account",
    PauseKind.IDENTITY: "mend accounts.toml, or the keys in .env",
    PauseKind.CLOCK: "set this machine's clock right",
    PauseKind.OLDER_DATABASE: "goes on by itself",
    PauseKind.ASSUMPTION: "whether the post is there twice",
}


@pytest.mark.parametrize("kind", PauseKind)
def test_every_kind_of_pause_says_what_lets_the_account_go_on(stage: Stage, kind: PauseKind) -> None:
    stage.ports(stage.program()).stop(HANDLE, kind, "for a test")
    assert REMEDIES[kind] in command(stage, "status").out


def test_a_pause_that_nobody_can_lift_by_hand_names_no_command(stage: Stage) -> None:
    pause = Pause(HANDLE, PauseKind.OLDER_DATABASE, "copied back", "w", stage.clock.now())
    assert "bot resume" not in pause.remedy


def test_a_database_that_does_not_answer_for_long_is_told_and_that_it_is_back(stage: Stage) -> None:
    work = stage.start(impatient(stage))
    work.beat()
    with closing(locked(stage)):
        work.beat()
        stage.clock.leap(30)
        work.beat()
        assert stage.notices.subjects == []
        stage.clock.leap(31)
        work.beat()
        work.beat()
        assert stage.notices.subjects == ["nothing is sent: the database does not answer"]
    work.beat()
    work.beat()
    assert stage.notices.subjects[1:] == ["the database answers again"]


def test_a_pause_that_the_database_cannot_take_names_the_file_that_stops_everything_without_it(
    stage: Stage,
) -> None:
    with closing(locked(stage)):
        ended = command(stage, "pause", "--why", "Mourning.", program=impatient(stage))
    assert (ended.code, ended.err.count("\n")) == (3, 1)
    assert f"Nothing is paused! An empty file {stage.folder / 'PAUSE'} stops every account" in ended.err


def test_an_approval_that_fails_for_its_template_says_to_mend_the_template(stage: Stage) -> None:
    (stage.folder / "templates" / "plain.txt.j2").write_text("{{ boddy")
    command(stage, "queue", "add", "--campaign", "test", "--body", "A", "--due", "2045-01-01 10:00")
    ended = command(stage, "queue", "approve", "1", "--digest", "0" * 12)
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "plain.txt.j2:1: " in ended.err
    assert "mend the template" in ended.err
    assert "queue edit" not in ended.err


def test_a_worker_that_ended_and_one_that_vanished_are_told_apart(stage: Stage) -> None:
    work = stage.start()
    work.beat()
    stage.clock.leap(600)
    assert "was last seen" in command(stage, "status").out
    assert "if it does run: bot doctor" in command(stage, "status").out
    work.beat(ended=True)
    assert " ended 20" in command(stage, "status").out


def test_keys_that_x_refuses_bring_the_clock_to_mind_for_a_wrong_one_looks_the_same(stage: Stage) -> None:
    stage.sandbox.set_faults("identity_401:100%")
    stage.queue("Not by these keys.")
    stage.play()
    assert "check the account's four keys and this machine's clock" in command(stage, "status").out


def test_that_everything_is_paused_and_goes_on_is_told_in_words(stage: Stage) -> None:
    ports = stage.ports(stage.program())
    ports.stop("*", PauseKind.CLOCK, "the clock jumped")
    ports.lift("*", PauseKind.CLOCK, "the clock agrees")
    assert stage.notices.subjects == [
        "every account is paused: the clock jumped",
        "every account goes on: the clock agrees",
    ]
