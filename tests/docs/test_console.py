"""Every command that a page shows is run, and prints what the page says."""

from __future__ import annotations

import fcntl
import re
from pathlib import Path

import pytest

from tests.docs.console import Mismatch, examples, follow
from tests.docs.pages import REPO, all_pages, blocks

PAGES = {
    str(page.relative_to(REPO)): page
    for page in all_pages()
    if any(block.language == "console" for block in blocks(page.read_text(encoding="utf-8")))
}


@pytest.fixture
def one_at_a_time(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lock of those pages that start a server at the port that they show."""
    # Workers of pytest-xdist have a folder each, under one that they share.
    return tmp_path_factory.getbasetemp().parent / "pages-with-servers.lock"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_tells_what_happens(page: str, tmp_path: Path, one_at_a_time: Path) -> None:
    text = PAGES[page].read_text(encoding="utf-8")
    folder = tmp_path / "project"
    folder.mkdir()
    serves = any(
        example.stays for block in blocks(text) if block.language == "console" for example in examples(block)
    )
    with one_at_a_time.open("a") as lock:
        if serves:
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            follow(text, folder)
        except Mismatch as mismatch:
            pytest.fail(f"{page}, {mismatch}", pytrace=False)


def test_every_make_command_that_a_page_shows_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPO / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = {
        (page, word)
        for page, path in PAGES.items()
        for block in blocks(path.read_text(encoding="utf-8"))
        if block.language == "console"
        for example in examples(block)
        if example.command.startswith("make")
        for word in example.command.split()[1:]
        if "=" not in word
    }
    assert {(page, word) for page, word in shown if word not in targets} == set()
