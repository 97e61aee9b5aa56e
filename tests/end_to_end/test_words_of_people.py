"""What people do to what is on its way or in doubt: too late, settled by their word, corrected by a fact."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.errors import InputError, Refusal, TooLate
from bot.sandbox.accounts import DEFAULT, another
from tests.end_to_end.stage import Stage, open_stage


def test_what_is_being_sent_or_in_doubt_cannot_be_changed(stage: Stage) -> None:
    told: list[str] = []

    def try_all() -> None:
        program = stage.program()
        deeds: list[Callable[[], object]] = [
            lambda: program.control.cancel("1", "x", actor="ann"),
            lambda: program.control.reschedule("1", "next", actor="bob"),
            lambda: program.intake.edit("1", {"body": "Other."}, actor="ann"),
            lambda: program.approval.reject("1", "x", actor="bob"),
        ]
        for deed in deeds:
            with pytest.raises(TooLate) as error:
                deed()
            told.append(str(error.value))

    stage.deeds.deeds["after witness 1"] = try_all
    stage.sandbox.set_faults("break_after:1")
    stage.queue("Being sent.")
    work = stage.play(until=lambda: stage.attempts() == [("in_doubt", None)])
    assert all("too late, being sent" in line for line in told)
    assert len(told) == 4
    try_all()
    assert len(told) == 8
    stage.play(work)
    assert stage.texts() == ["Being sent."]


def test_a_cancel_that_comes_between_claim_and_intent_is_kept(stage: Stage) -> None:
    stage.deeds.deeds["after claim 1"] = lambda: stage.program().control.cancel("1", "Not now.", actor="ann")
    stage.queue("Never to be seen.")
    stage.play()
    assert stage.states() == ["cancelled"]
    assert stage.counted() == (0, 0, 0)


def test_an_edit_that_comes_between_claim_and_intent_is_kept(stage: Stage) -> None:
    stage.deeds.deeds["after claim 1"] = lambda: stage.program().intake.edit(
        "1", {"body": "New."}, actor="ann"
    )
    stage.queue("Old.")
    stage.play()
    assert stage.states() == ["draft"]
    assert stage.counted() == (0, 0, 0)


def doubtful(stage: Stage) -> None:
    stage.sandbox.set_faults("dup_no_match:1")
    stage.queue("Only a person can tell.")
    stage.play()
    assert (stage.states(), stage.held()) == (["held"], ["duplicate"])


def test_a_refusal_as_a_duplicate_without_its_twin_is_never_sent_again_by_itself(stage: Stage) -> None:
    doubtful(stage)
    work = stage.ready()
    readings = stage.sandbox.stats()["requests"]["timeline"]
    for _ in range(5):
        stage.clock.leap(10_000)
        work.turn("baliprocessrso")
    assert stage.counted() == (1, 0, 0)
    assert (
        stage.sandbox.stats()["requests"]["timeline"] == readings
    )  # each costs money, and a person decides now
    assert stage.status()["in_doubt"][0]["name"] == "1"


def test_the_word_that_it_is_out_is_checked_by_author_and_text(tmp_path: Path, blank: Path) -> None:
    with open_stage(tmp_path / "stage", blank, accounts=[DEFAULT, another(1)]) as stage:
        doubtful(stage)
        settling = stage.program().settling("carol")
        foreign = stage.by_hand("Only a person can tell.", handle=another(1).handle)
        other = stage.by_hand("Wholly different words about another matter.")
        for post_id, word in [
            (foreign, "another account"),
            (other, "says something else"),
            ("12345", "does not show"),
        ]:
            with pytest.raises(Refusal, match=word):
                settling.published("1", post_id)
        with pytest.raises(InputError):
            settling.published("1", "../users/me")
        assert stage.states() == ["held"]
        right = stage.by_hand("Only a person can tell.")
        settling.published("1", right)
        assert stage.states() == ["published"]
        assert stage.attempts() == [("accepted", "person")]
        log = json.dumps(stage.shown()["events"])
        assert "carol" in log


def test_a_look_by_command_settles_what_is_found_and_nothing_else(stage: Stage) -> None:
    work = stage.ready()
    stage.sandbox.set_faults("break_after:1", "lag:1:600")
    stage.queue("Out, and the answer lost.")
    stage.play(work, until=lambda: stage.attempts() == [("in_doubt", None)])
    settling = stage.program().settling("carol")
    looks = [settling.reconcile()[0].settled for _ in range(2)]
    assert looks == ["still_in_doubt", "published"]
    assert settling.reconcile() == []
    assert stage.states() == ["published"]
    assert stage.counted() == (1, 1, 0)


def test_the_word_that_it_is_not_out_is_taken_only_after_the_settling_time(stage: Stage) -> None:
    stage.sandbox.set_faults("break_before:1")
    stage.queue("In doubt.")
    stage.play(until=lambda: stage.attempts() == [("in_doubt", None)])
    with pytest.raises(TooLate, match="ask again in"):
        stage.program().settling("carol").absent("1", "I looked.")
    assert stage.attempts() == [("in_doubt", None)]


def test_the_word_that_it_is_not_out_sends_it_again(stage: Stage) -> None:
    doubtful(stage)
    stage.program().settling("carol").absent("1", "I looked.")
    stage.play()
    assert stage.attempts() == [("absent", None), ("accepted", "answer")]
    assert stage.counted() == (2, 1, 0)


def test_the_word_that_it_is_not_out_is_overruled_by_the_timeline(stage: Stage) -> None:
    doubtful(stage)
    stage.by_hand("Only a person can tell.")
    stage.program().settling("carol").absent("1", "I looked.")
    assert stage.states() == ["published"]
    assert stage.attempts() == [("accepted", "timeline")]
    stage.play()
    assert stage.counted() == (1, 0, 0)


def test_a_person_may_say_so_unread_where_the_timeline_cannot_be_read(stage: Stage) -> None:
    doubtful(stage)
    stage.sandbox.set_faults("errors_200:100%")
    settling = stage.program().settling("carol")
    with pytest.raises(Refusal, match="--unread"):
        settling.absent("1", "I looked.")
    settling.absent("1", "I looked by eye.", unread=True)
    stage.sandbox.set_faults()
    stage.play()
    assert stage.counted() == (2, 1, 0)
