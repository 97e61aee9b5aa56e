"""The part of `docs/protocol.md` that the model writes itself: its tables and one counterexample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.model.names import Guard
from tests.model.regimes import ANOTHER_SUFFICES, BOTH_OUT, REGIMES, SEVERAL_HOSTS, TEETH, Tooth
from tests.model.search import explore
from tests.model.told import REGIME_HEAD, TOOTH_HEAD, counterexample, in_markdown, regime_row, tooth_row

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
BEGIN, END = "<!-- the model: written by `python -m tests.model --write` -->", "<!-- the model: end -->"
SHOWN = next(
    each for each in TEETH if each.without == (Guard.FENCE, Guard.CLOCK) and each.regime is SEVERAL_HOSTS
)
"""The counterexample that the page shows."""


def generated(page: str) -> list[str]:
    """Give the lines of the page that the model has written."""
    return page.partition(BEGIN)[2].partition(END)[0].splitlines()


def write() -> None:
    """Write the tables and the counterexample anew."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    lines = "\n".join(_lines())
    PAGE.write_text(f"{before}{BEGIN}\n\n{lines}\n\n{END}{rest.partition(END)[2]}", "utf-8")


def _lines() -> Iterator[str]:
    yield from _table(REGIME_HEAD)
    for regime in REGIMES:
        yield in_markdown(regime_row(regime, explore(regime)))
    yield ""
    yield from _table(TOOTH_HEAD)
    for tooth in (*TEETH, *ANOTHER_SUFFICES, *BOTH_OUT):
        yield in_markdown(tooth_row(tooth, explore(tooth.regime, tooth.without)))
    yield f"\n{sentence(SHOWN)}\n\n```text"
    yield from counterexample(explore(SHOWN.regime, SHOWN.without))
    yield "```"


def _table(head: tuple[str, ...]) -> Iterator[str]:
    yield in_markdown(head)
    yield "|" + "---|" * len(head)


def sentence(tooth: Tooth) -> str:
    """Say what a counterexample shows."""
    return f"The shortest way to a broken promise on {tooth.regime.name}, without “{'” and “'.join(tooth.without)}”:"
