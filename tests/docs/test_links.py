"""Links between the pages lead somewhere. Those to the web are not followed: a test does not leave the machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it.token import Token

from tests.docs.pages import REPO, all_pages, tokens

PAGES = {str(page.relative_to(REPO)): page for page in all_pages()}


def inline(text: str) -> Iterator[Token]:
    for token in tokens(text):
        yield from token.children or ()


def targets(text: str) -> Iterator[str]:
    """Where links and pictures of a page point to, those written as HTML included."""
    for token in inline(text):
        if token.type in {"link_open", "image"}:
            yield str(token.attrs.get("href") or token.attrs.get("src"))
    for token in tokens(text):
        if token.type == "html_block":
            yield from re.findall(r'(?:href|src)="([^"]+)"', token.content)
    for token in inline(text):
        if token.type == "html_inline":
            yield from re.findall(r'(?:href|src)="([^"]+)"', token.content)


def anchors(text: str) -> set[str]:
    """The names of a page's headings, formed as code hosts form them."""
    names: set[str] = set()
    stream = tokens(text)
    for opening, content in pairwise(stream):
        if opening.type == "heading_open":
            words = "".join(child.content for child in content.children or ())
            name = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            count = sum(1 for known in names if re.fullmatch(re.escape(name) + r"(-\d+)?", known))
            names.add(f"{name}-{count}" if count else name)
    return names


def broken(page: Path, text: str) -> list[str]:
    found = []
    for target in targets(text):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / unquote(path)) if path else page
        if (other != page and not other.exists()) or not other.resolve().is_relative_to(REPO):
            found.append(f"{target}: no such file")
        elif anchor and anchor not in anchors(text if other == page else other.read_text(encoding="utf-8")):
            found.append(f"{target}: no such heading")
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    assert broken(PAGES[page], PAGES[page].read_text(encoding="utf-8")) == []


def test_a_link_that_leads_nowhere_is_found() -> None:
    text = """# A page

## Once, and only once

[right](#once-and-only-once), [right](pyproject.toml), [the web](https://example.org/x),
[no page](nowhere.md), [no heading](#twice), ![no picture](demo.svg), <a href="gone.md">no page</a>, [out](../x.md)
"""
    assert broken(REPO / "page.md", text) == [
        "nowhere.md: no such file",
        "#twice: no such heading",
        "demo.svg: no such file",
        "../x.md: no such file",
        "gone.md: no such file",
    ]
