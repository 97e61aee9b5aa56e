"""The figures that the code is held to; ruff holds the others (arguments, branches, complexity)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import bot

REPO = Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_TEST_FILE = 600
LONGEST_FUNCTION = 50
MOST_IGNORES = 5
DEEPEST = 3


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (REPO / folder).rglob("*.py"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{path.relative_to(REPO)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


@pytest.mark.parametrize(
    ("folders", "longest"),
    [(("bot", "scripts", "benchmarks"), LONGEST_FILE), (("tests",), LONGEST_TEST_FILE)],
    ids=["source", "tests"],
)
def test_no_file_grows_beyond_what_one_reads_in_one_go(folders: tuple[str, ...], longest: int) -> None:
    lengths = {
        str(path.relative_to(REPO)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files(*folders)
    }
    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > longest} == {}


def test_no_function_grows_beyond_a_page() -> None:
    lengths = dict(found for path in python_files("bot", "scripts") for found in functions(path))
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_types_are_ignored_in_few_places_and_each_says_why() -> None:
    ignores = [
        f"{path.relative_to(REPO)}:{number} {line.strip()}"
        for path in python_files("bot")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "# type: ignore" in line
    ]
    assert len(ignores) <= MOST_IGNORES, "\n".join(ignores)
    assert [line for line in ignores if not re.search(r"# type: ignore\[[\w, -]+\]\s+[#-] \w", line)] == []


def test_folders_are_at_most_three_deep() -> None:
    migrations = Path("bot/adapters/store/migrations")  # laid out as Alembic wants them
    too_deep = {
        str(folder)
        for path in python_files("bot")
        if len((folder := path.relative_to(REPO).parent).parts) > DEEPEST + 1
        and migrations not in path.parents
        if not folder.is_relative_to(migrations)
    }
    assert too_deep == set()


def test_the_package_offers_no_names_since_it_is_a_program() -> None:
    assert [
        name
        for name, value in vars(bot).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    ] == []
