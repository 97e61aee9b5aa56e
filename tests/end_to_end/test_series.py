"""Recurring announcements: made ahead of their time, once, as ordinary drafts; what people approved or edited stays."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.application.intake_rows import Row
from bot.application.occurrences import Plan, SeriesPlanner, Source
from bot.application.ports.record_files import FoundRecord
from bot.application.ports.store import Transaction
from bot.domain.announcement import Announcement, Record, Repeat
from bot.domain.errors import InputError, RecordErrors, Refusal
from tests.end_to_end.stage import Stage
from tests.office import CAMPAIGN

DAY = timedelta(days=1)
TIPS = ("Tip one.", "Tip two.", "Tip three.", "Tip four.")


def tips(stage: Stage, rule: str = "FREQ=DAILY;COUNT=4", **changes: Any) -> Record:
    """A series of four tips that begins tomorrow at this time of day, in UTC."""
    begins = stage.clock.now() + DAY
    repeat = Repeat(rule, wordings=TIPS[1:])
    fields = {name: changes.pop(name) for name in list(changes) if name in Repeat.__dataclass_fields__}
    return replace(
        Record(
            "test", body=TIPS[0], due=f"{begins:%Y-%m-%d %H:%M}", key="tip", repeat=replace(repeat, **fields)
        ),
        **changes,
    )


def take(stage: Stage, record: Record, *, dry_run: bool = False) -> Row:
    found = [FoundRecord(record, "tips.yaml:1")]
    intake = stage.program().intake
    return (intake.rehearse if dry_run else intake.take_in)(found, actor="ann")[0]


def made(stage: Stage) -> list[Announcement]:
    return list(stage.program().recurring.show("tip").occurrences)


def texts(stage: Stage) -> Mapping[str, str]:
    """What came of the series: name → state and text."""
    return {each.name.removeprefix("tip."): f"{each.state}: {each.record.body}" for each in made(stage)}


def days(stage: Stage, *numbers: int) -> list[str]:
    return [f"{stage.clock.now() + number * DAY:%Y-%m-%d}" for number in numbers]


def approve(stage: Stage, name: str) -> None:
    program = stage.program()
    with program.store.reading() as tx:
        card = program.previewer.card(tx.announcements.find(name))
    program.approval.approve(name, card.digest, actor="bob")


def test_a_series_becomes_ordinary_drafts_of_its_author_with_words_in_turn(stage: Stage) -> None:
    row = take(stage, tips(stage))
    one, two, three, four = days(stage, 1, 2, 3, 4)
    assert texts(stage) == {one: "draft: Tip one.", two: "draft: Tip two.", three: "draft: Tip three.",
                            four: "draft: Tip four."}  # fmt: skip
    assert row.made == (1, 2, 3, 4)
    assert {each.author for each in made(stage)} == {"ann"}
    assert {each.record.repeat for each in made(stage)} == {None}
    assert stage.events().count("intake") == 4


def test_what_was_approved_of_a_series_goes_out_at_its_time_and_the_rest_does_not(stage: Stage) -> None:
    take(stage, tips(stage))
    approve(stage, f"tip.{days(stage, 1)[0]}")
    stage.clock.leap(5 * 86400)
    stage.program()
    work = stage.start()
    work.sweep()
    assert stage.held() == [None] * 4
    due = made(stage)[0].due
    assert due is not None
    stage.play(work, until=lambda: stage.states()[0] != "scheduled")
    assert stage.states() == ["held", "draft", "draft", "draft"]


def test_a_worker_makes_what_comes_within_the_time_ahead_and_nothing_before(stage: Stage) -> None:
    take(stage, tips(stage, "daily", ahead="2d", rest="3d"))
    work = stage.start()
    assert len(made(stage)) == 2
    work.sweep()
    assert len(made(stage)) == 2
    stage.clock.leap(86400)
    work.sweep()
    assert [each.record.body for each in made(stage)] == ["Tip one.", "Tip two.", "Tip three."]


def test_the_file_again_adds_nothing_and_neither_does_a_dry_run(stage: Stage) -> None:
    record = tips(stage)
    row = take(stage, record, dry_run=True)
    assert (row.action, row.id, row.made, row.told) == ("added", None, (), ("4 announcements made of it",))
    assert stage.states() == []
    take(stage, record)
    assert take(stage, record).action == "unchanged"
    assert len(stage.states()) == 4


def test_two_workers_at_once_make_each_of_them_once(stage: Stage) -> None:
    take(stage, tips(stage, "FREQ=DAILY;COUNT=4", ahead="1d"))
    stage.clock.leap(3 * 86400)
    barrier = threading.Barrier(2)

    def sweep() -> None:
        program = stage.program()
        program.previewer.upcoming()
        barrier.wait(30)
        program.recurring.make(actor="worker", name="tip")

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    walls = [each.occurrence.wall for each in made(stage) if each.occurrence]
    assert len(walls) == len(set(walls)) == len(stage.states())
    assert stage.events().count("intake") == len(walls)


class Broken(Exception):
    """Ends a transaction in its middle."""


def test_a_crash_between_two_of_them_leaves_none(stage: Stage) -> None:
    record, program = tips(stage), stage.program()
    with suppress(Broken), program.store.writing() as tx:
        program.recurring.take(tx, FoundRecord(record, "x:1"), actor="ann")
        raise Broken
    for table in ("announcements", "series"):
        assert stage.rows(f"SELECT count(*) FROM {table}") == [(0,)]
    take(stage, record)
    assert len(stage.states()) == 4


def test_too_few_words_for_a_rule_that_ends_are_refused_at_intake_with_the_first_that_would_repeat(
    stage: Stage,
) -> None:
    with pytest.raises(
        RecordErrors, match=r"repeat: .* its text would repeat tip\..*, and X refuses that"
    ) as caught:
        take(stage, tips(stage, "FREQ=DAILY;COUNT=6"))
    assert f"{stage.clock.now() + 5 * DAY:%b %Y}" in str(caught.value)
    assert "(and 1 more)" in str(caught.value)
    assert stage.states() == []


def test_that_is_so_for_a_series_that_begins_in_years_and_what_comes_later_is_told(stage: Stage) -> None:
    record = replace(tips(stage, "FREQ=WEEKLY;COUNT=3", wordings=()), due="2050-01-07 09:30")
    with pytest.raises(RecordErrors, match=r"Fri 14 Jan 2050 .* would repeat tip\.2050-01-07"):
        take(stage, record)
    row = take(stage, replace(record, repeat=Repeat("FREQ=WEEKLY;COUNT=3", wordings=TIPS[1:])))
    assert (row.made, row.told) == ((), ("Fri 7 Jan 2050 09:30 UTC: made from 2049-11-08 on",))


def test_that_is_so_far_beyond_the_time_ahead_and_for_a_dry_look_at_the_file(stage: Stage) -> None:
    record = tips(stage, "FREQ=MONTHLY;COUNT=6", ahead="10d")
    with pytest.raises(InputError, match="would repeat"):
        stage.program().recurring.cards(record)
    with pytest.raises(RecordErrors, match="would repeat"):
        take(stage, record)


def test_a_text_that_went_out_or_waits_elsewhere_is_passed_over_for_the_next(stage: Stage) -> None:
    stage.queue("Tip one.")
    stage.play()
    stage.queue("Tip two.", wait=False, due_in=9 * 86400)
    later = f"{stage.clock.now() + 9 * DAY:%Y-%m-%d %H:%M}"
    stage.program().intake.add(Record("test", body="Tip three.", due=later), actor="ann")
    take(stage, tips(stage, "FREQ=DAILY;COUNT=1"))
    assert list(texts(stage).values()) == ["draft: Tip four."]
    with pytest.raises(RecordErrors, match="would repeat 1, 2, 3"):
        take(stage, replace(tips(stage, "FREQ=DAILY;COUNT=1", wordings=TIPS[1:3]), key="other"))


def test_an_evergreen_text_rests_and_the_day_is_passed_over_with_a_word_if_none_is_rested(
    stage: Stage,
) -> None:
    row = take(stage, tips(stage, "daily", wordings=TIPS[1:2], rest="3d", ahead="3d"))
    assert list(texts(stage).values()) == ["draft: Tip one.", "draft: Tip two."]
    assert "none of its 2 texts will have rested" in row.told[-2]
    assert row.told[-1].endswith(f"made from {stage.clock.now() + DAY:%Y-%m-%d} on")
    status = stage.status()
    assert status["needs_a_person"]
    assert status["series"][0]["waiting"] == 2
    assert "none of its 2 texts will have rested" in status["series"][0]["trouble"][0]


def test_what_could_not_be_made_is_tried_again_the_next_day(stage: Stage) -> None:
    take(stage, tips(stage, "FREQ=DAILY;COUNT=2", wordings=(), rest="9d"))
    stage.program().control.cancel(made(stage)[0].name, "Not this one.", actor="bob")
    stage.start().sweep()
    assert stage.states() == ["cancelled"]
    stage.clock.leap(86400)
    stage.start().sweep()
    assert stage.states() == ["cancelled", "draft"]


def test_an_evergreen_text_comes_again_when_it_has_gone_out_and_rested(stage: Stage) -> None:
    take(stage, tips(stage, "daily", wordings=TIPS[1:3], rest="3d", ahead="4d"))
    names = [each.name for each in made(stage)]
    assert [each.record.body for each in made(stage)] == ["Tip one.", "Tip two.", "Tip three."]
    assert not stage.status()["series"][0]["trouble"]
    for name in names:
        approve(stage, name)
    first = made(stage)[0].due
    assert first is not None
    stage.clock.leap((first.at - stage.clock.now()).total_seconds())
    work = stage.play(until=lambda: stage.states()[0] == "published")
    work.sweep()
    stage.clock.leap(3700)
    work.sweep()
    assert [each.record.body for each in made(stage)][3:] == ["Tip one."]


def test_a_changed_series_changes_what_nobody_approved_or_edited_and_says_what_stays(stage: Stage) -> None:
    record = tips(stage)
    take(stage, record)
    names = [each.name for each in made(stage)]
    approve(stage, names[0])
    program = stage.program()
    program.intake.edit(names[1], {"body": "Tip two, as edited."}, actor="bob")
    row = take(
        stage,
        replace(record, repeat=replace(record.repeat or Repeat(""), wordings=("New.", "Newer.", "Last."))),
    )
    assert list(texts(stage).values()) == [
        "scheduled: Tip one.",
        "draft: Tip two, as edited.",
        "draft: New.",
        "draft: Newer.",
    ]
    assert row.action == "changed"
    assert f"{names[2]}: changed" in row.told
    assert f"{names[0]} stays: it is scheduled, approved" in row.told
    assert f"{names[1]} stays: somebody edited it or gave it another time" in row.told


def test_what_a_changed_rule_has_no_more_is_cancelled_and_comes_back_with_the_rule(stage: Stage) -> None:
    record = tips(stage)
    take(stage, record)
    repeat = record.repeat or Repeat("")
    names = [each.name for each in made(stage)]
    row = take(stage, replace(record, repeat=replace(repeat, rule="FREQ=DAILY;COUNT=2")))
    assert stage.states() == ["draft", "draft", "cancelled", "cancelled"]
    assert f"{names[3]}: cancelled" in row.told
    take(stage, record)
    assert list(texts(stage).values()) == [f"draft: {text}" for text in TIPS]


def test_what_a_person_cancelled_does_not_come_back(stage: Stage) -> None:
    record = tips(stage)
    take(stage, record)
    stage.program().control.cancel(made(stage)[1].name, "A holiday.", actor="bob")
    stage.program().recurring.make(actor="worker", name="tip")
    take(stage, replace(record, title="Tips"))
    assert stage.states() == ["draft", "cancelled", "draft", "draft"]


def test_one_that_was_given_another_time_keeps_it(stage: Stage) -> None:
    record = tips(stage)
    take(stage, record)
    other = f"{stage.clock.now() + 30 * DAY:%Y-%m-%d 08:00}"
    stage.program().control.reschedule(made(stage)[1].name, other, actor="bob")
    take(stage, replace(record, title="Tips"))
    due = made(stage)[1].due
    assert due is not None
    assert f"{due.wall:%Y-%m-%d %H:%M}" == other


def test_a_stopped_series_cancels_what_nobody_approved_and_makes_nothing_more(stage: Stage) -> None:
    take(stage, tips(stage, "daily", rest="4d", ahead="3d"))
    names = [each.name for each in made(stage)]
    approve(stage, names[0])
    done = stage.program().recurring.stop("tip", "It is over.", actor="bob")
    assert done.cancelled == tuple(names[1:])
    assert done.kept == (f"{names[0]} stays: it is scheduled, approved",)
    stage.clock.leap(3 * 86400)
    stage.start().sweep()
    stage.program().recurring.make(actor="bob", name="tip")
    assert stage.states() == ["scheduled", "cancelled", "cancelled"]
    with pytest.raises(Refusal, match="was stopped already"):
        stage.program().recurring.stop("tip", "Again.", actor="bob")
    with pytest.raises(RecordErrors, match="the series 'tip' was stopped"):
        take(stage, tips(stage, "daily", rest="9d"))


@dataclass(frozen=True)
class Interrupted(SeriesPlanner):
    """Does something while it plans, as another process might."""

    deed: Callable[[], object] = print

    def plan(self, tx: Transaction, source: Source, kept: Sequence[Announcement], now: datetime) -> Plan:
        self.deed()
        return super().plan(tx, source, kept, now)


@pytest.mark.parametrize("deed", ["stop", "change"])
def test_what_was_planned_before_a_series_was_changed_or_stopped_is_not_made_after_it(
    stage: Stage, deed: str
) -> None:
    record = tips(stage, "daily", rest="4d", ahead="1d")
    take(stage, record)
    stage.clock.leap(86400)
    recurring = stage.program().recurring
    deeds = {
        "stop": lambda: stage.program().recurring.stop("tip", "It is over.", actor="bob"),
        "change": lambda: take(
            stage, replace(record, repeat=replace(record.repeat or Repeat(""), rule="yearly"))
        ),
    }
    planner = recurring.planner
    late = Interrupted(
        planner.previewer, planner.recurrence, planner.times, planner.configuration, deeds[deed]
    )
    replace(recurring, planner=late).make(actor="worker", name="tip")
    assert len(made(stage)) == 1


def test_the_key_of_an_announcement_is_no_key_of_a_series(stage: Stage) -> None:
    stage.program().intake.add(Record("test", body="One.", key="tip"), actor="ann")
    with pytest.raises(RecordErrors, match="'tip' is in the queue already"):
        take(stage, tips(stage))


def test_a_worker_that_finds_nothing_to_make_asks_the_database_once(stage: Stage) -> None:
    take(stage, tips(stage))
    work = stage.start()
    work.sweep()
    before = stage.rows("SELECT count(*) FROM journal")
    work.sweep()
    assert stage.rows("SELECT count(*) FROM journal") == before
    assert stage.rows("SELECT wake_at FROM series") == [(None,)]


def test_a_template_that_gives_no_text_is_told_at_intake_and_by_the_status_later(stage: Stage) -> None:
    record = tips(stage, "daily", rest="4d", ahead="2d")
    take(stage, record)
    (stage.folder / "templates" / "plain.txt.j2").write_text("{{ bodyy }}\n")
    stage.clock.leap(86400)
    stage.start().sweep()
    assert len(made(stage)) == 2
    assert "bodyy" in stage.status()["series"][0]["trouble"][0]
    (stage.folder / "templates" / "plain.txt.j2").write_text("{{ body }}\n")
    stage.clock.leap(86400)
    stage.start().sweep()
    assert len(made(stage)) == 4
    (stage.folder / "templates" / "plain.txt.j2").write_text("{{ bodyy }}\n")
    with pytest.raises(RecordErrors, match="bodyy"):
        take(stage, replace(record, key="other"))


def test_nothing_comes_on_a_day_that_the_record_skips(stage: Stage) -> None:
    skipped = f"{stage.clock.now() + 2 * DAY:%Y-%m-%d}"
    row = take(stage, tips(stage, "FREQ=DAILY;COUNT=4", skip=(skipped,)))
    assert [each.name for each in made(stage)] == [f"tip.{day}" for day in days(stage, 1, 3, 4)]
    assert "skipped, as the record says" in row.told[-1]


def campaign(stage: Stage, more: str) -> None:
    """Give the campaign other rules."""
    (stage.folder / "schedules" / "test.toml").write_text(f"{CAMPAIGN}{more}\n")


def test_nothing_comes_on_a_holiday_unless_the_record_says_so(stage: Stage) -> None:
    one, two, three = days(stage, 1, 2, 3)
    campaign(stage, f"holidays = [{two}]")
    row = take(stage, tips(stage, "FREQ=DAILY;COUNT=3"))
    assert [each.name for each in made(stage)] == [f"tip.{one}", f"tip.{three}"]
    assert "skipped, a holiday of the campaign" in row.told[-1]
    take(stage, tips(stage, "FREQ=DAILY;COUNT=3", on_holidays=True))
    assert [each.name for each in made(stage)] == [f"tip.{day}" for day in (one, two, three)]


def test_a_series_in_the_quiet_hours_is_refused(stage: Stage) -> None:
    begins = stage.clock.now() + DAY
    after = begins + timedelta(hours=2)
    campaign(stage, f'quiet_hours = "{begins:%H:%M}-{after:%H:%M}"')
    with pytest.raises(RecordErrors, match="lies in the campaign's quiet hours"):
        take(stage, tips(stage))


def test_nothing_comes_before_the_campaign_starts_or_after_it_ends(stage: Stage) -> None:
    two, three, four = days(stage, 2, 3, 4)
    campaign(stage, f'start = "{two} 00:00"\nend = "{four} 00:00"')
    row = take(stage, tips(stage))
    assert [each.name for each in made(stage)] == [f"tip.{two}", f"tip.{three}"]
    assert "is before campaign 'test' starts" in " ".join(row.told)
    assert row.told[-1] == "nothing comes after campaign 'test' ends"


def test_a_series_whose_campaign_is_gone_is_told_and_does_not_stop_the_others(stage: Stage) -> None:
    (stage.folder / "schedules" / "other.toml").write_text(CAMPAIGN)
    take(stage, replace(tips(stage, "daily", rest="9d", ahead="1d"), campaign="other", key="gone"))
    take(stage, tips(stage, "daily", rest="9d", ahead="2d"))
    (stage.folder / "schedules" / "other.toml").unlink()
    stage.clock.leap(86400 + 60)
    stage.start().sweep()
    assert len(made(stage)) == 3
    trouble = {each["name"]: each["trouble"] for each in stage.status()["series"]}
    assert trouble["gone"] == ["campaign 'other' is not in the schedules folder (there: test)"]
