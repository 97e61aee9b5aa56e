"""Records as they are written: the reverse of `fields.py` and `cells.py`, so that the import gives back the same record.

A field that has its default is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from typing import Any

from bot.domain.announcement import MediaItem, Poll, Record, Repeat

_DEFAULT_MINUTES = Poll(()).minutes


def fields_of(record: Record) -> dict[str, Any]:
    """Give a record's fields as JSON and YAML hold them."""
    return {
        each.name: _plain(getattr(record, each.name)) for each in fields(Record) if _is_given(record, each)
    }


def cells_of(record: Record) -> dict[str, str]:
    """Give a record's fields as cells of a table, by the names of their columns.

    What a cell's plain form cannot hold is written as JSON: an alt text of two lines, an option with a `|`, an empty variable.
    """
    cells = {}
    for name, value in fields_of(record).items():
        if name == "media":
            cells[name] = _media(record.media)
        elif name == "poll":
            cells.update(_poll(record.poll or Poll(())))
        elif name == "repeat":
            cells.update(_repeat(value))
        elif name == "variables":
            cells.update(_variables(record.variables))
        else:
            cells[name] = _written(value)
    return cells


def columns_of(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Give the columns that a table of such cells needs: the fields in their own order, each group's by name."""
    names = {name for row in rows for name in row}
    order = {each.name: at for at, each in enumerate(fields(Record))}
    first = ("campaign", "key")
    return sorted(
        {*names, *first},
        key=lambda name: (
            name not in first,
            first.index(name) if name in first else order[name.partition(".")[0]],
            name,
        ),
    )


def _is_given(of: Record | MediaItem | Repeat, each: Field[Any]) -> bool:
    value = getattr(of, each.name)
    default = each.default_factory() if each.default_factory is not MISSING else each.default
    return bool(value != default)


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Poll):
        minutes = {} if value.minutes == _DEFAULT_MINUTES else {"minutes": value.minutes}
        return {"options": list(value.options), **minutes}
    if isinstance(value, MediaItem | Repeat):
        return {
            each.name: _plain(getattr(value, each.name)) for each in fields(value) if _is_given(value, each)
        }
    if isinstance(value, Mapping):
        return dict(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _media(media: Sequence[MediaItem]) -> str:
    lines = [f"{each.path} | {each.alt}" if each.alt else each.path for each in media]
    simple = all(
        _is_line(each.path, "|") and (not each.alt or _is_line(each.alt)) and not each.scale for each in media
    )
    return "\n".join(lines) if simple and not lines[0].startswith("[") else _json(_plain(tuple(media)))


def _poll(poll: Poll) -> dict[str, str]:
    simple = bool(poll.options) and all(_is_line(option, "|") for option in poll.options)
    plain = "\n".join(poll.options)
    written = plain if simple and not plain.startswith("[") else _json(list(poll.options))
    minutes = {} if poll.minutes == _DEFAULT_MINUTES else {"poll.minutes": str(poll.minutes)}
    return {"poll": written, **minutes}


def _repeat(repeat: Mapping[str, Any]) -> dict[str, str]:
    """Write a series in columns of its own, the lists an item in each line."""
    lists = [each for value in repeat.values() if isinstance(value, list) for each in value]
    if not all(_is_line(each) for each in lists):
        return {"repeat": _json(repeat)}
    others = {f"repeat.{name}": _written(value) for name, value in repeat.items() if name != "rule"}
    return {"repeat": repeat["rule"], **others}


def _written(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _variables(variables: Mapping[str, str]) -> dict[str, str]:
    if all(value.strip() for value in variables.values()):
        return {f"variables.{name}": value for name, value in variables.items()}
    return {"variables": _json(dict(variables))}


def _is_line(text: str, apart: str = "\n") -> bool:
    """Tell whether a text is one line as it stands, without what parts it from the next."""
    return text == text.strip() and text.splitlines() == [text] and apart not in text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
