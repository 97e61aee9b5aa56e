"""Fields given as texts alone: the cells of a table's row, or the options of a command.

What has a shape is written so: `media` one item in each line, `path | alt text`; `poll` its options in lines or between `|`,
`poll.minutes` its length; `repeat` a rule, `repeat.wordings` and `repeat.skip` an item in each line; `variables.NAME` a
variable; `thread` true, false, split or split numbered; the marks true or false;
`variants.th.FIELD` a field in another language, where a line ` | alt text` of `media` stands for the record's own picture.
`media`, `poll`, `repeat` and `variables` may also hold JSON, as an export writes what that form cannot hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.adapters.files.json_records import parse_cell
from bot.adapters.files.located import VARIANTS, Fields, Kind, Many, Plain, Problems, Value, put, shown

# A post's id that a spreadsheet took for a number has lost its last digits: no reading of it can be right.
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[Ee]\+?[0-9]{2}")


_FLAGS = frozenset({"thread", "made_with_ai", "paid_partnership", "repeat.on_holidays"})
_SHAPED = frozenset({"media", "poll", "variables", "repeat"})
_LINES = frozenset({"repeat.wordings", "repeat.skip"})


_ALONE = {"poll": "options", "repeat": "rule", "variables": ""}
"""What a group's cell is that bears the name of the group alone."""


def fields_from_cells(cells: Iterable[tuple[str, str]], *, line: int, problems: Problems) -> Fields:
    """Make one record's fields; a cell that is empty or blank is a field that is not given."""
    fields = Fields(line)
    for name, text in cells:
        if text.strip():
            _put_cell(fields, name, text, problems=problems)
    return fields


def _put_cell(fields: Fields, name: str, text: str, *, problems: Problems, within: str = "") -> None:
    line = fields.line
    group, dot, inner = name.partition(".")
    if dot and group == VARIANTS:
        _put_variant(fields, inner, text, problems=problems)
    elif name in ("reply_to", "quote") and _SHORTENED.fullmatch(text.strip()):
        message = f"'{text.strip()}' was shortened by a spreadsheet: write the id as text or as a URL"
        problems.add(line, message, name=f"{within}{name}")
    elif name in _SHAPED and (value := parse_cell(text, line, problems)) is not None:
        put(fields, name, line=line, value=value, problems=problems)
    elif dot and group in ("variables", "poll", "repeat"):
        _put_inner(fields, group, inner, _cell(name, text, line), problems=problems)
    else:
        put(fields, name, line=line, value=_cell(name, text, line), problems=problems)


def _put_variant(fields: Fields, name: str, text: str, *, problems: Problems) -> None:
    """Put what a cell such as `variants.th.body` says into the fields of its language."""
    language, dot, inner = name.partition(".")
    if not dot:
        problems.add(fields.line, f"names no field: write {VARIANTS}.{shown(language)}.body", name=VARIANTS)
        return
    variants = _group(fields, VARIANTS)
    _put_cell(_group(variants, language), inner, text, problems=problems, within=f"{VARIANTS}.{language}.")


def _group(fields: Fields, name: str) -> Fields:
    """Give the fields under a name, which are made with the first of them."""
    found = fields.values.setdefault(name, (fields.line, Fields(fields.line)))[1]
    return found if isinstance(found, Fields) else Fields(fields.line)


def _cell(name: str, text: str, line: int) -> Value:
    if name in _FLAGS and text.strip().lower() in ("true", "false"):
        return Plain(text.strip().lower(), Kind.FLAG, line)
    if name == "poll.minutes" and text.strip().isdecimal():
        return Plain(text.strip(), Kind.NUMBER, line)
    if name == "media":
        return Many([_media_item(item, line) for item in text.splitlines() if item.strip()], line)
    if name in _LINES:
        lines = [line_.strip() for line_ in text.splitlines() if line_.strip()]
        return Many([Plain(each, Kind.TEXT, line) for each in lines], line)
    if name in ("poll", "poll.options"):
        options = [option.strip() for option in re.split(r"[|\n]", text) if option.strip()]
        return Many([Plain(option, Kind.TEXT, line) for option in options], line)
    return Plain(text, Kind.TEXT, line)


def _media_item(text: str, line: int) -> Fields:
    path, _, alt = text.partition("|")
    parts = {"path": path.strip(), "alt": alt.strip()}
    return Fields(line, {key: (line, Plain(value, Kind.TEXT, line)) for key, value in parts.items() if value})


def _put_inner(fields: Fields, group: str, name: str, value: Value, *, problems: Problems) -> None:
    line, outer = fields.values.get(group, (fields.line, Fields(fields.line)))
    if not isinstance(
        outer, Fields
    ):  # `poll` and `poll.minutes`, `repeat` and `repeat.rest` beside one another
        outer = Fields(line, {_ALONE[group]: (line, outer)})
    if isinstance(outer, Fields):
        put(outer, name, line=line, value=value, problems=problems)
    fields.values[group] = (line, outer)
