"""The part of `docs/protocol.md` that `scripts/mutate-protocol --update` writes: each step taken out, and what then fails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from tests.mutants.catalogue import ROOT, Mutant, catalogue
from tests.mutants.trial import Trial

PAGE = ROOT / "docs" / "protocol.md"
BEGIN, END = (
    "<!-- each step taken out: written by `scripts/mutate-protocol --update` -->",
    "<!-- each step taken out: end -->",
)
_LONGEST = 110
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def generated(page: str) -> list[str]:
    """Give the lines of the page that the script has written."""
    return page.partition(BEGIN)[2].partition(END)[0].splitlines()


def write(trials: Iterable[Trial]) -> None:
    """Write the tables anew, with the rows that the page has of mutants that were not tried now."""
    page = PAGE.read_text("utf-8")
    rows = known_rows(page) | {trial.mutant.name: _row(trial) for trial in trials}
    before, begin, rest = page.partition(BEGIN)
    lines = "\n".join(_lines(rows))
    PAGE.write_text(f"{before}{begin}\n\n{lines}\n\n{END}{rest.partition(END)[2]}", "utf-8")


def known_rows(page: str) -> dict[str, str]:
    """Give the rows of the page that fit a mutant as it is described now: name → row."""
    lines = generated(page)
    return {
        mutant.name: line
        for mutant in catalogue()
        for line in lines
        if line.startswith(f"{begun_row(mutant)} `") and f" | {shown_test(mutant)} | " in line
    }


def _lines(rows: Mapping[str, str]) -> Iterator[str]:
    mutants = catalogue()
    changes = sum(len(mutant.changes) for mutant in mutants)
    yield f"{len(mutants)} copies of the program, each without one step or guard ({changes} changes in all); every one fails."
    for step, each in groupby(mutants, lambda mutant: mutant.step):
        yield f"\n**{step}**\n"
        yield "| taken out | what then happens | what the test says | killed by | seconds |"
        yield "|---|---|---|---|---|"
        yield from (rows[mutant.name] for mutant in each)


def _row(trial: Trial) -> str:
    mutant = trial.mutant
    return f"{begun_row(mutant)} {_code(trial.words)} | {shown_test(mutant)} | {trial.seconds:.0f} |"


def begun_row(mutant: Mutant) -> str:
    """Give the part of a mutant's row that does not come from its run."""
    return f"| {mutant.name} | {mutant.then} |"


def shown_test(mutant: Mutant) -> str:
    """Name the test as people read it: file and sentence."""
    path, _, test = mutant.killed_by.partition("::")
    return f"`{path.removeprefix('tests/')}` {test.partition('[')[0].removeprefix('test_').replace('_', ' ')}".rstrip()


def _code(words: str) -> str:
    """As code: cut, and without what would end the cell or the code."""
    flat = " ".join(_ADDRESS.sub("", words).replace("`", "'").split())
    cut = flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1].rstrip() + "…"
    return "`" + cut.replace("|", "\\|") + "`"
