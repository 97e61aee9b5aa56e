"""Tries the mutants, two side by side, and prints what became of each."""

from __future__ import annotations

import argparse
import queue
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants import page
from tests.mutants.catalogue import STORM, Mutant, catalogue, wanted
from tests.mutants.trial import Trial, Verdict, Workspace

SIDE_BY_SIDE = 2


def main(arguments: Sequence[str]) -> int:
    """Run the command. Gives the exit code."""
    given = _parsed(arguments)
    mutants = wanted(given.name)
    if not mutants:
        print("no mutant has such a name; --list shows them all")
        return 2
    if given.list:
        print("\n".join(f"{mutant.step}: {mutant.name}" for mutant in mutants))
        return 0
    missing = _neither_tried_nor_shown(mutants)
    if given.update and missing:
        print("the page shows all of them; try these, too:", *missing, sep="\n")
        return 2
    trials = _tried(mutants)
    if trials is None:
        return 2
    alive = [trial for trial in trials if trial.verdict is not Verdict.KILLED]
    print(f"{len(trials)} mutants, {len(trials) - len(alive)} killed")
    print("\n".join(f"{trial.verdict}: {trial.mutant.name}: {trial.words}" for trial in alive))
    if given.update and not alive:
        page.write(trials)
    return 1 if alive else 0


def _neither_tried_nor_shown(mutants: Sequence[Mutant]) -> list[str]:
    known = {*page.known_rows(page.PAGE.read_text("utf-8")), *(mutant.name for mutant in mutants)}
    return [mutant.name for mutant in catalogue() if mutant.name not in known]


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutate-protocol", description=__doc__)
    parser.add_argument("name", nargs="*", help="a part of a mutant's name; all of them without it")
    parser.add_argument("--list", action="store_true", help="name them and do nothing")
    parser.add_argument("--update", action="store_true", help="write the table of docs/protocol.md")
    return parser.parse_args(arguments)


def _tried(mutants: Sequence[Mutant]) -> list[Trial] | None:
    """Give what became of each, in their order; None if a test is red before anything is taken out."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        places = [Workspace.made(Path(scratch) / f"copy-{number}") for number in range(SIDE_BY_SIDE)]
        red = _red_before(places[0], mutants)
        if red:
            print("red although nothing was taken out:", *red, sep="\n")
            return None
        print("every test is green on the whole program", flush=True)
        return list(_side_by_side(places, mutants))


def _red_before(place: Workspace, mutants: Sequence[Mutant]) -> list[str]:
    """Name the tests that fail on the whole program; one that fails among the others is tried once more alone."""
    storms = sorted({m.killed_by for m in mutants if m.killed_by.startswith(STORM)})
    tests = sorted({m.killed_by for m in mutants} - set(storms))
    red = place.failures(tests, f"-n{SIDE_BY_SIDE}") if tests else {}
    again = place.failures([test.partition("[")[0] for test in red], "-n0") if red else {}
    lines = [f"{test}: {words}" for test, words in again.items()]
    return lines + [each for each in storms if place.storm(each.removeprefix(STORM))]


def _side_by_side(places: Sequence[Workspace], mutants: Sequence[Mutant]) -> Iterator[Trial]:
    free: queue.Queue[Workspace] = queue.Queue()
    for place in places:
        free.put(place)

    def tried(mutant: Mutant) -> Trial:
        place = free.get()
        try:
            return place.try_out(mutant)
        finally:
            free.put(place)

    with ThreadPoolExecutor(len(places)) as pool:
        for trial in pool.map(tried, mutants):
            print(
                f"{trial.verdict:9} {trial.seconds:4.0f} s  {trial.mutant.name}: {trial.words[:120]}",
                flush=True,
            )
            yield trial
