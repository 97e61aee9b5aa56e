"""Every snippet on a page is what it claims to be: it parses."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
import yaml
from dotenv import dotenv_values
from jinja2.sandbox import SandboxedEnvironment

from tests.docs.pages import REPO, Block, all_pages, blocks


def same_columns(text: str) -> None:
    """Refuse a table whose rows are of different lengths."""
    assert len({len(row) for row in csv.reader(io.StringIO(text), strict=True)}) == 1


def all_set(text: str) -> None:
    """Refuse a line that sets nothing."""
    values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    assert values
    assert None not in values.values()


PARSERS: dict[str, Callable[[str], object]] = {
    "console": str,  # run by test_console.py
    "csv": same_columns,
    "dotenv": all_set,
    "html": str,  # whoever reads a page takes everything; what the program makes of it, test_console.py tells
    "jinja": SandboxedEnvironment(extensions=["jinja2.ext.do"]).parse,
    "json": json.loads,
    "markdown": str,
    "mermaid": str,  # drawn by whoever shows the page; test_states holds the one of states.md to the table
    "ndjson": lambda text: [json.loads(line) for line in text.splitlines()],
    "python": lambda text: compile(text, "<page>", "exec"),
    "text": str,
    "toml": tomllib.loads,
    "yaml": lambda text: list(yaml.safe_load_all(text)),
}

SNIPPETS = [
    pytest.param(block, id=f"{page.relative_to(REPO)}:{block.line}")
    for page in all_pages()
    for block in blocks(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("block", SNIPPETS)
def test_a_snippet_parses_as_the_language_that_it_names(block: Block) -> None:
    assert block.language in PARSERS, f"one of {', '.join(PARSERS)}, not {block.language!r}"
    PARSERS[block.language](block.text)


@pytest.mark.parametrize("block", SNIPPETS)
def test_a_file_that_is_shown_lies_in_the_project_folder(block: Block) -> None:
    if block.title is not None:
        path = PurePosixPath(block.title)
        assert not path.is_absolute()
        assert ".." not in path.parts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("csv", "a,b\n1\n"),
        ("dotenv", "BOT_APPROVAL\n"),
        ("jinja", "{% if x %}"),
        ("json", "{'a': 1}"),
        ("ndjson", '{"a": 1}\nb\n'),
        ("python", "def f(:"),
        ("toml", "a = b"),
        ("yaml", "a: [1"),
    ],
)
def test_a_snippet_that_does_not_parse_is_found(language: str, text: str) -> None:
    with pytest.raises(Exception, match=r".*"):
        PARSERS[language](text)
