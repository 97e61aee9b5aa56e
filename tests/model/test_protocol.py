"""The protocol, checked over every order of steps and faults that a bounded world allows (design, section 10)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from bot.application.ports.checkpoint import WITHDRAWAL, Step
from tests.model import page
from tests.model.names import FAULTS, Guard, Move
from tests.model.printed import REGIME, TOOTH
from tests.model.regimes import (
    ANOTHER_SUFFICES,
    BOTH_OUT,
    PERSON_SETTLES,
    REGIMES,
    TEETH,
    WRONG_ABSENT,
    Tooth,
)
from tests.model.rules import BUDGETED, Regime
from tests.model.search import Verdict, explore
from tests.model.told import counterexample, in_markdown, regime_row, tooth_row

Record = Callable[[str, object], None]


@cache
def searched(name: str) -> Verdict:
    return explore(next(regime for regime in REGIMES if regime.name == name))


def whole(regime: Regime) -> Verdict:
    """A regime with every guard in place, searched once by each process of the test run."""
    return searched(regime.name)


@pytest.fixture(scope="session")
def written() -> list[str]:
    """What docs/protocol.md shows of the model."""
    return page.generated(page.PAGE.read_text("utf-8"))


@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.name)
def test_every_promise_holds_in_every_state_of_this_regime(
    regime: Regime, record_property: Record, written: list[str]
) -> None:
    verdict = whole(regime)
    record_property(REGIME, json.dumps(regime_row(regime, verdict)))
    assert verdict.holds, "\n".join(counterexample(verdict))
    assert in_markdown(regime_row(regime, verdict)) in written, "run `python -m tests.model --write`"


def check(tooth: Tooth, record_property: Record, written: list[str]) -> None:
    verdict = explore(tooth.regime, tooth.without)
    record_property(TOOTH, json.dumps(tooth_row(tooth, verdict)))
    assert verdict.broken == tooth.breaks, "\n".join(counterexample(verdict))
    assert in_markdown(tooth_row(tooth, verdict)) in written, "run `python -m tests.model --write`"
    assert whole(tooth.regime).holds


@pytest.mark.parametrize("tooth", TEETH, ids=lambda tooth: tooth.name)
def test_without_this_guard_a_promise_breaks_and_with_it_none_does(
    tooth: Tooth, record_property: Record, written: list[str]
) -> None:
    check(tooth, record_property, written)


@pytest.mark.parametrize("tooth", ANOTHER_SUFFICES, ids=lambda tooth: tooth.name)
def test_without_this_guard_another_one_suffices(
    tooth: Tooth, record_property: Record, written: list[str]
) -> None:
    check(tooth, record_property, written)


@pytest.mark.parametrize("tooth", BOTH_OUT, ids=lambda tooth: tooth.name)
def test_without_both_of_them_a_promise_breaks(
    tooth: Tooth, record_property: Record, written: list[str]
) -> None:
    check(tooth, record_property, written)


@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.name)
def test_a_wait_that_is_no_longer_than_what_x_may_take_is_too_short(regime: Regime) -> None:
    """Silence, lateness and lag together are the bound; without the look at the store, what the guard lets pass as well."""
    longest = (regime.silence or 0) + regime.late + regime.lag
    assert explore(replace(regime, wait=longest)).broken == WRONG_ABSENT
    blind = explore(replace(regime, wait=longest + regime.span), [Guard.FENCE])
    assert blind.broken == WRONG_ABSENT


def test_every_guard_has_a_regime_in_which_it_is_missed() -> None:
    assert {guard for tooth in (*TEETH, *BOTH_OUT) for guard in tooth.without} == set(Guard)


def test_a_guard_that_another_one_covers_is_missed_once_that_one_is_gone_too() -> None:
    alone = {(tooth.regime.name, guard) for tooth in ANOTHER_SUFFICES for guard in tooth.without}
    missed = {(tooth.regime.name, guard) for tooth in (*TEETH, *BOTH_OUT) for guard in tooth.without}
    elsewhere = {guard for tooth in TEETH for guard in tooth.without}
    assert {guard for place, guard in alone if (place, guard) not in missed} <= elsewhere


def test_the_page_shows_these_tables_and_no_others(written: list[str]) -> None:
    rows = [line for line in written if line.startswith("| ")]
    assert len(rows) == 2 + len(REGIMES) + len(TEETH) + len(ANOTHER_SUFFICES) + len(BOTH_OUT)


def test_the_page_shows_a_counterexample_as_the_search_finds_it(written: list[str]) -> None:
    shown = list(counterexample(explore(page.SHOWN.regime, page.SHOWN.without)))
    start = written.index(shown[0])
    assert written[start : start + len(shown)] == shown


def test_the_models_actions_are_the_steps_of_the_code_and_the_moves_of_the_others() -> None:
    """Every checkpoint is an action that happens, and nothing else that a worker does has a name.

    The steps of a withdrawal are none: it creates nothing, holds the sender lock, begins only when no attempt of the account is
    open, and what it deletes is no longer the post that a reading has to show; so it stands in no order with those of the model
    that matters (decision 0023). The crash tests kill at each of them.
    """
    small = [replace(regime, budgets=dict.fromkeys(regime.budgets, 1), posts=1) for regime in REGIMES[:-1]]
    thread = replace(REGIMES[-1], budgets={Move.COPY: 1, Move.RESTORE: 1, Move.LOSE_WITNESS: 1})
    seen = frozenset().union(*(explore(regime).seen for regime in [*small, thread]))
    assert {name for name in seen if isinstance(name, Step)} == set(Step) - set(WITHDRAWAL)
    assert {name for name in seen if isinstance(name, Move)} == set(Move)


def test_no_move_of_the_others_is_called_like_a_step() -> None:
    assert not {move.value for move in Move} & {step.value for step in Step}


def test_what_is_allowed_only_so_often_is_nothing_that_the_end_may_depend_on() -> None:
    assert set(BUDGETED) <= FAULTS


def test_each_word_that_a_person_may_say_is_said_where_the_program_hands_over() -> None:
    assert whole(PERSON_SETTLES).seen >= {Move.LOOK, Move.SAY_ABSENT, Move.SAY_PUBLISHED, Move.UNREADABLE}
