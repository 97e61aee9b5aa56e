"""How a search is told to people: the tables of `docs/protocol.md` and of the test run, and a counterexample line by line."""

from __future__ import annotations

from collections.abc import Iterator

from tests.model.layout import ANNOUNCEMENT, AT_X, ATTEMPTS, DATABASE, REQUESTS
from tests.model.regimes import Tooth
from tests.model.rules import Regime
from tests.model.search import Action, Verdict

STATES = ("", "scheduled", "publishing", "published", "held", "partly published", "cancelled", "draft")
ATTEMPT_STATES = ("", "sending", "in doubt", "absent", "accepted", "not sent")
AT_X_STATES = ("", "silent", "on its way", "out, not shown", "out")

REGIME_HEAD = ("regime", "what may happen", "states", "verdict")
TOOTH_HEAD = ("regime", "taken out", "what comes of it", "steps")


def regime_row(regime: Regime, verdict: Verdict) -> tuple[str, ...]:
    """One line of the table of regimes."""
    return regime.name, regime.says, f"{verdict.states:,}", verdict.broken or "every promise holds"


def tooth_row(tooth: Tooth, verdict: Verdict) -> tuple[str, ...]:
    """One line of the table of guards."""
    steps = str(len(verdict.way)) if verdict.broken else ""
    return (
        tooth.regime.name,
        " + ".join(tooth.without),
        verdict.broken or "nothing: another guard suffices",
        steps,
    )


def in_markdown(row: tuple[str, ...]) -> str:
    """Write a row as the pages do."""
    return f"| {' | '.join(row)} |".replace("|  |", "| |")


def in_columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Set rows into columns for a terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def counterexample(verdict: Verdict) -> Iterator[str]:
    """Tell a way to a broken promise, an action a line; beside it what has become of database and X, where that changed."""
    before = ""
    for number, action in enumerate(verdict.way, 1):
        after = _situation(action.state)
        yield f"{number:3}  {_who(action):52}{after if after != before else ''}".rstrip()
        before = after
    yield f"     {verdict.broken}"


def _who(action: Action) -> str:
    return f"worker {action.worker}: {action.name}" if action.worker else str(action.name)


def _situation(s: bytes) -> str:
    attempts = [ATTEMPT_STATES[state] for state in s[ATTEMPTS : DATABASE.stop : 2] if state]
    requests = [AT_X_STATES[s[place] // 10] for place in range(AT_X, AT_X + 2 * REQUESTS, 2) if s[place]]
    there = f"; at X: {', '.join(requests)}" if requests else ""
    return f"{STATES[s[ANNOUNCEMENT]]}{''.join(f', {state}' for state in attempts)}{there}"
