"""One record from Markdown with YAML front matter: the fields between two lines of `---`, the body below.

The body is plain text and goes out as it stands, without the blank lines around it; a line of `---` in it parts the posts of a
thread only with `thread: true`, as in every format.
"""

from __future__ import annotations

from bot.adapters.files.located import Fields, Kind, Plain, Problems, Unreadable, Value, put
from bot.adapters.files.yaml_records import parse_yaml

_FENCE = "---"


def parse_markdown(text: str, problems: Problems) -> list[Fields]:
    """Read the front matter and the body. Raises Unreadable."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].rstrip() != _FENCE:
        raise Unreadable(first + 1, "has no front matter: begin the file with ---, the fields, and --- again")
    fence = next((at for at in range(first + 1, len(lines)) if lines[at].rstrip() == _FENCE), None)
    if fence is None:
        raise Unreadable(first + 1, "has front matter without an end: write --- below its fields")
    records = parse_yaml("\n".join(lines[first + 1 : fence]), problems, lines_before=first + 1)
    if len(records) != 1:
        raise Unreadable(first + 1, "must have the fields of one record in its front matter")
    _add_body(records[0], lines, fence + 1, problems)
    return records


def _add_body(record: Fields, lines: list[str], start: int, problems: Problems) -> None:
    begin = next((at for at in range(start, len(lines)) if lines[at].strip()), None)
    if begin is None:
        return
    body: Value = Plain("\n".join(lines[begin:]).rstrip(), Kind.TEXT, begin + 1)
    put(record, "body", line=begin + 1, value=body, problems=problems)
