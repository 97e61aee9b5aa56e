"""Whatever a spreadsheet holds, it gives records or an error that people can read, and never another exception."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.files import RecordFilesOnDisk
from bot.domain.errors import InputError, RecordErrors
from tests.unit.files.workbooks import SHEET, archive, sheet

SAMPLES = Path(__file__).parents[1] / "data" / "sheets"
PLAN = (SAMPLES / "plan.xlsx").read_bytes()
with ZipFile(BytesIO(PLAN)) as file:
    PARTS = {name: file.read(name) for name in file.namelist()}
READ = [name for name in PARTS if name.endswith((".xml", ".rels")) and "docProps" not in name]

PLACES = st.integers(0, 10**6)
DAMAGE = st.lists(st.tuples(PLACES, st.integers(0, 255)), max_size=8)
SNIPPETS = st.sampled_from(
    (
        *(
            b"<",
            b">",
            b"/",
            b'"',
            b"&",
            b"</row>",
            b"<row>",
            b"<c>",
            b"<v>",
            b"<is>",
            b"<f/>",
            b"<t/>",
            b"<!--",
            b"]]>",
        ),
        *(
            b'r="A1"',
            b't="s"',
            b't="e"',
            b't="d"',
            b's="99999"',
            b"-1",
            b"1e999",
            b"nan",
            b"\xff",
            b"\x00",
            b"_xD800_",
        ),
    )
)


def told(data: bytes) -> None:
    """Read it: it gives records, or lines."""
    lines: list[str] = []
    records = []
    try:
        records = list(RecordFilesOnDisk().read_bytes(data, "a.xlsx").records)
    except RecordErrors as errors:
        lines = [str(problem) for problem in errors.problems]
    except InputError as error:
        lines = [str(error)]
    assert bool(records) != bool(lines)
    assert all(len(line.splitlines()) == 1 for line in lines)


def damaged(data: bytes, damage: list[tuple[int, int]]) -> bytes:
    changed = bytearray(data)
    for place, byte in damage:
        changed[place % len(changed)] = byte
    return bytes(changed)


@given(damage=DAMAGE, end=st.none() | PLACES)
@example(damage=[], end=5)
def test_a_file_with_other_bytes_in_it_or_its_end_cut_off(
    damage: list[tuple[int, int]], end: int | None
) -> None:
    data = damaged(PLAN, damage)
    told(b"PK\x03\x04" + data[4 : len(data) if end is None else max(end % len(data), 4)])


@given(part=st.sampled_from(READ), damage=DAMAGE, place=PLACES, snippet=SNIPPETS, cut=st.integers(0, 40))
def test_a_part_with_something_else_in_it(
    part: str, damage: list[tuple[int, int]], place: int, snippet: bytes, cut: int
) -> None:
    content = damaged(PARTS[part], damage)
    at = place % len(content)
    told(archive({**PARTS, part: content[:at] + snippet + content[at + cut :]}))


@given(left_out=st.sets(st.sampled_from(READ), min_size=1), twice=st.sampled_from(READ))
def test_a_workbook_that_lacks_parts_or_has_one_in_the_place_of_another(
    left_out: set[str], twice: str
) -> None:
    told(archive({name: content for name, content in PARTS.items() if name not in left_out}))
    told(archive({**PARTS, **dict.fromkeys(left_out, PARTS[twice])}))


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
VALUES = (
    TEXTS | st.floats().map(str) | st.integers().map(str) | SNIPPETS.map(lambda each: each.decode("latin-1"))
)
CELLS = st.builds(
    lambda kind, style, place, value, formula: (
        f'<c{place} t="{kind}" s="{style}">{formula}<v>{escaped(value)}</v><is><t>{escaped(value)}</t></is></c>'
    ),
    st.sampled_from(("s", "n", "b", "d", "e", "str", "inlineStr", "x")),
    st.integers(0, 30),
    st.sampled_from(("", "", "", ' r="C2"', ' r="A9"')),
    VALUES,
    st.sampled_from(("", "", "", "<f>1</f>")),
)
NAMES = st.sampled_from(
    ("campaign", "key", "body", "due", "media", "poll", "poll.minutes", "variables.a", "variants.th.due", "")
)


def escaped(text: str) -> str:
    return "".join(
        char if char.isprintable() and char not in "<>&" else f"&#{ord(char)};"
        for char in text
        if char >= " "
    )


@given(header=st.lists(NAMES, min_size=1, max_size=6), rows=st.lists(st.lists(CELLS, max_size=6), max_size=4))
def test_any_cells_under_any_header(header: list[str], rows: list[list[str]]) -> None:
    first = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in header)
    table = "".join(f"<row>{''.join(row)}</row>" for row in rows)
    content = sheet(f"<row>{first}</row>{table}").encode()
    entry = next(name for name in PARTS if name.startswith("xl/worksheets/sheet"))
    told(archive({**PARTS, entry: content, SHEET: content}))
