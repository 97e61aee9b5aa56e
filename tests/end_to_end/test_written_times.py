"""A time in words is resolved once, when it is taken in, and always said back (decision 0028)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.application.intake_rows import Action, Row
from bot.application.ports.record_files import FoundRecord
from bot.domain.announcement import Announcement, Record
from bot.domain.errors import InputError, Refusal
from bot.domain.walltime import in_zone
from tests.end_to_end.stage import Stage

ZONE = "Asia/Bangkok"
TOMORROW = Record("test", body="The report is out.", key="report", due="tomorrow 9:30")


@pytest.fixture(autouse=True)
def _bangkok(stage: Stage) -> None:
    stage.campaign(timezone=f'"{ZONE}"', slots='["09:00", "10:00", "11:00"]', min_gap='"5m"')


def take_in(stage: Stage, record: Record) -> Row:
    (row,) = stage.program().intake.take_in([FoundRecord(record, "a.yaml:1")], actor="ann")
    return row


def due_of(stage: Stage, name: str = "report") -> str:
    announcement = stage.program().report.show(name).announcement
    assert announcement.due is not None
    return f"{announcement.due.wall:%Y-%m-%d %H:%M} {announcement.due.zone}"


def day(stage: Stage, ahead: int, zone: str = ZONE) -> str:
    return f"{in_zone(stage.clock.now(), zone).date() + timedelta(days=ahead)}"


def edited(stage: Stage, **changes: object) -> Announcement:
    return stage.program().intake.edit("report", changes, actor="ann")


def test_the_same_file_again_on_another_day_moves_nothing(stage: Stage) -> None:
    first = day(stage, 1)
    assert take_in(stage, TOMORROW).action is Action.ADDED
    stage.clock.leap(3 * 86400)
    row = take_in(stage, TOMORROW)
    assert (row.action, due_of(stage)) == (Action.UNCHANGED, f"{first} 09:30 {ZONE}")
    assert row.due is not None
    assert f"{row.due.wall:%Y-%m-%d %H:%M}" == f"{first} 09:30"


def test_an_edit_of_something_else_does_not_read_the_words_again(stage: Stage) -> None:
    first = day(stage, 1)
    take_in(stage, TOMORROW)
    stage.clock.leap(3 * 86400)
    assert take_in(stage, replace(TOMORROW, body="The report is out at last.")).action is Action.CHANGED
    assert due_of(stage) == f"{first} 09:30 {ZONE}"
    edited(stage, timezone="Europe/Berlin")
    assert due_of(stage) == f"{first} 09:30 Europe/Berlin"
    edited(stage, due="tomorrow 9:31")
    assert due_of(stage) == f"{day(stage, 1, 'Europe/Berlin')} 09:31 Europe/Berlin"


def test_hours_from_now_stay_the_instant_that_they_were_in_another_zone(stage: Stage) -> None:
    take_in(stage, replace(TOMORROW, due="in 26 hours"))
    before = stage.program().report.show("report").announcement.due
    stage.clock.leap(3600)
    after = edited(stage, timezone="Europe/Berlin").due
    assert before is not None
    assert after is not None
    assert (after.at, after.zone) == (before.at, "Europe/Berlin")


def test_a_record_with_its_time_written_out_is_no_change_and_another_time_is(stage: Stage) -> None:
    take_in(stage, TOMORROW)
    written_out = replace(TOMORROW, due=f"{day(stage, 1)} 09:30")
    assert take_in(stage, written_out).action is Action.UNCHANGED
    assert take_in(stage, replace(written_out, due=f"{day(stage, 1)} 09:31")).action is Action.CHANGED
    assert take_in(stage, replace(written_out, title="Report")).action is Action.CHANGED


def test_words_are_of_the_records_language_or_the_campaigns(stage: Stage) -> None:
    thai = replace(TOMORROW, due="พรุ่งนี้ 9:30 น.", language="th")
    assert take_in(stage, thai).due is not None
    assert due_of(stage) == f"{day(stage, 1)} 09:30 {ZONE}"
    with pytest.raises(InputError, match=r"due: 'พรุ่งนี้ 9:30 น\.  ' is not a time"):
        edited(stage, language="en", due="พรุ่งนี้ 9:30 น.  ")
    stage.campaign(timezone=f'"{ZONE}"', language='"th"')
    take_in(stage, replace(thai, key="other", language=None))
    assert due_of(stage, "other") == due_of(stage)


def test_next_and_a_number_is_so_many_free_slots_later(stage: Stage) -> None:
    for number, written in enumerate(("next+1", "next", "next + 2", "NEXT")):
        take_in(stage, replace(TOMORROW, key=f"k{number}", body=f"Post {number}.", due=written))
    times = [due_of(stage, f"k{number}") for number in range(4)]
    # next+1 leaves the first slot free; then next takes it; next+2 leaves two free, and next takes the first of those.
    assert [sorted(times).index(each) for each in times] == [1, 0, 3, 2]
    with pytest.raises(InputError, match=r"due: 'next\+100' is not a time"):
        take_in(stage, replace(TOMORROW, due="next+100"))


def test_a_reschedule_takes_the_same_words_and_none_that_have_passed(stage: Stage) -> None:
    take_in(stage, TOMORROW)
    control = stage.program().control
    done = control.reschedule("report", "in 3 days 14:00", actor="bob")
    assert due_of(stage) == f"{day(stage, 3)} 14:00 {ZONE}"
    assert done.due is not None
    control.reschedule("report", "tomorrow 9am", actor="bob", timezone="Europe/Berlin")
    assert due_of(stage).endswith("09:00 Europe/Berlin")
    for written in ("friday", "9:30", "03/04/2023", "x" * 500):
        with pytest.raises(InputError, match=r"^due: '"):
            control.reschedule("report", written, actor="bob")


def test_an_embargo_takes_words_too_and_keeps_what_they_meant(stage: Stage) -> None:
    ends = day(stage, 2)
    take_in(stage, replace(TOMORROW, due=f"{day(stage, 9)} 10:00", embargo="in 2 days 10:00"))
    stage.clock.leap(86400)
    after = edited(stage, title="Report").embargo
    assert after is not None
    assert f"{after.until.wall:%Y-%m-%d %H:%M}" == f"{ends} 10:00"
    assert edited(stage, timezone="Pacific/Honolulu").embargo is not None
    with pytest.raises(InputError, match=r"^embargo: 'next' is not a time"):
        edited(stage, embargo="next")


def test_words_that_have_passed_are_refused_where_a_date_becomes_a_draft_with_a_problem(stage: Stage) -> None:
    stage.campaign(timezone='"UTC"')
    now = datetime.now(UTC)
    if now.hour:  # in the first hour of a day nothing of it has passed
        with pytest.raises(InputError, match=r"due: 'today 0:00' was .* has passed"):
            stage.program().intake.add(replace(TOMORROW, due="today 0:00"), actor="ann")
    added = stage.program().intake.add(replace(TOMORROW, due="30 March 2023 10am"), actor="ann")
    assert added.due is not None
    assert added.due.wall.year == 2023


def test_an_edit_that_says_the_time_of_the_record_again_takes_back_a_reschedule(stage: Stage) -> None:
    take_in(stage, replace(TOMORROW, due="2035-05-02 10:00"))
    stage.program().control.reschedule("report", "2035-06-01 14:00", actor="bob")
    edited(stage, due="2035-05-02 10:00")
    assert due_of(stage) == f"2035-05-02 10:00 {ZONE}"


def test_words_that_are_said_again_in_an_edit_mean_what_they_mean_by_then(stage: Stage) -> None:
    take_in(stage, TOMORROW)
    stage.clock.leap(3 * 86400)
    edited(stage, due="tomorrow 9:30")
    assert due_of(stage) == f"{day(stage, 1)} 09:30 {ZONE}"


def test_another_zone_keeps_the_wall_time_that_a_reschedule_has_set(stage: Stage) -> None:
    take_in(stage, replace(TOMORROW, due="2035-05-02 10:00"))
    stage.program().control.reschedule("report", "2035-06-01 14:00", actor="bob")
    edited(stage, timezone="Asia/Tokyo")
    assert due_of(stage) == "2035-06-01 14:00 Asia/Tokyo"


def test_nothing_is_rescheduled_into_quiet_hours(
    stage: Stage,
) -> None:
    stage.campaign(timezone=f'"{ZONE}"', quiet_hours='"21:00-07:00"')
    take_in(stage, replace(TOMORROW, due="2035-05-02 10:00"))
    with pytest.raises(Refusal, match=r"Wed 2 May 2035 23:00 .* lies in the campaign's quiet hours"):
        stage.program().control.reschedule("report", "2035-05-02 23:00", actor="bob")
    assert due_of(stage) == f"2035-05-02 10:00 {ZONE}"
