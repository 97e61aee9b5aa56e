"""What people do to the queue: intake, approval, times (settled questions 11 to 15)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application.intake_rows import Action
from bot.application.ports.record_files import FoundRecord
from bot.bootstrap import Program
from bot.domain.announcement import Record
from bot.domain.errors import InputError, RecordErrors, Refusal
from bot.domain.states import State
from bot.settings import load_settings
from tests.end_to_end.outside import until
from tests.office import Office, open_office

DUE = "2040-05-02 10:00"
RECORD = Record("test", key="report", body="The report is out.", due=DUE)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office", fsync=False) as office:
        yield office


@pytest.fixture
def program(office: Office) -> Iterator[Program]:
    program = Program(load_settings(office.folder, environ=office.env))
    yield program
    program.close()


def policy(office: Office, approval: str) -> None:
    path = office.folder / "schedules" / "test.toml"
    path.write_text(path.read_text() + f'approval = "{approval}"\n')


def digest(program: Program, name: str = "report") -> str:
    with program.store.reading() as tx:
        return program.previewer.card(tx.announcements.find(name)).digest


def events(office: Office) -> list[str]:
    return [event for (event,) in office.rows("SELECT event FROM journal ORDER BY seq")]


def approved(
    program: Program, record: Record = RECORD, *, author: str = "ann", approver: str = "bob"
) -> None:
    program.intake.add(record, actor=author)
    program.approval.approve(record.key or "", digest(program, record.key or ""), actor=approver)


def take_in(program: Program, *records: Record) -> list[Action]:
    found = [FoundRecord(record, f"file.yaml:{line}") for line, record in enumerate(records, start=1)]
    return [row.action for row in program.intake.take_in(found, actor="ann")]


def test_the_same_file_twice_adds_nothing_the_second_time(program: Program, office: Office) -> None:
    records = [RECORD, replace(RECORD, key=None, body="Without a key.")]
    assert take_in(program, *records) == [Action.ADDED, Action.ADDED]
    assert take_in(program, *records) == [Action.UNCHANGED, Action.UNCHANGED]
    assert office.rows("SELECT count(*) FROM announcements") == [(2,)]


def test_a_changed_record_with_the_same_key_is_an_edit_and_its_approval_goes(
    program: Program, office: Office
) -> None:
    approved(program)
    assert take_in(program, replace(RECORD, body="The report is out at last.")) == [Action.CHANGED]
    assert office.states() == ["draft"]
    assert office.rows("SELECT count(*) FROM approvals") == [(0,)]
    assert office.rows("SELECT count(*) FROM posts") == [(0,)]


def test_a_changed_record_that_is_out_is_an_error_and_nothing_of_its_file_is_taken(
    program: Program, office: Office
) -> None:
    office.queue("Out.", key="report", due_in=1.5)
    assert office.bot("run", "--until-drained").returncode == 0
    with pytest.raises(RecordErrors, match="what is out cannot be changed"):
        take_in(program, replace(RECORD, key="new"), replace(RECORD, body="Changed."))
    assert office.states() == ["published"]


def test_a_record_that_stands_twice_in_a_file_is_told_with_its_first_line(program: Program) -> None:
    with pytest.raises(RecordErrors, match=r"file\.yaml:1"):
        take_in(program, RECORD, RECORD)


def test_a_dry_run_tells_and_changes_nothing(program: Program, office: Office) -> None:
    found = [FoundRecord(RECORD, "file.yaml:1")]
    rows = program.intake.rehearse(found, actor="ann")
    assert [(row.action, row.id) for row in rows] == [(Action.ADDED, None)]
    assert office.states() == []
    assert events(office) == []


def test_one_approval_schedules_and_freezes_the_text(program: Program, office: Office) -> None:
    approved(program)
    assert office.states() == ["scheduled"]
    (office.folder / "templates" / "plain.txt.j2").write_text("Changed after approval: {{ body }}")
    assert office.rows("SELECT text FROM posts") == [("The report is out.",)]
    shown = office.json("preview", "report")["announcements"][0]
    assert (shown["frozen"], shown["posts"][0]["text"]) == (True, "The report is out.")


def test_an_authors_own_approval_counts_under_one_and_is_marked(program: Program, office: Office) -> None:
    approved(program, author="ann", approver="ann")
    assert office.states() == ["scheduled"]
    assert office.rows("SELECT own FROM approvals") == [(1,)]


def test_two_means_two_different_people(program: Program, office: Office) -> None:
    policy(office, "two")
    approved(program, author="ann", approver="ann")
    assert office.states() == ["submitted"]
    program.approval.approve("report", digest(program), actor="ann")
    assert office.states() == ["submitted"]
    program.approval.approve("report", digest(program), actor="bob")
    assert office.states() == ["scheduled"]


def test_the_first_of_two_approvals_counts_no_more_when_the_text_became_another(
    program: Program, office: Office
) -> None:
    policy(office, "two")
    approved(program, approver="bob")
    (office.folder / "templates" / "plain.txt.j2").write_text("News: {{ body }}")
    program.approval.approve("report", digest(program), actor="cyd")
    assert office.states() == ["submitted"]


def test_none_schedules_what_is_submitted(program: Program, office: Office) -> None:
    policy(office, "none")
    office.env["BOT_APPROVAL"] = "none"
    loose = Program(load_settings(office.folder, environ=office.env))
    loose.intake.add(RECORD, actor="ann")
    loose.approval.submit("report", actor="ann")
    loose.close()
    assert office.states() == ["scheduled"]


def test_the_stricter_of_campaign_and_settings_holds(office: Office, program: Program) -> None:
    policy(office, "none")
    program.intake.add(RECORD, actor="ann")
    program.approval.submit("report", actor="ann")
    assert office.states() == ["submitted"]


def test_a_yes_to_what_was_seen_before_a_change_is_refused(program: Program, office: Office) -> None:
    program.intake.add(RECORD, actor="ann")
    seen = digest(program)
    program.intake.edit("report", {"body": "Something else."}, actor="ann")
    with pytest.raises(Refusal, match="has changed"):
        program.approval.approve("report", seen, actor="bob")
    assert office.states() == ["draft"]


def test_a_rejected_one_is_a_draft_again_with_the_reason(program: Program, office: Office) -> None:
    approved(program)
    program.approval.reject("report", "The figure is last year's.", actor="bob")
    assert office.states() == ["draft"]
    assert "last year" in office.bot("queue", "show", "report").stdout


def test_a_new_time_by_its_author_takes_the_approval_of_another_away(
    program: Program, office: Office
) -> None:
    approved(program, author="ann", approver="bob")
    program.control.reschedule("report", "2040-06-01 10:00", actor="ann")
    assert office.states() == ["submitted"]


def test_a_new_time_by_an_approver_or_a_slot_keeps_the_approval(program: Program, office: Office) -> None:
    path = office.folder / "schedules" / "test.toml"
    path.write_text(path.read_text() + 'slots = ["09:00"]\n')
    approved(program, author="ann", approver="bob")
    program.control.reschedule("report", "2040-06-01 10:00", actor="bob")
    assert office.states() == ["scheduled"]
    program.control.reschedule("report", "next", actor="ann")
    assert office.states() == ["scheduled"]


def test_next_takes_the_first_slot_that_nothing_else_takes(program: Program, office: Office) -> None:
    path = office.folder / "schedules" / "test.toml"
    path.write_text(path.read_text() + 'slots = ["09:00"]\n')
    first = program.intake.add(replace(RECORD, key="a", due="next"), actor="ann")
    second = program.intake.add(replace(RECORD, key="b", due="next"), actor="ann")
    assert first.due
    assert second.due
    assert second.due.at - first.due.at == timedelta(days=1)


def test_a_cancelled_one_never_goes_out_and_frees_its_text(program: Program, office: Office) -> None:
    approved(program)
    program.control.cancel("report", "Postponed.", actor="bob")
    approved(program, replace(RECORD, key="again"))
    assert office.states() == ["cancelled", "scheduled"]


def test_the_same_text_twice_in_the_queue_is_refused_at_approval(program: Program, office: Office) -> None:
    approved(program)
    program.intake.add(replace(RECORD, key="again"), actor="ann")
    with pytest.raises(Refusal, match="same text"):
        program.approval.approve("again", digest(program, "again"), actor="bob")
    assert office.states() == ["scheduled", "draft"]


def test_what_x_refused_for_its_text_can_be_mended_and_goes_out(office: Office) -> None:
    office.sandbox.set_faults("400:3")
    office.queue("Refused.", key="report", due_in=1.5)
    assert office.bot("run", "--until-drained").returncode == 1
    office.bot("queue", "edit", "report", "--body", "Mended.", check=True)
    office.bot("queue", "reschedule", "report", "--due", "now", check=True)
    program = Program(load_settings(office.folder, environ=office.env))
    with program.store.reading() as tx:
        assert tx.announcements.find("report").state is State.DRAFT
    program.control.reschedule(
        "report", (program.clock.now() + timedelta(seconds=2)).isoformat(), actor="ann"
    )
    program.approval.approve("report", digest(program), actor="bob")
    program.close()
    worker = office.worker()
    until(lambda: office.states() == ["published"])
    worker.terminate()
    worker.wait(timeout=45)
    assert [post["text"] for post in office.sandbox.posts()] == ["Mended."]


def test_a_file_with_problems_is_taken_and_what_has_them_waits_submitted(office: Office) -> None:
    path = office.folder / "records.csv"
    path.write_text(f"campaign,key,body,due\ntest,good,Good.,{DUE}\ntest,late,Late.,2020-01-01 10:00\n")
    done = office.bot("queue", "import", path.name, "--approve", "--yes")
    assert done.returncode == 1
    assert "late is not approved" in done.stderr
    assert office.states() == ["scheduled", "submitted"]


def test_an_unknown_name_is_told_and_a_number_finds_it_too(program: Program) -> None:
    added = program.intake.add(RECORD, actor="ann")
    with program.store.reading() as tx:
        assert tx.announcements.find(str(added.id)).id == added.id
        with pytest.raises(InputError, match="reportt"):
            tx.announcements.find("reportt")


def test_the_journal_names_every_deed_with_its_doer(program: Program, office: Office) -> None:
    approved(program)
    program.control.cancel("report", "Postponed.", actor="bob")
    rows = office.rows("SELECT event, actor FROM journal ORDER BY seq")
    assert rows == [
        ("intake", "ann"),
        ("submit", "bob"),
        ("approve", "bob"),
        ("schedule", "bob"),
        ("cancel", "bob"),
    ]


def test_an_approved_time_that_new_rules_of_its_zone_have_moved_is_held(office: Office) -> None:
    office.queue("At ten by the clock on the wall.", due_in=1.5)
    with closing(sqlite3.connect(office.folder / "bot.db")) as connection, connection:
        wall = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)
        connection.execute("UPDATE announcements SET due_fixed = 0, due_wall = ?", (wall.isoformat(),))
    assert office.bot("run", "--until-drained").returncode == 1
    assert office.states() == ["held"]
    assert office.sandbox.stats()["creates_received"] == 0
    office.bot("queue", "reschedule", "1", "--due", "now", check=True)
    assert office.bot("run", "--until-drained").returncode == 0
