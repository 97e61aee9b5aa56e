"""Expiry is a ceiling: nothing of an announcement goes out once it has expired (decision 0028)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.application.intake_rows import Action
from bot.application.ports.record_files import FoundRecord
from bot.domain.announcement import Record
from bot.domain.errors import InputError, Refusal
from bot.domain.exported import exported
from tests.end_to_end.by_command import command
from tests.end_to_end.stage import THREAD, Deeds, Stage


def hours(stage: Stage, number: float) -> str:
    """The full second so many hours from now on, as it is written."""
    return (stage.clock.now().replace(microsecond=0) + timedelta(hours=number)).isoformat()


def sent_at(stage: Stage) -> list[datetime]:
    return [
        datetime.fromisoformat(at).replace(tzinfo=UTC)
        for (at,) in stage.rows("SELECT intent_at FROM attempts")
    ]


def problems(stage: Stage) -> list[str]:
    program = stage.program()
    card = program.previewer.card(program.report.show("1").announcement)
    return [f"{each.rule}: {each}" for each in card.problems]


@pytest.mark.parametrize("on_late", ["publish", "hold", "skip"])
def test_what_rests_until_it_has_expired_is_missed_and_people_are_told(stage: Stage, on_late: str) -> None:
    stage.campaign(on_late=f'"{on_late}"')
    stage.queue("Join us at ten.", due_in=1, expires=hours(stage, 0.5))
    stage.clock.leap(1800)
    stage.play()
    assert (stage.states(), stage.held()) == (["missed"], [None])
    assert stage.counted() == (0, 0, 0)
    (subject,) = stage.notices.subjects
    assert subject.startswith("1 was missed: expired ")
    assert stage.program().report.show("1").events[-1].event == "missed"
    for look in (["status"], ["queue", "show", "1"]):
        assert "bot queue edit 1 --expires TIME --due next" in command(stage, *look).out


def test_what_is_on_time_goes_out_before_it_expires(stage: Stage) -> None:
    stage.queue("Join us at ten.", expires=hours(stage, 0.5))
    stage.play()
    assert stage.states() == ["published"]


def test_quiet_hours_do_not_carry_a_post_past_its_expiry(stage: Stage) -> None:
    now = stage.clock.now()
    stage.queue("Join us at ten.", expires=hours(stage, 1), wait=False)
    stage.campaign(
        quiet_hours=f'"{now - timedelta(minutes=5):%H:%M}-{now + timedelta(hours=3):%H:%M}"',
        late_window='"9h"',
    )
    stage.clock.leap(120)
    stage.play(until=lambda: stage.states() == ["missed"])
    assert stage.counted() == (0, 0, 0)


def test_a_resend_after_doubt_is_held_when_it_has_expired_meanwhile(stage: Stage) -> None:
    stage.campaign(late_window='"9h"')
    stage.sandbox.set_faults("break_before:1")
    stage.queue("Lost on the way.", due_in=1, expires=hours(stage, 0.04))
    stage.play()
    assert stage.attempts() == [("absent", None)]
    assert (stage.states(), stage.held()) == (["held"], ["expired"])
    assert stage.counted()[1] == 0


def test_the_rest_of_a_thread_is_held_when_it_has_expired(stage: Stage) -> None:
    stage.deeds = Deeds(after_outcome_1=lambda: stage.clock.leap(1800))
    (name,) = stage.queue(THREAD, due_in=1, thread=True, expires=hours(stage, 0.2))
    stage.play()
    assert stage.counted()[1] == 1
    assert (stage.states(), stage.held()) == (["partly_published"], ["expired"])
    with pytest.raises(Refusal, match="is not before it expires"):
        stage.program().control.reschedule(name, "now", actor="bob")


def test_a_time_that_is_not_before_the_expiry_is_a_problem_and_no_approval_comes_over_it(
    stage: Stage,
) -> None:
    record = Record("test", body="Join us.", due=hours(stage, 2), expires=hours(stage, 2))
    program = stage.program()
    program.intake.add(record, actor="ann")
    (problem,) = problems(stage)
    assert problem.startswith("expires: due: ")
    assert "is not before it expires, which is " in problem
    card = program.previewer.card(program.report.show("1").announcement)
    with pytest.raises(Refusal, match="is not before it expires"):
        program.approval.approve("1", card.digest, actor="bob")
    program.intake.edit("1", {"expires": hours(stage, 2.001)}, actor="ann")
    assert problems(stage) == []


def test_no_reschedule_goes_past_the_expiry(stage: Stage) -> None:
    stage.queue("Join us.", due_in=60, expires=hours(stage, 2), wait=False)
    control = stage.program().control
    with pytest.raises(Refusal, match="is not before it expires"):
        control.reschedule("1", hours(stage, 2), actor="bob")
    assert control.reschedule("1", hours(stage, 1.9), actor="bob").due is not None
    assert stage.states() == ["scheduled"]


def test_what_was_missed_goes_out_with_another_expiry_time_and_approval(stage: Stage) -> None:
    stage.queue("Join us.", due_in=1, expires=hours(stage, 0.5))
    stage.clock.leap(3000)
    stage.play()
    program = stage.program()
    with pytest.raises(Refusal, match="is not before it expires"):
        program.control.reschedule("1", "now", actor="bob")
    edited = program.intake.edit("1", {"expires": "in 3 hours", "due": "in 2 minutes"}, actor="ann")
    assert edited.expires is not None
    program.approval.approve("1", program.previewer.card(edited).digest, actor="bob")
    stage.play(until=lambda: stage.states() == ["published"])
    assert all(at < edited.expires.at for at in sent_at(stage))


def test_an_expiry_in_words_is_kept_as_what_it_meant_and_gone_when_it_is_taken_out(stage: Stage) -> None:
    record = Record("test", body="Join us.", key="forum", due="in 2 hours", expires="in 3 days 10:00")
    intake = stage.program().intake
    intake.take_in([FoundRecord(record, "a:1")], actor="ann")
    before = stage.program().report.show("forum").announcement.expires
    stage.clock.leap(86400)
    (row,) = intake.take_in([FoundRecord(record, "a:1")], actor="ann")
    assert row.action is Action.UNCHANGED
    assert intake.edit("forum", {"title": "Forum"}, actor="ann").expires == before
    moved = intake.edit("forum", {"timezone": "Asia/Tokyo"}, actor="ann").expires
    assert before is not None
    assert moved is not None
    assert (moved.wall, moved.zone) == (before.wall, "Asia/Tokyo")
    assert intake.edit("forum", {"expires": None}, actor="ann").expires is None
    with pytest.raises(InputError, match=r"^expires: 'next' is not a time"):
        intake.edit("forum", {"expires": "next"}, actor="ann")


def test_an_expiry_in_words_goes_out_in_digits_and_comes_back_as_no_change(stage: Stage) -> None:
    record = Record("test", body="Join us.", key="forum", due="in 2 hours", expires="in 3 days 10:00")
    intake = stage.program().intake
    queued = intake.add(record, actor="ann")
    assert queued.expires is not None
    out = exported(queued, "UTC")
    assert out.expires == f"{queued.expires.wall:%Y-%m-%d %H:%M}"
    (row,) = intake.take_in([FoundRecord(out, "a:1")], actor="ann")
    assert row.action is Action.UNCHANGED
    later = replace(out, expires=f"{queued.expires.wall:%Y-%m-%d} 10:01")
    (row,) = intake.take_in([FoundRecord(later, "a:1")], actor="ann")
    assert row.action is Action.CHANGED


def test_a_copy_has_no_expiry_as_it_has_no_time(stage: Stage) -> None:
    record = Record("test", body="Join us.", key="forum", due=hours(stage, 2), expires=hours(stage, 3))
    intake = stage.program().intake
    intake.add(record, actor="ann")
    copy = intake.copy("forum", {}, actor="ann")
    assert (copy.due, copy.expires, copy.record) == (
        None,
        None,
        replace(record, key=None, due=None, expires=None),
    )


def test_an_expiry_is_shown_and_logged(stage: Stage) -> None:
    stage.queue("Join us.", due_in=60, expires="2099-01-01 10:00", wait=False)
    (shown,) = stage.status()["next"]
    assert shown["expires_at"].startswith("20")
    intake = next(each for each in stage.program().report.show("1").events if each.event == "intake")
    assert intake.data["expires_at"].startswith("20")
