"""What is asked for is used, and what is used is asked for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

REPO = Path(__file__).parents[2]
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
NOT_IMPORTED = {"tzdata": "the time zones of machines that have none; zoneinfo finds it by itself"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for() -> set[str]:
    return {normal(re.split(r"[\[<>=!~ ]", text)[0]) for text in PROJECT["project"]["dependencies"]}


def imported() -> set[str]:
    modules = set()
    for path in (REPO / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    modules |= {name.name.partition(".")[0] for name in names}
                case ast.ImportFrom(module=str(module), level=0):
                    modules.add(module.partition(".")[0])
    return modules - set(sys.stdlib_module_names) - {"bot"}


def test_the_program_imports_what_it_asks_for_and_nothing_else() -> None:
    sources = packages_distributions()
    used = {normal(sources[module][0]) for module in imported()}
    assert used | NOT_IMPORTED.keys() == asked_for()
