"""What code may not do, beyond what ruff and the import contracts can see."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
BUILT_IN_IO = {"open", "print", "input", "breakpoint", "exec", "eval", "__import__"}
PATH_IO = {
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "unlink",
    "mkdir",
    "iterdir",
    "rglob",
    "is_file",
}
READS_ITS_LIBRARY = {
    "bot/domain/text/tlds.py"
}  # the list of top-level domains is a file of the package that keeps it
PATCHING = {"setattr", "delattr", "setitem", "delitem"}
PATCHERS = {"monkeypatch", "mocker", "mp", "patch"}
SKIPPING = {"skip", "skipif", "xfail", "importorskip"}


def find(folder: str, wanted: Callable[[ast.AST], bool]) -> Iterator[str]:
    """Each place under a folder where the wanted code stands."""
    for path in sorted((REPO / folder).rglob("*.py")):
        name = path.relative_to(REPO).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if wanted(node):
                yield f"{name}:{getattr(node, 'lineno', 0)} {ast.unparse(node)}"


def does_io(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in BUILT_IN_IO
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in PATH_IO
    return False


def patches(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return any("mock" in name.name for name in names)
        case ast.ImportFrom(module=str(module), names=names):
            return module.startswith("unittest.mock") or any(name.name == "mock" for name in names)
        case ast.Attribute(attr=name, value=ast.Name(id=owner)):
            return name in PATCHING and owner in PATCHERS
    return False


def skips(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in SKIPPING


@pytest.mark.parametrize("layer", ["domain", "application"])
def test_rules_and_deeds_touch_no_file_and_no_terminal(layer: str) -> None:
    found = [
        place for place in find(f"bot/{layer}", does_io) if place.partition(":")[0] not in READS_ITS_LIBRARY
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["bot", "tests", "benchmarks", "scripts"])
def test_nothing_is_patched_since_a_fake_can_be_handed_in(folder: str) -> None:
    # `monkeypatch` may still set the environment and the working directory, as a shell would.
    assert list(find(folder, patches)) == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    assert list(find("tests", skips)) == []


def test_the_program_never_asks_whether_it_is_under_test() -> None:
    signs = ("pytest", "under_test", "called_from_test", "sys.modules")
    found = [
        f"{path.relative_to(REPO)}: {sign}"
        for path in sorted((REPO / "bot").rglob("*.py"))
        for sign in signs
        if sign in path.read_text(encoding="utf-8").lower()
    ]
    assert found == []


@pytest.mark.parametrize(
    ("rule", "code", "caught"),
    [
        (does_io, "open('x')", True),
        (does_io, "path.write_text('x')", True),
        (does_io, "tx.attempts.open('rso')", False),
        (patches, "from unittest import mock", True),
        (patches, "import unittest.mock as m", True),
        (patches, "from unittest.mock import patch", True),
        (patches, "monkeypatch.setattr(bot, 'x', 1)", True),
        (patches, "monkeypatch.setenv('TZ', 'UTC')", False),
        (skips, "pytest.skip('no')", True),
        (skips, "pytest.mark.xfail", True),
        (skips, "rows.skipped", False),
    ],
)
def test_the_rules_catch_what_they_are_for(rule: Callable[[ast.AST], bool], code: str, caught: bool) -> None:
    assert any(rule(node) for node in ast.walk(ast.parse(code))) is caught
