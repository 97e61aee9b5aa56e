"""Facts are recorded always: a late one overrules a belief, and the word of a person who erred (design, section 5)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.application.conclude import Conclusion
from bot.application.ports.account_states import PauseKind
from bot.application.ports.checkpoint import Step
from bot.bootstrap import Program
from bot.domain.attempt import Attempt
from bot.domain.states import AttemptState, HeldReason, KnownBy
from bot.settings import load_settings
from tests.office import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office", fsync=False) as office:
        office.sandbox.set_faults("dup_no_match:1")
        office.queue("Only a person knows.", due_in=1.5)
        assert office.bot("run", "--until-drained").returncode == 1
        yield office


@pytest.fixture
def program(office: Office) -> Iterator[Program]:
    program = Program(load_settings(office.folder, environ=office.env))
    yield program
    program.close()


def first(program: Program) -> Attempt:
    with program.store.reading() as tx:
        return tx.attempts.get(1)


def accept(program: Program, post_id: str, known_by: KnownBy) -> tuple[bool, Conclusion]:
    with program.publishing.concluding(Step.SETTLE) as conclusion:
        return conclusion.accept(first(program), post_id, known_by, {}), conclusion


def test_an_answer_that_comes_late_corrects_what_a_person_settled(program: Program, office: Office) -> None:
    accept(program, "111", KnownBy.PERSON)
    changed, conclusion = accept(program, "222", KnownBy.ANSWER)
    assert changed
    assert (first(program).post_id, first(program).known_by) == ("222", KnownBy.ANSWER)
    assert "another post" in conclusion.notices[0].subject
    assert "corrected" in [event for (event,) in office.rows("SELECT event FROM journal")]


def test_what_an_answer_said_is_final_and_no_person_overrules_it(program: Program) -> None:
    accept(program, "111", KnownBy.ANSWER)
    changed, _ = accept(program, "222", KnownBy.PERSON)
    assert not changed
    assert first(program).post_id == "111"


def test_a_post_believed_absent_that_was_out_after_all_is_published_by_that_fact(
    program: Program, office: Office
) -> None:
    with program.publishing.concluding(Step.SETTLE) as conclusion:
        conclusion.disprove(first(program), "two empty readings", wake_at=None)
    assert first(program).state is AttemptState.ABSENT
    accept(program, "111", KnownBy.ANSWER)
    assert first(program).state is AttemptState.ACCEPTED
    assert office.states() == ["published"]


def test_a_thread_whose_first_post_was_out_after_all_can_be_held_from_where_it_stands(tmp_path: Path) -> None:
    with open_office(tmp_path / "thread", fsync=False, faults=["400:1"]) as office:
        office.queue("One.\n---\nTwo.", thread=True, due_in=1.5)
        office.bot("run", "--once")
        assert office.states() == ["scheduled"]
        program = Program(load_settings(office.folder, environ=office.env))
        accept(program, "111", KnownBy.ANSWER)
        assert office.states() == ["publishing"]
        with program.publishing.concluding(Step.SETTLE) as conclusion:
            conclusion.hold(1, HeldReason.LATE, "late by an hour")
        program.close()
        assert office.states() == ["partly_published"]


class Told:
    """A notifier that keeps what it was given."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def tell(self, subject: str, body: str) -> None:
        self.bodies.append(body)


def test_a_notice_carries_the_head_against_which_a_cut_or_forged_log_is_found(
    office: Office, program: Program
) -> None:
    told = Told()
    ports = replace(program.publishing, notifier=told)
    ports.stop("baliprocessrso", PauseKind.IDENTITY, "the wrong keys")
    found = re.search(r"bot log verify --head ([0-9]+:[0-9a-f]{64})", told.bodies[0])
    assert found
    assert office.bot("log", "verify", "--head", found[1]).returncode == 0
    with closing(sqlite3.connect(office.folder / "bot.db")) as connection, connection:
        connection.execute("DROP TRIGGER journal_no_delete")
        connection.execute("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")
    assert office.bot("log", "verify").returncode == 0
    assert office.bot("log", "verify", "--head", found[1]).returncode == 1
