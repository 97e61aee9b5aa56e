"""Records from JSON (a list of them, or one object) and NDJSON (one object in each line).

The structure is walked here, so that every key keeps its line; strings, numbers and words are the standard library's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from bot.adapters.files.located import (
    DEEPEST,
    Fields,
    Kind,
    Many,
    Plain,
    Problems,
    Unreadable,
    Value,
    put,
    records_in,
    refuse_too_many,
)

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_CONSTANTS = ("NaN", "Infinity", "-Infinity")


def parse_json(text: str, problems: Problems) -> list[Fields]:
    """Read a JSON document. Raises Unreadable."""
    records = records_in(_Reader(text, problems).document(), problems)
    refuse_too_many(len(records), records[-1].line if records else 1)
    return records


def parse_ndjson(lines: Iterable[str], problems: Problems) -> Iterator[Fields]:
    """Read one object from each line that is not blank; a line that cannot be read is a problem of its own."""
    count = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = _Reader(line.rstrip("\n"), problems, first_line=number).document()
        except Unreadable as error:
            problems.add(error.line, error.message)
            continue
        records = records_in(value, problems)
        count += len(records)
        refuse_too_many(count, number)
        yield from records


def parse_cell(text: str, line: int, problems: Problems) -> Value | None:
    """Read a cell that holds a list or an object; None for any other text."""
    if text.strip()[:1] not in ("[", "{"):
        return None
    try:
        return _Reader(text.replace("\n", " "), problems, first_line=line).document()
    except Unreadable:
        return None


class _Reader:
    def __init__(self, text: str, problems: Problems, first_line: int = 1) -> None:
        self._text = text
        self._problems = problems
        self._at = 0
        self._line = first_line
        self._counted = 0

    def document(self) -> Value:
        value = self._value(depth=1)
        if self._peek():
            raise Unreadable(self._here(), "is not JSON: something follows the end of the document")
        return value

    def _value(self, *, depth: int) -> Value:
        char = self._peek()
        if depth > DEEPEST:
            raise Unreadable(self._here(), "is nested too deeply for a record: write fields and plain values")
        if char == "{":
            return self._fields(depth)
        if char == "[":
            return self._many(depth)
        return self._plain()

    def _fields(self, depth: int) -> Fields:
        fields = Fields(self._here())
        self._at += 1
        while (char := self._peek()) != "}":
            if char != '"':
                raise Unreadable(self._here(), 'is not JSON: a name in "quotes" or } must stand here')
            line = self._here()
            key = self._plain().text
            self._expect(":")
            put(fields, key, line=line, value=self._value(depth=depth + 1), problems=self._problems)
            self._next_or("}")
        self._at += 1
        return fields

    def _many(self, depth: int) -> Many:
        many = Many([], self._here())
        self._at += 1
        while self._peek() != "]":
            many.values.append(self._value(depth=depth + 1))
            self._next_or("]")
        self._at += 1
        return many

    def _plain(self) -> Plain:
        line = self._here()
        is_text = self._peek() == '"'
        try:
            value, self._at = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            raise Unreadable(line, f"is not JSON: {error.msg} (column {error.colno})") from error
        if is_text:
            return Plain(value, Kind.TEXT, line)
        if value is None:
            return Plain("", Kind.NOTHING, line)
        if isinstance(value, bool):
            return Plain("true" if value else "false", Kind.FLAG, line)
        if value in _CONSTANTS:
            raise Unreadable(line, f"is not JSON: {value} is not a value")
        return Plain(str(value), Kind.NUMBER, line)

    def _next_or(self, end: str) -> None:
        """Step over a comma; at the end of the list or object stay before its bracket."""
        if self._peek() == end:
            return
        self._expect(",")
        if self._peek() == end:
            raise Unreadable(self._here(), f"is not JSON: take away the comma before {end}")

    def _expect(self, char: str) -> None:
        if self._peek() != char:
            raise Unreadable(self._here(), f"is not JSON: {char} is missing")
        self._at += 1

    def _peek(self) -> str:
        """Give the next character that is no space; none at the end, which no value, comma or bracket equals."""
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = max(self._at, self._counted)
        return self._line
