"""Records from YAML: a list of them, one mapping, or several documents.

Read from the parser's events, not built by it: that keeps the line of every key, gives values as they are written (a time
stays the text that the author gave), and lets aliases and tags be refused before they are followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

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
    shown,
)

# The C parser is ten times as fast; where PyYAML was built without it, the other gives the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_KINDS = {
    "tag:yaml.org,2002:int": Kind.NUMBER,
    "tag:yaml.org,2002:float": Kind.NUMBER,
    "tag:yaml.org,2002:bool": Kind.FLAG,
    "tag:yaml.org,2002:null": Kind.NOTHING,
    "tag:yaml.org,2002:timestamp": Kind.TIME,
}
_TRUE = frozenset({"true", "yes", "on"})
_HASHTAG = re.compile(r"[ \t]+#\S")
"""What YAML leaves out as a comment and people mean as a hashtag: comments have a space after the #."""


def parse_yaml(text: str, problems: Problems, *, lines_before: int = 0) -> list[Fields]:
    """Read YAML; `lines_before` is how many lines of the file stand before the text. Raises Unreadable."""
    reader = _Reader(text, problems, lines_before)
    records: list[Fields] = []
    for document in reader.documents():
        records += records_in(document, problems)
        refuse_too_many(len(records), document.line)
    return records


class _Reader:
    def __init__(self, text: str, problems: Problems, lines_before: int) -> None:
        self._text = text
        self._problems = problems
        self._before = lines_before + 1

    def documents(self) -> Iterator[Value]:
        events = yaml.parse(self._text, Loader=_LOADER)
        try:
            for event in events:
                if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | AliasEvent):
                    yield self._value(event, events, depth=1)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + self._before if mark else self._before
            raise Unreadable(line, f"is not YAML: {error.problem or error.context}") from error
        except yaml.YAMLError as error:
            raise Unreadable(0, f"is not YAML: {error}".splitlines()[0]) from error

    def _value(self, event: Event, events: Iterator[Event], *, depth: int, name: str = "") -> Value:
        line = self._line(event)
        if isinstance(event, AliasEvent):
            raise Unreadable(
                line, f"*{shown(str(event.anchor))} stands for a value elsewhere: write the value out"
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise Unreadable(line, f"the tag {shown(tag)} is not taken: write the value without it")
        if depth > DEEPEST:
            raise Unreadable(line, "is nested too deeply for a record: write fields and plain values")
        if isinstance(event, ScalarEvent):
            self._refuse_lost_hashtag(event, name)
            return _plain(event, line)
        if isinstance(event, SequenceStartEvent):
            values: list[Value] = []
            while not isinstance(inner := next(events), SequenceEndEvent):
                values.append(self._value(inner, events, depth=depth + 1, name=name))
            return Many(values, line)
        return self._fields(events, line, depth=depth)

    def _fields(self, events: Iterator[Event], line: int, *, depth: int) -> Fields:
        fields = Fields(line)
        while not isinstance(event := next(events), MappingEndEvent):
            key_line = self._line(event)
            if not isinstance(event, ScalarEvent):
                raise Unreadable(key_line, "is no field's name: write it as name: value")
            value = self._value(next(events), events, depth=depth + 1, name=event.value)
            put(fields, event.value, line=key_line, value=value, problems=self._problems)
        return fields

    def _refuse_lost_hashtag(self, event: ScalarEvent, name: str) -> None:
        if name and event.implicit[0] and event.end_mark and _HASHTAG.match(self._text, event.end_mark.index):
            message = "put it in quotes: what follows # is left out"
            self._problems.add(event.end_mark.line + self._before, message, name=shown(name))

    def _line(self, event: Event) -> int:
        return (event.start_mark.line if event.start_mark else 0) + self._before


def _plain(event: ScalarEvent, line: int) -> Plain:
    if not event.implicit[0]:  # in quotes, or a block of text
        return Plain(event.value, Kind.TEXT, line)
    shapes = (*_RESOLVERS.get(event.value[:1], ()), *_RESOLVERS.get(None, ()))
    tag = next((tag for tag, shape in shapes if shape.match(event.value)), "")
    kind = _KINDS.get(tag, Kind.TEXT)
    if kind is Kind.FLAG:
        return Plain("true" if event.value.lower() in _TRUE else "false", kind, line)
    return Plain(event.value, kind, line)
