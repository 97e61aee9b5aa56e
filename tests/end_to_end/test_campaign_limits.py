"""A campaign starts, ends, is stopped, and has a maximum a day: what the worker then does (decision 0027)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from bot.application.correct import Wish
from bot.domain.announcement import Announcement, Record
from bot.domain.errors import InputError, Refusal
from tests.end_to_end.stage import THREAD, Stage
from tests.office import HANDLE


def day(stage: Stage, days: float, hour: int = 12) -> datetime:
    """An hour (UTC, the campaign's zone) of the day so many days from today."""
    noon = stage.clock.now().replace(hour=hour, minute=0, second=0, microsecond=0)
    return noon + timedelta(days=days)


def date(stage: Stage, days: int) -> str:
    return f"{day(stage, days):%Y-%m-%d}"


def at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def draft(stage: Stage, key: str, due: datetime | str, body: str = "", **fields: object) -> Announcement:
    when = due if isinstance(due, str) else due.isoformat()
    record = Record("test", body=body or f"News of {key}.", key=key, due=when, **fields)  # type: ignore[arg-type]
    return stage.program().intake.add(record, actor="ann")


def approve(stage: Stage, name: str) -> Announcement:
    program = stage.program()
    digest = program.previewer.card(program.report.show(name).announcement).digest
    return program.approval.approve(name, digest, actor="bob")


def scheduled(stage: Stage, key: str, due: datetime, body: str = "") -> None:
    draft(stage, key, due, body, thread=body == THREAD)
    approve(stage, key)


def findings(stage: Stage, name: str) -> tuple[list[str], list[str]]:
    program = stage.program()
    card = program.previewer.card(program.report.show(name).announcement)
    return [f"{each.rule}: {each}" for each in card.problems], [each.rule for each in card.warnings]


def refused(deed: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as error:
        deed()
    assert "\n" not in str(error.value)
    return str(error.value)


def leap_to(stage: Stage, moment: datetime) -> None:
    stage.clock.leap((moment - stage.clock.now()).total_seconds())


def held(stage: Stage, name: str) -> str:
    found = stage.program().report.show(name).announcement
    assert found.held, found.state
    return f"{found.state}({found.held.reason}): {found.held.detail}"


# -- start and end


def test_a_time_before_the_start_cannot_be_approved_and_one_after_it_can(stage: Stage) -> None:
    stage.campaign(start=date(stage, 3))
    draft(stage, "early", day(stage, 2))
    draft(stage, "first", day(stage, 3, hour=0))
    (problem,) = findings(stage, "early")[0]
    assert problem.startswith("outside: due: ")
    assert "is before campaign 'test' starts" in problem
    assert "is before campaign 'test' starts" in refused(lambda: approve(stage, "early"))
    assert approve(stage, "first").state == "scheduled"


@pytest.mark.parametrize("on_late", ["publish", "skip", "hold"])
def test_nothing_goes_out_before_a_start_that_was_moved_after_the_approval(
    stage: Stage, on_late: str
) -> None:
    stage.campaign(on_late=f'"{on_late}"', late_window='"3d"')
    scheduled(stage, "early", day(stage, 1))
    start = day(stage, 2)
    stage.campaign(on_late=f'"{on_late}"', late_window='"3d"', start=f'"{at(start)}"')
    assert findings(stage, "early")[0][0].startswith("outside: ")
    leap_to(stage, day(stage, 1) + timedelta(minutes=1))
    stage.play(until=lambda: stage.states() == ["published"])
    sent = [datetime.fromtimestamp(post.at, UTC) for post in stage.sandbox.state.posts.posts.values()]
    assert [moment >= start for moment in sent] == [True]


def test_a_time_after_the_end_cannot_be_approved_and_the_last_second_of_its_day_can(stage: Stage) -> None:
    stage.campaign(end=date(stage, 3))
    draft(stage, "last", day(stage, 3, hour=23) + timedelta(minutes=59, seconds=59))
    draft(stage, "late", day(stage, 4, hour=0))
    told = refused(lambda: approve(stage, "late"))
    assert "is after campaign 'test' ends" in told
    assert told.endswith("give an earlier time, or let its file end later")
    assert approve(stage, "last").state == "scheduled"


@pytest.mark.parametrize("on_late", ["publish", "skip", "hold"])
def test_what_is_left_when_a_campaign_ended_is_held_with_the_reason_and_never_sent(
    stage: Stage, on_late: str
) -> None:
    stage.campaign(on_late=f'"{on_late}"')
    scheduled(stage, "one", day(stage, 2))
    scheduled(stage, "two", day(stage, 2) + timedelta(minutes=1))
    stage.campaign(on_late=f'"{on_late}"', end=date(stage, 1))
    leap_to(stage, day(stage, 2) + timedelta(minutes=2))
    stage.play()
    assert held(stage, "one").startswith("held(campaign): campaign 'test' ended ")
    assert (stage.states(), stage.counted()[0]) == (["held", "held"], 0)


def test_a_thread_that_began_before_the_end_is_finished_after_it(stage: Stage) -> None:
    scheduled(stage, "thread", day(stage, 1), THREAD)
    leap_to(stage, day(stage, 1))
    work = stage.ready()
    stage.deeds.deeds["after outcome 1"] = lambda: stage.campaign(end=f'"{at(stage.clock.now())}"')
    stage.clock.leap(2)
    work.ports.configuration.reload()  # type: ignore[attr-defined]
    stage.play(work)
    assert (stage.states(), len(stage.texts())) == (["published"], 3)


def test_slots_begin_with_the_start_and_end_with_the_end(stage: Stage) -> None:
    first, last = day(stage, 40, hour=9), day(stage, 41, hour=9)
    lines = {"slots": '["09:00"]', "start": date(stage, 40), "end": date(stage, 41)}
    stage.campaign(**lines)
    found = [draft(stage, key, "next").due for key in ("a", "b")]
    assert [due.at for due in found if due] == [first, last]
    with pytest.raises(InputError, match="has no free slot before its end"):
        draft(stage, "c", "next")


def test_on_the_first_day_the_slots_before_the_start_are_none(stage: Stage) -> None:
    stage.campaign(slots='["09:00", "12:00", "15:00"]', start=f'"{at(day(stage, 5, hour=12))}"')
    assert [draft(stage, key, "next").due.wall.hour for key in ("a", "b")] == [12, 15]  # type: ignore[union-attr]


def test_what_is_out_can_be_corrected_after_the_end(premium: Stage) -> None:
    premium.queue("The report is uot.")
    premium.play()
    premium.campaign(end="2026-01-01", max_a_day="1")
    program = premium.program()
    asked = program.correcting.correct(Wish("1", "The report is out.", None, "A typo."), actor="ann")
    program.approval.approve(str(asked.id), program.previewer.card(asked).digest, actor="bob")
    assert findings(premium, str(asked.id))[0] == []
    premium.play()
    assert premium.states() == ["published", "published"]


def test_a_reschedule_past_the_end_is_refused_and_nothing_changes(stage: Stage) -> None:
    stage.campaign(end=date(stage, 3))
    scheduled(stage, "news", day(stage, 2))
    control = stage.program().control
    told = refused(lambda: control.reschedule("news", at(day(stage, 4)), actor="bob"))
    assert "is after campaign 'test' ends" in told
    assert stage.program().report.show("news").announcement.due.at == day(stage, 2)  # type: ignore[union-attr]


# -- stop and resume


def test_a_stopped_campaign_sends_nothing_and_holds_what_comes_due_with_the_reason(stage: Stage) -> None:
    soon, later = day(stage, 1), day(stage, 3)
    scheduled(stage, "one", soon)
    scheduled(stage, "later", later)
    stage.program().campaign_control.stop("test", "The ministers meet.", actor="ann")
    assert findings(stage, "one") == ([], ["stopped"])
    leap_to(stage, soon)
    stage.play(until=lambda: stage.states() == ["held", "scheduled"])
    assert held(stage, "one") == ("held(campaign): campaign 'test' was stopped by ann: The ministers meet.")
    assert stage.counted()[0] == 0
    stage.program().campaign_control.resume("test", actor="ann")
    leap_to(stage, later)
    stage.play(until=lambda: stage.states() == ["held", "published"])
    assert stage.texts() == ["News of later."]


def test_what_came_due_during_a_stop_never_bursts_out_whether_a_worker_ran_or_not(stage: Stage) -> None:
    for number in range(4):
        scheduled(stage, f"n{number}", day(stage, 1) + timedelta(minutes=number))
    stage.program().campaign_control.stop("test", "Mourning.", actor="ann")
    leap_to(stage, day(stage, 1) + timedelta(minutes=30))
    stop, came = stage.program().campaign_control.resume("test", actor="bob")
    assert stop
    assert [each.name for each in came] == ["n0", "n1", "n2", "n3"]
    stage.play()
    assert (stage.states(), stage.counted()[0]) == (["held"] * 4, 0)
    assert held(stage, "n0") == (
        "held(campaign): its time came while campaign 'test' was stopped by ann: Mourning."
    )
    stage.program().control.reschedule("n2", "now", actor="bob")
    stage.play()
    assert stage.texts() == ["News of n2."]


def test_a_stop_takes_effect_between_the_posts_of_a_thread_which_goes_on_from_there(stage: Stage) -> None:
    scheduled(stage, "thread", day(stage, 1), THREAD)
    leap_to(stage, day(stage, 1))
    control = stage.program().campaign_control
    stage.deeds.deeds["after outcome 1"] = lambda: control.stop("test", "A flood.", actor="ann")
    stage.play()
    assert (stage.states(), stage.texts()) == (["partly_published"], ["One of three."])
    control.resume("test", actor="ann")
    stage.campaign(end="2026-01-01", max_a_day="1")
    stage.program().control.reschedule("thread", "now", actor="bob")
    stage.play()
    assert (stage.states(), len(stage.texts()), stage.counted()[2]) == (["published"], 3, 0)


def test_what_is_in_doubt_during_a_stop_is_settled_all_the_same(stage: Stage) -> None:
    scheduled(stage, "news", day(stage, 1))
    leap_to(stage, day(stage, 1))
    stage.sandbox.set_faults("break_after:1")
    control = stage.program().campaign_control
    stage.deeds.deeds["after outcome 1"] = lambda: control.stop("test", "A flood.", actor="ann")
    stage.play()
    assert (stage.states(), stage.counted()[1:]) == (["published"], (1, 0))
    assert control.resume("test", actor="ann")[1] == []


def test_what_is_in_doubt_when_a_campaign_goes_on_is_settled_and_not_held(stage: Stage) -> None:
    scheduled(stage, "news", day(stage, 1))
    leap_to(stage, day(stage, 1))
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.play(until=lambda: stage.attempts()[-1:] == [("in_doubt", None)])
    control = stage.program().campaign_control
    control.stop("test", "A flood.", actor="ann")
    assert control.resume("test", actor="ann")[1] == []
    stage.sandbox.set_faults()
    stage.play()
    assert (stage.states(), stage.counted()[1:]) == (["published"], (1, 0))


def test_stop_and_resume_stand_in_the_status_and_in_the_journal(stage: Stage) -> None:
    control = stage.program().campaign_control
    control.stop("test", "A flood.", actor="ann")
    assert control.stop("test", "Again.", actor="bob").by == "ann"
    status = stage.status()
    assert status["needs_a_person"]
    assert [(each["campaign"], each["why"], each["by"]) for each in status["stopped_campaigns"]] == [
        ("test", "A flood.", "ann")
    ]
    assert control.resume("test", actor="bob")[0]
    assert control.resume("test", actor="bob") == (None, ())
    assert stage.status()["stopped_campaigns"] == []
    assert stage.events() == ["campaign_stopped", "campaign_resumed"]
    assert stage.program().verification.verify().holds
    with pytest.raises(InputError, match="campaign 'tset' is not in the schedules folder"):
        control.stop("tset", "A flood.", actor="ann")


def test_other_campaigns_of_the_account_go_on_while_one_is_stopped(stage: Stage) -> None:
    other = (stage.folder / "schedules" / "test.toml").read_text()
    (stage.folder / "schedules" / "other.toml").write_text(other)
    stage.program().campaign_control.stop("other", "A flood.", actor="ann")
    scheduled(stage, "news", day(stage, 1))
    leap_to(stage, day(stage, 1))
    stage.play()
    assert stage.texts() == ["News of news."]


# -- the maximum a day


def test_no_more_than_the_maximum_goes_out_on_a_day_and_the_rest_is_held(stage: Stage) -> None:
    for number in range(4):
        scheduled(stage, f"n{number}", day(stage, 1) + timedelta(minutes=number))
    stage.campaign(max_a_day="2")
    leap_to(stage, day(stage, 1) + timedelta(minutes=5))
    stage.play()
    assert stage.texts() == ["News of n0.", "News of n1."]
    assert held(stage, "n3") == (
        "held(full_day): 2 of campaign 'test' went out today, and its maximum is 2 a day"
    )
    assert stage.program().control.reschedule("n3", at(day(stage, 2)), actor="bob").state == "scheduled"


def test_the_day_is_that_of_the_campaigns_zone(stage: Stage) -> None:
    lines = {"timezone": '"Asia/Bangkok"', "late_window": '"10h"'}
    stage.campaign(**lines)
    # 23:50 and 00:10 in Bangkok: two days there, one in UTC.
    for number, minutes in enumerate((-10, 10)):
        scheduled(stage, f"n{number}", day(stage, 1, hour=17) + timedelta(minutes=minutes))
    stage.campaign(**lines, max_a_day="1")
    leap_to(stage, day(stage, 1, hour=17) - timedelta(minutes=10))
    stage.play(until=lambda: stage.states() == ["published", "published"])


def test_a_full_day_is_passed_over_by_next_and_is_a_problem_for_who_approves(stage: Stage) -> None:
    stage.campaign(slots='["09:00", "12:00", "15:00"]', max_a_day="2")
    days = [draft(stage, f"n{number}", "next").due for number in range(4)]
    assert [due.wall.date() for due in days[-2:] if due] != [due.wall.date() for due in days[:2] if due]
    chosen = day(stage, 5)
    for number in range(2):
        scheduled(stage, f"m{number}", chosen + timedelta(hours=number))
    draft(stage, "more", chosen + timedelta(hours=3))
    told = refused(lambda: approve(stage, "more"))
    assert told.startswith(f"more: due: {chosen:%Y-%m-%d} has its 2 of campaign 'test' (max_a_day)")
    control = stage.program().control
    assert "has its 2" in refused(lambda: control.reschedule("n3", at(chosen), actor="bob"))
    assert findings(stage, "m1")[0] == []


def test_what_went_out_earlier_in_the_day_counts_for_next(stage: Stage) -> None:
    first = day(stage, 1, hour=9)
    scheduled(stage, "news", first)
    stage.campaign(slots='["09:00", "15:00"]', max_a_day="1")
    leap_to(stage, first + timedelta(hours=1))
    due = draft(stage, "more", "next").due
    assert due
    assert due.at == first + timedelta(days=1)


def test_a_correction_takes_no_place_of_the_day(premium: Stage) -> None:
    premium.campaign(max_a_day="2")
    premium.queue("The report is uot.")
    premium.play()
    program = premium.program()
    asked = program.correcting.correct(Wish("1", "The report is out.", None, "A typo."), actor="ann")
    program.approval.approve(str(asked.id), program.previewer.card(asked).digest, actor="bob")
    premium.play()
    premium.queue("Another report is out.")
    premium.play()
    assert premium.states() == ["published"] * 3


def test_a_thread_counts_once_and_its_posts_are_never_held_by_a_full_day(stage: Stage) -> None:
    stage.campaign(max_a_day="1")
    scheduled(stage, "thread", day(stage, 1), THREAD)
    leap_to(stage, day(stage, 1))
    stage.play()
    assert (stage.states(), len(stage.texts())) == (["published"], 3)


def test_two_workers_at_once_do_not_exceed_the_maximum(stage: Stage) -> None:
    for number in range(6):
        scheduled(stage, f"n{number}", day(stage, 1) + timedelta(seconds=number))
    stage.campaign(max_a_day="3")
    leap_to(stage, day(stage, 1) + timedelta(minutes=1))
    workers, together = [stage.ready(), stage.ready()], Barrier(2)

    def work(number: int) -> None:
        together.wait()
        for _ in range(6):
            workers[number].turn(HANDLE)

    threads = [Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stage.play(workers[0])
    assert stage.counted()[1:] == (3, 0)
    assert sorted(stage.states()) == ["held"] * 3 + ["published"] * 3
