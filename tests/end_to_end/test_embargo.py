"""An embargo is a floor apart from the schedule, which two people lift or nobody (decision 0021)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.application.intake_rows import Action
from bot.application.ports.record_files import FoundRecord
from bot.domain.announcement import Announcement, Record
from bot.domain.errors import InputError, RecordErrors, Refusal, TooLate
from tests.end_to_end.stage import Stage
from tests.office import HANDLE


def hours(stage: Stage, number: float) -> datetime:
    """The full second so many hours from now on."""
    return stage.clock.now().replace(microsecond=0) + timedelta(hours=number)


def add(stage: Stage, *, due: float | str, embargo: float | str | None, key: str = "report") -> Announcement:
    """Queue a draft; numbers are hours from now on."""
    when = [hours(stage, each).isoformat() if isinstance(each, float) else each for each in (due, embargo)]
    return stage.program().intake.add(
        Record("test", body=f"The {key} is out.", key=key, due=when[0], embargo=when[1]), actor="ann"
    )


def problems(stage: Stage, name: str = "report") -> list[str]:
    program = stage.program()
    card = program.previewer.card(program.report.show(name).announcement)
    return [f"{each.rule}: {each}" for each in card.problems]


def approve(stage: Stage, name: str = "report", actor: str = "bob") -> Announcement:
    program = stage.program()
    digest = program.previewer.card(program.report.show(name).announcement).digest
    return program.approval.approve(name, digest, actor=actor)


def lift(stage: Stage, actor: str, name: str = "report") -> Announcement:
    return stage.program().embargoes.lift(name, "It is public since this morning.", actor=actor)


def refused(deed: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as error:
        deed()
    assert "\n" not in str(error.value)
    return str(error.value)


def make_due(stage: Stage, when: datetime) -> None:
    """Give every announcement another time past the program, as a fault of it might."""
    text = when.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    with closing(sqlite3.connect(stage.folder / "bot.db", isolation_level=None)) as connection:
        connection.execute("UPDATE announcements SET due_at = ?, wake_at = ?", (text, text))


def sent_at(stage: Stage) -> list[datetime]:
    """When X took the posts, by its own clock."""
    return [datetime.fromtimestamp(post.at, UTC) for post in stage.sandbox.state.posts.posts.values()]


@pytest.mark.parametrize("on_late", ["publish", "skip", "hold"])
def test_whatever_says_that_it_is_due_a_worker_sends_nothing_before_the_embargo_ends(
    stage: Stage, on_late: str
) -> None:
    stage.campaign(on_late=f'"{on_late}"', late_window='"3h"')
    ends = hours(stage, 2.0)
    add(stage, due=2.5, embargo=2.0)
    approve(stage)
    make_due(stage, stage.clock.now() - timedelta(minutes=1))
    stage.play(until=lambda: stage.states() == ["published"])
    assert [at >= ends for at in sent_at(stage)] == [True]


def test_what_its_embargo_held_back_beyond_its_late_window_is_held_for_a_person(stage: Stage) -> None:
    stage.campaign(late_window='"10m"')
    add(stage, due=2.5, embargo=2.0)
    approve(stage)
    make_due(stage, stage.clock.now())
    stage.play(until=lambda: stage.states() == ["held"])
    assert (stage.held(), stage.counted()) == (["late"], (0, 0, 0))


@pytest.mark.parametrize("due", [1.0, 2.0])
def test_what_is_due_before_its_embargo_ends_is_a_draft_with_a_problem_and_is_not_approved(
    stage: Stage, due: float
) -> None:
    add(stage, due=due, embargo=2.0)
    (problem,) = problems(stage)
    assert problem.startswith("embargo: due: ")
    line = refused(lambda: approve(stage))
    assert line.startswith("report: due: ")
    assert "is not after the embargo, which ends" in line
    assert "`bot queue lift-embargo report --reason …`" in line
    assert stage.states() == ["draft"]


@pytest.mark.parametrize(
    ("embargo", "line"),
    [
        ("2027-03-28 02:30", "embargo: 2027-03-28 02:30 does not exist in Europe/Berlin"),
        ("2027-10-31 02:30", "embargo: 2027-10-31 02:30 occurs twice in Europe/Berlin"),
        ("next", "embargo: 'next' is not a time: write it as 2023-03-30 10:00 or 2023-03-30T10:00+07:00"),
    ],
)
def test_an_embargo_that_is_no_time_is_refused_at_the_intake(stage: Stage, embargo: str, line: str) -> None:
    stage.campaign(timezone='"Europe/Berlin"')
    with pytest.raises(InputError) as error:
        add(stage, due="2028-01-01 10:00", embargo=embargo)
    assert str(error.value).startswith(line)
    assert "or next" not in str(error.value)


def test_the_embargo_that_was_taken_in_stays_though_the_campaign_moves_to_another_zone(stage: Stage) -> None:
    taken = add(stage, due="2035-01-02 10:00", embargo="2035-01-01 10:00").embargo
    stage.campaign(timezone='"Asia/Tokyo"')
    changed = stage.program().intake.edit("report", {"body": "It is out at last."}, actor="ann")
    assert taken is not None
    assert (changed.embargo, taken.until.at.hour) == (taken, 10)


def test_no_reschedule_crosses_an_embargo_of_a_draft_or_of_what_is_scheduled(stage: Stage) -> None:
    add(stage, due=3.0, embargo=2.0)
    for _ in ("draft", "scheduled"):
        for due in ("now", hours(stage, 1).isoformat()):
            control = stage.program().control
            line = refused(lambda due=due, control=control: control.reschedule("report", due, actor="bob"))  # type: ignore[misc]
            assert "not after the embargo, which ends" in line
            assert "give a later time, or let two people lift it" in line
        if stage.states() == ["draft"]:
            approve(stage)
    stage.program().control.reschedule("report", hours(stage, 2.1).isoformat(), actor="bob")
    assert stage.states() == ["scheduled"]


def test_next_is_a_slot_after_the_embargo_for_a_record_a_reschedule_and_an_edit(stage: Stage) -> None:
    stage.campaign(slots='["09:00", "15:00"]')
    day = (stage.clock.now() + timedelta(days=2)).date()
    taken = add(stage, due="next", embargo=f"{day} 12:00").due
    assert taken is not None
    assert taken.at.isoformat() == f"{day}T15:00:00+00:00"
    stage.program().control.reschedule("report", f"{day + timedelta(days=9)} 10:00", actor="bob")
    stage.program().control.reschedule("report", "next", actor="bob")
    assert stage.shown("report")["announcement"]["due_at"] == f"{day}T15:00:00Z"
    later = stage.program().intake.edit("report", {"embargo": f"{day} 15:00"}, actor="ann").due
    assert later is not None
    assert later.at.isoformat() == f"{day + timedelta(days=1)}T09:00:00+00:00"


@pytest.mark.parametrize("embargo", [None, 1.0])
def test_no_edit_brings_an_embargo_forward_or_removes_it(stage: Stage, embargo: float | None) -> None:
    add(stage, due=3.0, embargo=2.0)
    approve(stage)
    earlier = hours(stage, embargo).isoformat() if embargo else None
    program = stage.program()
    line = refused(lambda: program.intake.edit("report", {"embargo": earlier}, actor="ann"))
    assert line.startswith("embargo: report is under embargo until ")
    assert line.endswith("two people lift it (`bot queue lift-embargo report --reason …`)")
    assert stage.states() == ["scheduled"]


def test_another_zone_of_the_record_does_not_bring_its_embargo_forward(stage: Stage) -> None:
    add(stage, due="2035-01-02 10:00", embargo="2035-01-01 10:00")
    intake = stage.program().intake
    assert "does not bring that forward" in refused(
        lambda: intake.edit("report", {"timezone": "Asia/Tokyo"}, actor="ann")
    )


def test_a_file_that_comes_again_with_an_earlier_embargo_is_refused_whole(stage: Stage) -> None:
    record = add(stage, due=3.0, embargo=2.0).record
    found = [
        FoundRecord(Record("test", body="New."), "f:1"),
        FoundRecord(replace(record, embargo=None), "f:7"),
    ]
    with pytest.raises(RecordErrors, match=r"f:7: embargo: .*bot queue lift-embargo report"):
        stage.program().intake.take_in(found, actor="ann")
    assert stage.states() == ["draft"]
    again = stage.program().intake.take_in([FoundRecord(record, "f:7")], actor="ann")
    assert [row.action for row in again] == [Action.UNCHANGED]


def test_a_copy_does_not_end_its_embargo_before_that_of_the_original(stage: Stage) -> None:
    add(stage, due=3.0, embargo=2.0)
    intake = stage.program().intake
    assert "under embargo" in refused(lambda: intake.copy("report", {"embargo": None}, actor="ann"))
    copied, original = intake.copy("report", {}, actor="ann").embargo, stage.shown("report")["announcement"]
    assert copied is not None
    assert copied.until.at.isoformat().replace("+00:00", "Z") == original["embargo_at"]


def test_a_later_embargo_holds_at_once_also_between_the_claim_and_the_intent(stage: Stage) -> None:
    ends = hours(stage, 5.0)
    edit = {"embargo": ends.isoformat(), "due": hours(stage, 6.0).isoformat()}
    stage.deeds.deeds["after claim 1"] = lambda: stage.program().intake.edit("report", edit, actor="ann")
    add(stage, due=2.0, embargo=1.0)
    approve(stage)
    stage.clock.leap(2 * 3600)
    work = stage.play(until=lambda: stage.states() == ["draft"])
    assert stage.counted() == (0, 0, 0)
    approve(stage)
    stage.play(work, until=lambda: stage.states() == ["published"])
    assert sent_at(stage)[0] >= ends


def test_two_people_lift_an_embargo_and_the_time_moves_by_a_reschedule_alone(stage: Stage) -> None:
    add(stage, due=3.0, embargo=2.0)
    approved = approve(stage)
    asked = lift(stage, "ann")
    assert asked.embargo is not None
    assert (asked.embargo.lifted, stage.shown("report")["announcement"]["embargo_lifted_by"]) == (None, [])
    control = stage.program().control
    refused(lambda: control.reschedule("report", "now", actor="bob"))
    lifted = lift(stage, "carol")
    assert (lifted.due, lifted.digest, lifted.approvals) == (
        approved.due,
        approved.digest,
        approved.approvals,
    )
    assert stage.shown("report")["announcement"]["embargo_lifted_by"] == ["ann", "carol"]
    stage.program().control.reschedule("report", "now", actor="bob")
    began = stage.clock.now()
    stage.play(until=lambda: stage.states() == ["published"])
    assert sent_at(stage)[0] - began < timedelta(minutes=1)
    events = [event for event in stage.events() if event.startswith("embargo")]
    assert events == ["embargo_lift_asked", "embargo_lifted"]


def test_the_same_person_twice_lifts_nothing_and_is_told_so(stage: Stage) -> None:
    add(stage, due=3.0, embargo=2.0)
    lift(stage, "ann")
    assert refused(lambda: lift(stage, "ann")).startswith("you asked for it already; another person")
    assert stage.events().count("embargo_lift_asked") == 1


@pytest.mark.parametrize("field", ["body", "notes", "embargo"])
def test_an_edit_between_the_two_voids_the_word_of_the_first(stage: Stage, field: str) -> None:
    add(stage, due=30.0, embargo=2.0)
    lift(stage, "ann")
    new = hours(stage, 4.0).isoformat() if field == "embargo" else "Other."
    stage.program().intake.edit("report", {field: new}, actor="dan")
    assert stage.shown("report")["announcement"]["embargo_lift_asked_by"] is None
    again = lift(stage, "carol")
    assert again.embargo is not None
    assert again.embargo.lifted is None
    data = [event["data"] for event in stage.shown("report")["events"] if event["event"] == "edit"]
    assert data[0]["embargo_lift_void"] is True


def test_what_was_lifted_stays_lifted_until_the_record_has_another_embargo(stage: Stage) -> None:
    add(stage, due=30.0, embargo=20.0)
    lift(stage, "ann")
    lift(stage, "bob")
    intake = stage.program().intake
    edited = intake.edit("report", {"body": "Without the slip of the pen."}, actor="ann")
    assert edited.embargo is not None
    assert edited.embargo.lifted is not None
    again = intake.edit("report", {"embargo": hours(stage, 10.0).isoformat()}, actor="ann")
    assert again.embargo is not None
    assert (again.embargo.asked, again.embargo.lifted) == (None, None)
    refused(lambda: intake.edit("report", {"embargo": None}, actor="ann"))


def test_an_embargo_that_has_ended_bars_nothing_any_more(stage: Stage) -> None:
    add(stage, due=3.0, embargo=2.0)
    stage.clock.leap(2.5 * 3600)
    assert "ended" in refused(lambda: lift(stage, "ann"))
    removed = stage.program().intake.edit("report", {"embargo": None}, actor="ann")
    assert removed.embargo is None


def test_what_is_out_cancelled_or_being_sent_is_not_lifted(stage: Stage) -> None:
    add(stage, due=3.0, embargo=2.0)
    add(stage, due=3.0, embargo=2.0, key="flyer")
    approve(stage)
    program, told = stage.program(), []

    def try_to_lift() -> None:
        with pytest.raises(TooLate) as error:
            lift(stage, "ann")
        told.append(str(error.value))

    stage.deeds.deeds["after intent 1"] = try_to_lift
    program.control.cancel("flyer", "x", actor="bob")
    stage.play(until=lambda: stage.states()[0] == "published")
    assert told == ["report: too late, being sent"]
    assert refused(lambda: lift(stage, "ann")).startswith("report is published")
    assert refused(lambda: lift(stage, "ann", "flyer")) == "flyer is cancelled: there is no embargo to lift"


def test_a_reply_to_what_is_under_embargo_waits_for_it(stage: Stage) -> None:
    add(stage, due=3.0, embargo=2.0)
    approve(stage)
    stage.queue("More of it.", reply_to="report")
    work = stage.start()
    for _ in range(3):
        stage.clock.leap(work.turn(HANDLE) or 60)
    assert stage.texts() == []
    stage.clock.leap((hours(stage, 3.0) - stage.clock.now()).total_seconds())
    stage.play(work)
    assert stage.texts() == ["The report is out.", "More of it."]
