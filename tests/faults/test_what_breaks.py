"""What breaks, and how it ends: each row of the table in `docs/protocol.md` is what is measured here."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.faults import DELETE, KINDS
from tests.end_to_end.stage import blank_database, open_stage
from tests.faults.cases import Case
from tests.faults.every_case import EVERY_CASE
from tests.faults.lost_bets import LOST
from tests.faults.measured import measure
from tests.faults.page import on_page

DELETED = "a person deletes the post while it is in doubt"
DOUBLED = {DELETED, *(case.what for case in LOST)}
"""Where two are taken: ours was there, and nobody could tell; or the bet on time was lost, as the page says it may be."""


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return blank_database(tmp_path_factory.mktemp("blank"))


@pytest.mark.parametrize("case", EVERY_CASE, ids=lambda case: case.what)
def test_the_page_says_what_comes_of_it(tmp_path: Path, blank: Path, case: Case) -> None:
    with open_stage(tmp_path / "stage", blank, **case.sandbox) as stage:
        case.deed(stage)
        row = measure(case.what, stage)
        assert row.as_markdown() in on_page()
        assert stage.counted()[2] == (case.what in DOUBLED)
        assert "publishing" not in stage.states()
        told = bool(stage.notices.subjects)
        assert told or set(stage.states()) <= {"published", "scheduled"}


def test_the_page_has_no_other_rows() -> None:
    assert [row.split(" | ")[0].removeprefix("| ") for row in on_page()] == [case.what for case in EVERY_CASE]


def test_every_way_in_which_the_sandbox_misbehaves_has_a_row() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py"))
    of_publishing = set(KINDS) - set(DELETE)  # a withdrawal's have their tests in end_to_end/test_withdraw.py
    assert [kind for kind in of_publishing if f'"{kind}' not in source] == []
