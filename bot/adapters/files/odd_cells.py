"""What spreadsheets do to a cell: signs that keep it from being taken for a formula, and errors in the place of its text."""

from __future__ import annotations

import re

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""What a formula begins with, in one spreadsheet or another (OWASP, CSV injection)."""
_MARK = "\ufeff"

_MAYBE_ODD = frozenset("'=#E")
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
# Excel's errors (ECMA-376-1, 18.18.11 and later ones of Excel's), LibreOffice's, and the fence of a column that is too narrow.
_ERROR = re.compile(
    r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!)"
    r"|#{3,}|Err:[0-9]{3}"
)


class OddCell(Exception):
    """A cell whose text a spreadsheet has lost; says what to do."""


def plain_cell(cell: str) -> str:
    """Undo what a spreadsheet or an export put around a text. Raises OddCell for an error that stands in a text's place."""
    text = cell.strip()
    if text[:1] not in _MAYBE_ODD:
        return cell
    if _ERROR.fullmatch(text):
        raise OddCell(
            f"'{text}' is a spreadsheet's error and not a text: mend the cell there, and save it anew"
        )
    if found := _TEXT_FORMULA.fullmatch(text):
        return found[1].replace('""', '"')
    return cell[1:] if cell.startswith("'") and _needs_guard(cell) else cell


def neutral(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula, and what we would take for an error; `plain_cell`
    takes it away again, and no other."""
    return f"'{text}" if _needs_guard(text) else text


def _needs_guard(text: str) -> bool:
    rest = text.lstrip("'")
    return rest.startswith((*FORMULA, _MARK)) or bool(_ERROR.fullmatch(rest.strip()))
