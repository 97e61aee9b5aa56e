"""Whatever a file holds, it gives records or an error that people can read, and never another exception."""

from __future__ import annotations

import csv
import io
import json

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.adapters.files import RecordFilesOnDisk, parse_fields
from bot.domain.announcement import Record
from bot.domain.errors import InputError, RecordErrors

ENDINGS = ("yaml", "json", "ndjson", "csv", "tsv", "md", "tweet", "")
FIELDS = (
    "campaign",
    "title",
    "body",
    "due",
    "timezone",
    "language",
    "media",
    "variables",
    "thread",
    "poll",
    "reply_settings",
    "made_with_ai",
    "key",
)

# Pieces that mean something to one of the parsers, so that a search among them gets past the first character.
PIECES = st.sampled_from(
    (
        *(f"{name}: " for name in FIELDS),
        *(f'"{name}": ' for name in FIELDS),
        *FIELDS,
        *(
            "- ",
            "---\n",
            "\n",
            "\r\n",
            "  ",
            "{",
            "}",
            "[",
            "]",
            ",",
            ";",
            "\t",
            "|",
            '"',
            "'",
            "&a ",
            "*a ",
            "!!x ",
            "? ",
        ),
        *(
            "rso",
            "true",
            "null",
            "1e999",
            "2023-03-30 10:00:00",
            "NaN",
            "\\ud800",
            "\\0",
            "sep=;\n",
            "th",
            "ก",
            "’",
        ),
    )
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join)
BYTES = st.binary() | TEXTS.map(lambda text: text.encode("utf-8", "replace"))
OLD_PAGES = TEXTS.flatmap(
    lambda text: st.sampled_from(("cp874", "cp1252", "cp932", "utf-16", "utf-16-le")).map(
        lambda page: text.encode(page, "replace")
    )
)


def read(data: bytes, name: str, encoding: str | None = None) -> list[Record]:
    return [found.record for found in RecordFilesOnDisk().read_bytes(data, name, encoding=encoding).records]


@pytest.mark.parametrize("ending", ENDINGS)
@given(
    data=BYTES | OLD_PAGES,
    encoding=st.none() | st.sampled_from(("utf-16", "cp874", "utf-7", "idna", "unicode_escape")),
)
@example(data=b"campaign: rso\nlanguage: th\nbody: \xc3\xd2\xc2\n", encoding=None)
@example(data=b"\xff\xfe\x00", encoding=None)
@example(data=b"campaign,language\nrso,th\nrso,\xe9", encoding=None)
@example(data=b"%YAML 9.9\n---\na: b\n", encoding=None)
@example(data=b"? ? ? ? ? ? ? ?", encoding=None)
@example(data=b'{"campaign": ' + b"9" * 5000 + b"}", encoding=None)
def test_any_bytes_give_records_or_an_error(ending: str, data: bytes, encoding: str | None) -> None:
    told: list[str] = []
    found: list[Record] = []
    try:
        found = read(data, f"a.{ending}" if ending else "stdin", encoding)
    except RecordErrors as errors:
        told = [str(problem) for problem in errors.problems]
    except InputError as error:
        told = [str(error)]
    assert bool(found) != bool(told)
    assert all(record.campaign for record in found)
    assert all(len(line.splitlines()) == 1 for line in told)


@given(
    fields=st.dictionaries(
        st.sampled_from((*FIELDS, "poll.minutes", "variables.a", "poll.x", ".")) | st.text(), st.text()
    )
)
def test_any_options_give_a_record_or_an_error(fields: dict[str, str]) -> None:
    places: set[str] = set()
    try:
        parse_fields(fields, "queue add")
    except RecordErrors as errors:
        places = {problem.where for problem in errors.problems}
    assert places <= {"queue add"}
    assert places or "campaign" in fields


PLAIN_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from((*FIELDS, "rso", ""))
NESTED = st.recursive(
    PLAIN_VALUES | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), inner)
    ),
    max_leaves=30,
)


def deep(value: object, depth: int) -> object:
    """The same value within so many lists."""
    for _ in range(depth):
        value = [value]
    return value


@given(value=NESTED, depth=st.integers(0, 200))
def test_any_values_in_any_nesting_give_records_or_one_line_each(value: object, depth: int) -> None:
    nested = deep(value, depth)
    json_text = json.dumps(nested)
    shared = [nested, nested]  # YAML writes the second one as an alias
    texts = {
        "a.json": json_text,
        "a.ndjson": f"{json_text}\n{json.dumps(value)}\n",
        "a.yaml": yaml.safe_dump(shared),
        "a.md": f"---\n{yaml.safe_dump(value)}\n---\n{json_text}\n",
    }
    for name, text in texts.items():
        told = []
        try:
            read(text.encode("utf-8", "replace"), name)
        except RecordErrors as errors:
            told = [str(problem) for problem in errors.problems]
        except InputError as error:
            told = [str(error)]
        assert all(len(line.splitlines()) == 1 for line in told), name


# What people may write: any text but control characters, the mark of byte order at the start, and odd line ends.
PLAIN = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufeff\ufffe\uffff\u2028\u2029"
    ),
    min_size=1,
    max_size=60,
).map(str.strip)
WRITTEN = ("campaign", "title", "body", "notes")
RECORDS = st.lists(
    st.builds(Record, campaign=st.just("rso"), title=PLAIN, body=PLAIN, notes=PLAIN), min_size=1, max_size=5
)


@given(records=RECORDS)
def test_what_is_written_by_another_program_is_read_back_by_every_format(records: list[Record]) -> None:
    rows = [{name: getattr(record, name) for name in WRITTEN} for record in records]
    table = io.StringIO()
    writer = csv.DictWriter(table, WRITTEN)
    writer.writeheader()
    writer.writerows(rows)
    texts = {
        "a.json": json.dumps(rows, indent=1),
        "a.ndjson": "\n".join(json.dumps(row, ensure_ascii=False) for row in rows),
        "a.yaml": yaml.safe_dump(rows, allow_unicode=True),
        "a.csv": table.getvalue(),
    }
    for name, text in texts.items():
        assert read(text.encode(), name) == records, name
        assert read(text.encode("utf-16"), name) == records, name


@given(body=PLAIN)
def test_a_body_of_markdown_is_read_back(body: str) -> None:
    assume(body)
    text = f"---\ncampaign: rso\n---\n{body}\n"
    assert read(text.encode(), "a.md") == [Record("rso", body=body)]
