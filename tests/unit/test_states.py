"""The charts of states: what may follow what, and that the document says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.domain.states import (
    ATTEMPT_TRANSITIONS,
    BARRING_ATTEMPTS,
    OPEN_ATTEMPTS,
    TRANSITIONS,
    UNFINISHED,
    AttemptState,
    HeldReason,
    State,
)

REPO = Path(__file__).parents[2]
DOCUMENT = (REPO / "docs" / "states.md").read_text(encoding="utf-8")

S, A = State, AttemptState


def documented(heading: str) -> dict[str, set[str]]:
    """The table `from | to` under a heading of the document."""
    section = DOCUMENT.split(f"## {heading}")[1].split("\n## ")[0]
    table = section.split("| from | to |\n|---|---|\n")[1].split("\n\n")[0]
    rows = re.findall(r"^\|\s*(\w+)\s*\|\s*(.*?)\s*\|", table, re.MULTILINE)
    return {before: set(filter(None, re.split(r",\s*", after))) for before, after in rows}


def test_the_document_has_the_chart_of_an_announcement() -> None:
    assert documented("An announcement") == {
        before.value: {after.value for after in targets} for before, targets in TRANSITIONS.items()
    }


def test_the_document_has_the_chart_of_an_attempt() -> None:
    assert documented("An attempt") == {
        before.value: {after.value for after in targets} for before, targets in ATTEMPT_TRANSITIONS.items()
    }


def test_the_document_explains_every_state_and_every_reason_to_be_held() -> None:
    assert [word for word in (*S, *A) if f"| {word.value} |" not in DOCUMENT] == []
    assert [reason for reason in HeldReason if f"`{reason.value}`" not in DOCUMENT] == []


def test_every_state_has_its_row_and_none_moves_to_itself() -> None:
    assert set(TRANSITIONS) == set(S)
    assert set(ATTEMPT_TRANSITIONS) == set(A)
    assert [state for state in S if state in TRANSITIONS[state]] == []
    assert [state for state in A if state in ATTEMPT_TRANSITIONS[state]] == []


def reachable(start: State) -> set[State]:
    """Every state that a path leads to."""
    found, new = set[State](), {start}
    while new:
        found |= new
        new = {after for before in new for after in TRANSITIONS[before]} - found
    return found


def test_a_draft_can_come_to_every_state() -> None:
    assert reachable(S.DRAFT) == set(S)


@pytest.mark.parametrize("state", sorted(set(S) - {S.WITHDRAWN}))
def test_nothing_but_what_is_withdrawn_is_stuck(state: State) -> None:
    assert TRANSITIONS[state]


@pytest.mark.parametrize("state", sorted(set(S) - {S.DRAFT, S.SUBMITTED, S.WITHDRAWN, S.PUBLISHED}))
def test_a_fact_that_comes_late_finds_a_way_to_published(state: State) -> None:
    assert S.PUBLISHED in TRANSITIONS[state]


@pytest.mark.parametrize("state", sorted(set(A) - {A.ACCEPTED}))
def test_whatever_was_believed_of_an_attempt_an_acceptance_overrules_it(state: AttemptState) -> None:
    assert A.ACCEPTED in ATTEMPT_TRANSITIONS[state]


def test_what_went_out_is_never_queued_again() -> None:
    assert not TRANSITIONS[S.PUBLISHED] & {S.DRAFT, S.SUBMITTED, S.SCHEDULED, S.PUBLISHING}
    assert not TRANSITIONS[S.PARTLY_PUBLISHED] & {S.DRAFT, S.SUBMITTED, S.SCHEDULED, S.CANCELLED}


def test_only_people_or_a_claim_make_it_publishing() -> None:
    before = {state for state in S if S.PUBLISHING in TRANSITIONS[state]}
    assert before == {S.SCHEDULED, S.HELD, S.MISSED, S.PARTLY_PUBLISHED}


def test_what_is_open_bars_and_what_is_accepted_bars_for_ever() -> None:
    assert {*OPEN_ATTEMPTS, A.ACCEPTED} == BARRING_ATTEMPTS
    assert A.ACCEPTED not in OPEN_ATTEMPTS


def test_an_unfinished_announcement_may_still_be_published() -> None:
    assert all(S.PUBLISHING in reachable(state) for state in UNFINISHED)
