"""What breaks, and how it ends: each row of the table in `docs/protocol.md` is what is measured here."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.faults import CREATE, READ
from tests.end_to_end.stage import blank_database, open_stage
from tests.faults.cases import CASES, Case
from tests.faults.measured import measure
from tests.faults.page import on_page

DELETED = "a person deletes the post while it is in doubt"


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return blank_database(tmp_path_factory.mktemp("blank"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_the_page_says_what_comes_of_it(tmp_path: Path, blank: Path, case: Case) -> None:
    with open_stage(tmp_path / "stage", blank, **case.sandbox) as stage:
        case.deed(stage)
        row = measure(case.what, stage)
        assert row.as_markdown() in on_page()
        assert stage.counted()[2] == (case.what == DELETED)  # ours was there, and nobody can tell that it was
        assert "publishing" not in stage.states()
        told = bool(stage.notices.subjects)
        assert told or set(stage.states()) <= {"published", "scheduled"}


def test_the_page_has_no_other_rows() -> None:
    assert [row.split(" | ")[0].removeprefix("| ") for row in on_page()] == [case.what for case in CASES]


def test_every_way_in_which_the_sandbox_misbehaves_with_a_post_has_a_row() -> None:
    source = (Path(__file__).parent / "cases.py").read_text("utf-8")
    elsewhere = {"look_up_503"}  # a thread at rest: tests/end_to_end/test_threads_and_replies.py
    assert [kind for kind in {*CREATE, *READ} - elsewhere if f'"{kind}' not in source] == []
