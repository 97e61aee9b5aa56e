"""Each step taken out (`docs/protocol.md`) fits the program as it is, and names a test that there is.

That each is killed is shown by `scripts/mutate-protocol`, by hand: all of them take some ten minutes.
"""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.mutants.catalogue import ROOT, STORM, Change, DoesNotApply, Mutant, catalogue
from tests.mutants.page import PAGE, begun_row, generated, shown_test

MUTANTS = catalogue()


@cache
def sentences_of(path: Path) -> set[str]:
    return {
        node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_change_fits_the_program_as_it_is_and_leaves_one_that_can_be_read(mutant: Mutant) -> None:
    for file, source in mutant.sources(ROOT).items():
        assert source != (ROOT / file).read_text("utf-8")


def test_each_is_killed_by_a_test_that_there_is() -> None:
    named = {m.killed_by.partition("[")[0] for m in MUTANTS if not m.killed_by.startswith(STORM)}
    missing = [
        each
        for each in named
        for path, _, test in [each.partition("::")]
        if not (ROOT / path).is_file() or test not in sentences_of(ROOT / path)
    ]
    assert missing == []


def test_each_has_a_name_of_its_own() -> None:
    names = Counter(mutant.name for mutant in MUTANTS)
    assert [name for name, times in names.items() if times > 1] == []


def test_the_page_names_exactly_the_mutants_that_there_are() -> None:
    rows = [row for row in generated(PAGE.read_text("utf-8")) if row.startswith("| ")]
    shown = [row for row in rows if not row.startswith("| taken out |")]
    assert len(shown) == len(MUTANTS), "run scripts/mutate-protocol --update"
    others = [
        row
        for row, mutant in zip(shown, MUTANTS, strict=True)
        if not row.startswith(f"{begun_row(mutant)} `") or shown_test(mutant) not in row
    ]
    assert others == [], "run scripts/mutate-protocol --update"


def test_a_change_that_no_longer_fits_is_named_with_its_file() -> None:
    with pytest.raises(DoesNotApply, match="holds this 0 times"):
        Change("bot/here.py", "gone", "new").applied_to("there is nothing")
