"""What was changed in a text, marked for people, so that it can be told without colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain.text.changes import Kind
from bot.entrypoints.cli.output import clean

if TYPE_CHECKING:
    from rich.text import Text

    from bot.domain.text.changes import Change

MARKS = {Kind.SAME: ("", "", ""), Kind.GONE: ("[-", "-]", "red strike"), Kind.NEW: ("{+", "+}", "green bold")}
"""What stands around words that are gone or new, so that it can be told without colours; and their style."""


def marked(changes: Sequence[Change]) -> list[Text]:
    """Give the lines of both texts in one, indented."""
    from rich.text import Text  # noqa: PLC0415 - start-up time

    whole = Text()
    for change in changes:
        before, behind, style = MARKS[change.kind]
        whole.append(f"{before}{clean(change.text)}{behind}", style=style)
    return [Text("    ") + line for line in whole.split("\n", allow_blank=True)]
