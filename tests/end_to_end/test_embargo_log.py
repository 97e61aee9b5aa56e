"""The log and embargoes: its export marks them, and `bot log verify` names what was sent under one (decision 0021)."""

from __future__ import annotations

import csv
from datetime import timedelta

from tests.end_to_end.by_command import command
from tests.end_to_end.stage import Stage
from tests.end_to_end.test_log_verify import findings, row_of, tamper


def test_the_log_names_what_was_sent_under_an_embargo_that_nobody_had_lifted(stage: Stage) -> None:
    later = stage.clock.now() + timedelta(hours=2)
    stage.queue("The report is out.", due_in=9000, embargo=later.isoformat(), wait=False)
    sql = "SELECT strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', ?)"
    past = stage.rows(sql, "-1 minutes")[0][0]
    tamper(stage, f"UPDATE announcements SET embargo_at = NULL, due_at = '{past}', wake_at = '{past}'")
    stage.play()
    assert stage.counted() == (1, 1, 0)
    intent = row_of(stage, "intent")
    said = f"row {intent}: announcement 1 was sent before its embargo ended, which nobody had lifted"
    assert findings(stage) == [said]


def test_the_log_of_an_embargo_that_two_people_lifted_holds(stage: Stage) -> None:
    lifted_by_two(stage)
    stage.program().control.reschedule("1", "now", actor="bob")
    stage.play()
    assert stage.states() == ["published"]
    assert findings(stage)[0].startswith("the log holds: ")


def test_the_log_names_an_embargo_that_the_database_calls_lifted_and_nobody_lifted(stage: Stage) -> None:
    stage.queue(
        "The report is out.", due_in=9000, embargo="2040-01-01 10:00", wait=False, due="2040-01-02 10:00"
    )
    tamper(stage, "UPDATE announcements SET embargo_asked_by = 'ann', embargo_lifted_by = 'bob'")
    (said,) = findings(stage)
    assert said == "the embargo of announcement 1 is lifted in the database, and no row of the log says so"


def test_the_log_names_a_lift_that_the_database_has_lost(stage: Stage) -> None:
    lifted_by_two(stage)
    tamper(stage, "UPDATE announcements SET embargo_lifted_by = NULL")
    (said,) = findings(stage)
    assert said.endswith("that the embargo of announcement 1 was lifted; the database does not")


def lifted_by_two(stage: Stage) -> None:
    """Queue something under embargo, which two people lift."""
    later = stage.clock.now() + timedelta(hours=2)
    stage.queue("The report is out.", due_in=9000, embargo=later.isoformat(), wait=False)
    for person in ("ann", "bob"):
        stage.program().embargoes.lift("1", "It is public.", actor=person)


def test_the_log_names_a_lift_for_which_no_other_person_had_asked(stage: Stage) -> None:
    lifted_by_two(stage)
    program = stage.program()
    for event in ("embargo_lift_asked", "embargo_lifted"):
        with program.store.writing() as tx:
            tx.journal.append(event, at=stage.clock.now(), actor="ann", announcement_id=1, data={})
    (said,) = findings(stage)
    assert said.endswith(
        "it says that ann lifted the embargo of announcement 1, which nobody else had asked for"
    )


def test_the_log_is_exported_with_the_embargo_and_who_lifted_it(stage: Stage) -> None:
    stage.queue("Lifted.", due_in=9000, embargo="2040-01-01 10:00", due="2040-01-02 10:00", wait=False)
    stage.queue("Without.")
    for person in ("ann", "bob"):
        stage.program().embargoes.lift("1", "It is public.", actor=person)
    stage.program().control.reschedule("1", "now", actor="bob")
    stage.play()
    rows = list(csv.DictReader(command(stage, "log", "--format", "csv").out.splitlines()))
    assert sorted((row["text"], row["embargo_at"], row["embargo_lifted_by"]) for row in rows) == [
        ("Lifted.", "2040-01-01T10:00:00Z", "ann, bob"),
        ("Without.", "", ""),
    ]
    shapes = {post["text"]: post for post in command(stage, "log", "--json").json["posts"]}
    assert shapes["Lifted."]["embargo_lifted_by"] == ["ann", "bob"]
    assert shapes["Without."]["embargo_at"] is None
    assert "(embargo lifted)" in command(stage, "log").out
