"""The table of `docs/protocol.md`, made of what was measured: `python -m tests.faults --write`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.faults.measured import Row

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
BEGIN = "<!-- what breaks: written by `python -m tests.faults --write` -->"
END = "<!-- what breaks: end -->"
HEAD = "| what broke | what the program knew first | what it did | how it ended |\n|---|---|---|---|\n"


def on_page() -> list[str]:
    """The rows that stand on the page."""
    table = PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    return [line for line in table.splitlines() if line.startswith("| ")][1:]


def write(rows: Sequence[Row]) -> None:
    """Put the rows on the page."""
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    table = HEAD + "\n".join(row.as_markdown() for row in rows)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", "utf-8")
