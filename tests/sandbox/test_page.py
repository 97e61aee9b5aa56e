"""The page at `/` shows the timeline as readers would see it."""

from __future__ import annotations

from html.parser import HTMLParser

from bot.sandbox.server import Sandbox
from tests.sandbox.client import Caller


class Outline(HTMLParser):
    """How deep each paragraph stands in articles, with its text."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.tags: set[str] = set()
        self.paragraphs: list[tuple[int, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.depth += tag == "article"
        if tag == "p":
            self._inside = True
            self.paragraphs.append((self.depth, ""))

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "article"
        self._inside = self._inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._inside:
            depth, text = self.paragraphs[-1]
            self.paragraphs[-1] = (depth, text + data)


def outline(x: Caller) -> Outline:
    answer = x.call("GET", "/", headers={})
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    parsed = Outline()
    parsed.feed(answer.body.decode())
    return parsed


def test_nothing_that_a_post_says_becomes_part_of_the_page(x: Caller) -> None:
    text = "<script>alert(1)</script> <img src=x onerror=alert(1)> \"quoted\" & 'single' </p></article>"
    x.posted(text)
    page = outline(x)
    assert page.paragraphs == [(1, text)]
    assert not {"script", "img"} & page.tags


def test_threads_stand_under_the_post_they_reply_to_and_newest_first(x: Caller) -> None:
    first = x.posted("One.")
    x.posted("Another.")
    second = x.posted("Two.", reply_to=first)
    x.posted("Three.", reply_to=second)
    assert outline(x).paragraphs == [(1, "Another."), (1, "One."), (2, "Two."), (3, "Three.")]


def test_links_and_hashtags_are_links_and_deleted_and_edited_posts_are_gone(
    x: Caller, sandbox: Sandbox
) -> None:
    gone, old = x.posted("Deleted."), x.posted("Edited.")
    x.call("DELETE", f"/2/tweets/{gone}")
    sandbox.state.posts.edit(old, "Edited: https://example.org/?a=1&b=2 #RSOtenyears")
    page = x.call("GET", "/", headers={}).body.decode()
    assert outline(x).paragraphs == [(1, "Edited: https://example.org/?a=1&b=2 #RSOtenyears")]
    assert '<a href="https://example.org/?a=1&amp;b=2"' in page
    assert ">#RSOtenyears</a>" in page


def test_an_empty_page_says_so(x: Caller) -> None:
    assert outline(x).paragraphs == [(0, "Nothing was posted yet.")]
