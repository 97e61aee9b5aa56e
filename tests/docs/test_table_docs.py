"""The page on other tools' tables shows the tools as they are known, and names what is not."""

from __future__ import annotations

from scripts.table_docs import PAGE, page


def test_the_page_shows_the_tools_and_their_columns_as_they_are_read_today() -> None:
    text = PAGE.read_text("utf-8")
    assert "<!-- made: tools -->" in text
    assert text == page(text), "run scripts/make-table-docs"
