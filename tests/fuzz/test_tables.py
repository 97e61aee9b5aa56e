"""Whatever stands in a table's header and cells, it gives records or lines that people can read; what is kept is read again."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.files import RecordFilesOnDisk, target_problem
from bot.adapters.files.dialects import DIALECTS, plain_name
from bot.adapters.files.headers import PARTS
from bot.adapters.files.kept_mappings import KeptMapping, KeptMappings
from bot.adapters.files.located import FIELD_NAMES
from bot.application.ports.record_files import DateOrder, Told
from bot.domain.errors import InputError

HEADERS = st.one_of(
    *(
        st.permutations([*each.columns, *each.left_out, *each.refused, *each.words])
        for each in DIALECTS
        if each.told_by
    ),
    st.lists(
        st.sampled_from((*FIELD_NAMES, *PARTS, "notes.x", "Date (UTC)", "\ufeffdue", "due\u00a0"))
        | st.text(max_size=6)
    ),
)
CELLS = st.sampled_from(
    (
        *(
            "",
            "x",
            "twitter, facebook",
            "true",
            "no",
            "2026",
            "3",
            "30",
            "next",
            "a.png",
            "https://e.org/a.png",
            "a||b",
        ),
        *(
            "03/04/2026 10:00",
            "30/03/2026",
            "10:00",
            "2026-03-30T10:00:00Z",
            "45015.4166",
            "1.23E+18",
            "30/03/2569 1:00",
        ),
        *('="0123"', "'=x", "#NAME?", "#####", "99/99/9999 99:99", "0000-00-00 00:00", "x" * 20_000),
    )
) | st.text(max_size=8)
TOLD = st.builds(
    Told,
    campaign=st.none() | st.just("rso"),
    dates=st.none() | st.sampled_from(DateOrder),
    columns=st.dictionaries(
        st.sampled_from(("Date", "Text", "due", "x")),
        st.sampled_from(("due", "body", "due.time", "")),
        max_size=2,
    ),
)


def written(header: list[str], rows: list[list[str]], delimiter: str) -> bytes:
    table = io.StringIO()
    csv.writer(table, delimiter=delimiter).writerows([header, *rows])
    return table.getvalue().encode("utf-8", "replace")


@given(
    header=HEADERS,
    rows=st.lists(st.lists(CELLS, max_size=12), max_size=4),
    told=TOLD,
    delimiter=st.sampled_from(",;\t"),
)
@example(
    header=["Text", "Year", "Month", "Day", "Hour", "Minute"],
    rows=[["a", "٣", "3", "3", "3", "3"]],
    told=Told("rso"),
    delimiter=",",
)
def test_any_table_gives_records_or_lines_that_people_can_read(
    header: list[str], rows: list[list[str]], told: Told, delimiter: str
) -> None:
    lines: list[str] = []
    try:
        content = RecordFilesOnDisk().read_bytes(
            written(header, rows, delimiter), "a.csv", told=told, faulty=True
        )
        lines = [*map(str, content.problems), *content.notices, *(each.why for each in content.skipped)]
        assert content.records or content.problems
        assert all(found.record.campaign for found in content.records)
    except InputError as error:
        lines = [str(error)]
    assert all(len(line.splitlines()) == 1 for line in lines)


NAMES = (
    st.text(min_size=1, max_size=12).map(plain_name).filter(lambda name: name.isprintable() and bool(name))
)


@given(
    columns=st.dictionaries(
        NAMES, st.sampled_from(("", "body", "due.date", "variables.a")), min_size=1, max_size=4
    ),
    dates=st.none() | st.sampled_from(DateOrder),
)
@example(columns={'a"b\\': "body", "#x = [1]": ""}, dates=None)
def test_a_mapping_that_is_kept_is_found_again_for_the_same_columns(
    columns: dict[str, str], dates: DateOrder | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "columns.toml"
        mapping = KeptMapping("office", tuple(columns), columns, dates)
        KeptMappings(path, target_problem).keep(mapping)
        again = KeptMappings(path, target_problem)
        assert again.named("office") == mapping
        assert again.for_header([f" {name}\u00a0" for name in columns]) == mapping
