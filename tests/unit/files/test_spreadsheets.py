"""Spreadsheets: what people see in a cell is what is read, or the cell is refused by its name.

The samples of `tests/data/sheets` are LibreOffice's; what Excel alone does is written out here, with the section of ECMA-376
part 1 that tells of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.application.ports.record_files import FileContent, Told
from bot.domain.announcement import Poll, Record
from bot.domain.errors import RecordErrors
from tests.unit.files.workbooks import (
    MAIN,
    SHEET,
    STRINGS,
    STYLES,
    WORKBOOK,
    archive,
    parts,
    sheet,
    table,
    text,
    workbook,
)

SAMPLES = Path(__file__).parents[2] / "data" / "sheets"
HEAD = table(("campaign", "key", "body", "due"))


def read(data: bytes, sheet: str | None = None) -> FileContent:
    return RecordFilesOnDisk().read_bytes(data, "plan.xlsx", told=Told(sheet=sheet))


def records(data: bytes) -> list[Record]:
    return [found.record for found in read(data).records]


def problems(data: bytes, **told: str) -> list[str]:
    with pytest.raises(RecordErrors) as refused:
        read(data, **told)
    assert all("\n" not in str(each) for each in refused.value.problems)
    return [str(each) for each in refused.value.problems]


def body(cell: str, **more: str | bytes) -> str:
    """The body of a record whose body is this cell, `C2`."""
    rows = table(("campaign", "key", "body")) + f'<row r="2">{text("A2", "rso")}{text("B2", "a")}{cell}</row>'
    (record,) = records(archive({**parts(rows), **more}))
    return record.body


def due(cell: str, code: str = "yyyy\\-mm\\-dd hh:mm", *, since_1904: bool = False) -> list[str]:
    """The due time of a record whose `due` is this cell, `D2`, shown by a code; or what is said of it."""
    rows = HEAD + f'<row r="2">{text("A2", "rso")}{text("B2", "a")}{cell}</row>'
    files = parts(rows)
    files[STYLES] = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    if since_1904:
        files[WORKBOOK] = files[WORKBOOK].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    try:
        return [each.due or "" for each in records(archive(files))]
    except RecordErrors as errors:
        return [str(each) for each in errors.problems]


def test_a_plan_that_libreoffice_wrote_is_read_as_people_see_it() -> None:
    content = RecordFilesOnDisk().read(SAMPLES / "plan.xlsx")
    by_key = {found.record.key: found.record for found in content.records}
    assert by_key["dates"] == Record(
        "rsotenyears",
        body="A time that was typed.",
        due="2027-03-30 10:15",
        variables={"share": "12.5%", "delegates": "1234"},
        made_with_ai=True,
        embargo="2027-03-30 09:00",
        key="dates",
    )
    assert by_key["quotes"].body == "“Smart” quotes, an apostrophe’s place, a dash – and …"
    assert by_key["quotes"].due == "next"
    assert by_key["lines"].body == "Two\nlines."
    assert by_key["lines"].due == "2027-04-01 09:30:30"
    assert by_key["lines"].variables == {"delegates": "7.00"}
    assert by_key["hidden"].due == "2027-04-02 00:00"
    assert by_key["thai"].body == "รายงานเผยแพร่แล้ว 🎉"
    assert by_key["thai"].due == "2027-04-03 12:00"
    assert by_key["formula"].body == "=1+1 is a text here"
    assert by_key["formula"].variables == {"delegates": "007"}
    assert by_key["formula"].poll == Poll(("Yes", "No"))
    assert by_key["rich"].body == "Some words are bold."
    assert by_key["rich"].due == "2027-04-04T10:00+07:00"
    assert len(by_key) == len(content.records)


def test_what_people_do_not_see_of_a_sheet_is_said() -> None:
    path = SAMPLES / "plan.xlsx"
    assert RecordFilesOnDisk().read(path).notices == (
        f"{path}: read from the sheet 'Week 14'; there are others: Read me",
        f"{path}:'Week 14': 1 row is hidden, and read like the others: 6",
        f"{path}:'Week 14': 1 column is hidden, and read like the others: E",
    )


def test_a_record_is_known_by_its_sheet_and_row() -> None:
    content = RecordFilesOnDisk().read(SAMPLES / "plan.xlsx")
    assert content.records[0].where == f"{SAMPLES / 'plan.xlsx'}:'Week 14'!3"


def test_days_counted_from_1904_are_the_same_days() -> None:
    content = RecordFilesOnDisk().read(SAMPLES / "from-1904.xlsx")
    assert [found.record.due for found in content.records] == ["2027-03-30 10:15", "2027-12-31 23:59"]


def test_each_cell_that_cannot_be_read_is_named_with_what_to_do() -> None:
    with pytest.raises(RecordErrors) as refused:
        RecordFilesOnDisk().read(SAMPLES / "odd.xlsx")
    told = [str(each).removeprefix(f"{SAMPLES / 'odd.xlsx'}:Sheet1!") for each in refused.value.problems]
    formula = "holds a formula: copy the cell, and paste its value alone in its place"
    assert told == [
        f"C2: {formula}",
        f"C3: {formula}",
        "D4: is 2027-03-30 without a time of day: write both, as 2027-03-30 10:00",
        "D5: is 10:15 without a date: write both, as 2027-03-30 10:15",
        "E6: holds '1.64123456789012E+018', a number with more digits than a spreadsheet keeps: write it as text",
        "C7: is merged with others (C7:C8): unmerge them",
        "F9: holds a number that is shown in a form of its own (000): write it as text",
        "G10: is a date with a time to the spreadsheet: format the cell as text, and write it anew",
        "I11: stands in a column without a name: name it in the first row, or empty the cell",
    ]


@pytest.mark.parametrize(
    ("cell", "code", "expected"),
    [
        # 18.17.4.1: a day is a whole number, counted from 31 December 1899, and noon is a half.
        ('<c r="D2" s="1"><v>46476.4270833333</v></c>', "m/d/yy h:mm", "2027-03-30 10:15"),
        ('<c r="D2" s="1"><v>46476.5</v></c>', "[$-41E]d mmm yyyy", "2027-03-30 12:00"),
        ('<c r="D2" s="1"><v>46476</v></c>', "yyyy-mm-dd hh:mm;@", "2027-03-30 00:00"),
        ('<c r="D2" s="1"><v>46475.9999999999</v></c>', "dd.mm.yyyy hh:mm:ss", "2027-03-30 00:00"),
        ('<c r="D2" s="1"><v>61</v></c>', "d/m/yyyy h:mm", "1900-03-01 00:00"),
        ('<c r="D2" s="1"><v>59</v></c>', "d/m/yyyy h:mm", "1900-02-28 00:00"),
        ('<c r="D2" s="1"><v>1</v></c>', "d/m/yyyy h:mm", "1900-01-01 00:00"),
        # 18.17.4.2: a cell of type d holds ISO 8601.
        ('<c r="D2" t="d"><v>2027-03-30T10:15:00Z</v></c>', "General", "2027-03-30 10:15"),
        ('<c r="D2" t="d"><v>2027-03-30T10:15:20.500</v></c>', "General", "2027-03-30 10:15:20"),
    ],
)
def test_a_date_is_read_as_the_day_and_time_that_it_stands_for(cell: str, code: str, expected: str) -> None:
    assert due(cell, code) == [expected]


def test_a_date_of_a_workbook_that_counts_from_1904_is_four_years_later() -> None:
    assert due('<c r="D2" s="1"><v>45014.4270833333</v></c>', since_1904=True) == ["2027-03-30 10:15"]
    assert due('<c r="D2" s="1"><v>60.5</v></c>', since_1904=True) == ["1904-03-01 12:00"]


@pytest.mark.parametrize(
    ("cell", "code", "told"),
    [
        ('<c r="D2" s="1"><v>46476</v></c>', "dd/mm/yyyy", "is 2027-03-30 without a time of day"),
        (
            '<c r="D2" s="1"><v>46476</v></c>',
            "&quot;Heute:&quot; d.m.yy",
            "is 2027-03-30 without a time of day",
        ),
        ('<c r="D2" s="1"><v>0.5</v></c>', "hh:mm", "is 12:00 without a date"),
        ('<c r="D2" s="1"><v>0.5</v></c>', "[h]:mm", "is 12:00 without a date"),
        ('<c r="D2" t="d"><v>2027-03-30</v></c>', "General", "is 2027-03-30 without a time of day"),
        ('<c r="D2" t="d"><v>10:15:00</v></c>', "General", "is 10:15 without a date"),
        ('<c r="D2" t="d"><v>tomorrow</v></c>', "General", "holds 'tomorrow', which is no date"),
        # 18.17.4.1: the 29 February 1900 that Lotus 1-2-3 counted, and Excel after it.
        ('<c r="D2" s="1"><v>60.5</v></c>', "d/m/yyyy h:mm", "holds a day that never was"),
        ('<c r="D2" s="1"><v>-1.5</v></c>', "d/m/yyyy h:mm", "holds a day that never was"),
        ('<c r="D2" s="1"><v>9e9</v></c>', "d/m/yyyy h:mm", "holds a day beyond the year 9999"),
        ('<c r="D2" s="1"><v>9e99</v></c>', "d/m/yyyy h:mm", "holds a day that never was"),
    ],
)
def test_a_date_without_its_time_is_refused_and_so_is_one_that_never_was(
    cell: str, code: str, told: str
) -> None:
    (problem,) = due(cell, code)
    assert problem.startswith(f"plan.xlsx:Plan!D2: {told}")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="C2"><v>2027</v></c>', "2027"),
        ('<c r="C2"><v>0.30000000000000004</v></c>', "0.3"),
        ('<c r="C2"><v>-12.5</v></c>', "-12.5"),
        ('<c r="C2"><v>1E-05</v></c>', "0.00001"),
        ('<c r="C2"><v>1.5E+10</v></c>', "15000000000"),
        ('<c r="C2" t="b"><v>1</v></c>', "true"),
        ('<c r="C2" t="b"><v>0</v></c>', "false"),
        ('<c r="C2" t="str"><v>a string of a program</v></c>', "a string of a program"),
        ('<c t="inlineStr"><is><t>without its place</t></is></c>', "without its place"),
        # 18.4.6 and 18.4.4: how a word is spoken is no part of it; a text's runs are.
        (
            '<c r="C2" t="inlineStr"><is><r><t>東</t></r><r><rPr><b/></rPr><t>京</t></r>'
            '<rPh sb="0" eb="1"><t>トウ</t></rPh></is></c>',
            "東京",
        ),
        # 22.9.2.19: what XML does not hold is escaped, and so is what looks like an escape.
        (text("C2", "one_x000D_\ntwo"), "one\ntwo"),
        (text("C2", "a_x005F_x000D_b"), "a_x000D_b"),
        (text("C2", "_xD83C__xDF89_ and snake_x_case"), "🎉 and snake_x_case"),
    ],
)
def test_a_cell_is_read_as_what_is_seen_in_it(cell: str, expected: str) -> None:
    assert body(cell) == expected


def test_texts_that_cells_share_are_theirs() -> None:
    shared = (
        f'<sst xmlns="{MAIN}"><si><t>not this</t></si>'
        '<si><r><t xml:space="preserve">rich </t></r><r><t>text_x000D_\nhere</t></r></si></sst>'
    )
    assert body('<c r="C2" t="s"><v>1</v></c>', **{STRINGS: shared}) == "rich text\nhere"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('<c r="C2" t="e"><v>#REF!</v></c>', "holds the error #REF!: mend it, and save the file anew"),
        ('<c r="C2" t="str"><f>A1</f><v>rso</v></c>', "holds a formula: copy the cell"),
        ('<c r="C2"><f t="shared" si="0"/></c>', "holds a formula: copy the cell"),
        (
            '<c r="C2"><v>1.2E+18</v></c>',
            "holds '1.2E+18', a number with more digits than a spreadsheet keeps",
        ),
        (
            '<c r="C2"><v>1641234567890123456</v></c>',
            "holds '1641234567890123456', a number with more digits",
        ),
        ('<c r="C2"><v>NaN</v></c>', "holds 'NaN', which is no number"),
        ('<c r="C2"><v>1e999</v></c>', "holds '1e999', which is no number"),
        ('<c r="C2" t="s"><v>7</v></c>', "names a text that the file does not have"),
        ('<c r="C2" t="x"><v>7</v></c>', "is of a kind that no spreadsheet has ('x')"),
    ],
)
def test_a_cell_whose_text_is_lost_is_refused_by_its_name(cell: str, told: str) -> None:
    rows = table(("campaign", "key", "body")) + f'<row r="2">{text("A2", "rso")}{cell}</row>'
    (problem,) = problems(workbook(rows))
    assert problem.startswith(f"plan.xlsx:Plan!C2: {told}")


def test_a_field_that_cannot_be_right_is_placed_in_its_cell() -> None:
    rows = table(
        ("campaign", "Media", "poll", "poll.minutes", "timezone"),
        ("rso", f"{'x' * 1001} | alt", "Yes | No", "soon", "Asia/Bankok"),
    )
    assert [each.partition(" ")[0] for each in problems(workbook(rows))] == [
        "plan.xlsx:Plan!E2:",
        "plan.xlsx:Plan!B2:",
        "plan.xlsx:Plan!D2:",
    ]


def test_a_row_without_a_campaign_is_named_in_that_column_or_as_a_row() -> None:
    assert problems(workbook(table(("campaign", "body"), ("", "x"))))[0].startswith(
        "plan.xlsx:Plan!A2: campaign:"
    )
    assert problems(workbook(table(("key", "body"), ("a", "x"))))[0].startswith("plan.xlsx:Plan!2: campaign:")


def test_two_rows_with_one_key_are_told() -> None:
    (problem,) = problems(workbook(table(("campaign", "key"), ("rso", "a"), ("rso", "a"))))
    assert problem == "plan.xlsx:Plan!B3: key: 'a' stands in line 2 already: keep one"


def test_merged_cells_beside_the_table_are_nobodys_business() -> None:
    after = '<mergeCells><mergeCell ref="F2:G9"/><mergeCell ref="A9:C9"/><mergeCell ref="A2"/></mergeCells>'
    assert len(records(workbook(table(("campaign", "body"), ("rso", "x")), after=after))) == 1


def test_merged_names_of_columns_are_refused() -> None:
    after = '<mergeCells><mergeCell ref="B1:C1"/></mergeCells>'
    (problem,) = problems(workbook(table(("campaign", "body"), ("rso", "x")), after=after))
    assert problem == "plan.xlsx:Plan!B1: is merged with others (B1:C1): unmerge them"


def several(*names: tuple[str, str, str]) -> bytes:
    """A workbook with several sheets: name, more of what the workbook says of it, rows."""
    files = parts()
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" {more} r:id="rId{at}"/>'
        for at, (name, more, _) in enumerate(names, 1)
    )
    files[WORKBOOK] = files[WORKBOOK].partition("<sheets>")[0] + f"<sheets>{listed}</sheets></workbook>"
    related = files["xl/_rels/workbook.xml.rels"].partition("<Relationship ")[0]
    for at, (_, _, rows) in enumerate(names, 1):
        related += (
            f'<Relationship Id="rId{at}" Type="http://x/worksheet" Target="/xl/worksheets/sheet{at}.xml"/>'
        )
        files[f"xl/worksheets/sheet{at}.xml"] = sheet(rows)
    files["xl/_rels/workbook.xml.rels"] = related + "</Relationships>"
    return archive(files)


NOTES = table(("Please read",), ("campaign",))
PLAN = table(("campaign", "key"), ("rso", "plan"))
OTHER = table(("campaign", "key"), ("rso", "other"))


def test_the_first_sheet_in_sight_whose_first_row_names_fields_is_read() -> None:
    content = read(
        several(
            ("Notes", "", NOTES), ("Old", 'state="hidden"', OTHER), ("Plan", "", PLAN), ("More", "", OTHER)
        )
    )
    assert [found.record.key for found in content.records] == ["plan"]
    assert content.notices == ("plan.xlsx: read from the sheet 'Plan'; there are others: Notes, Old, More",)


def test_the_sheet_that_is_asked_for_is_read_even_a_hidden_one() -> None:
    book = several(("Notes", "", NOTES), ("Old", 'state="hidden"', OTHER), ("Plan", "", PLAN))
    content = read(book, sheet="old")
    assert [found.record.key for found in content.records] == ["other"]
    assert content.notices == ()
    assert problems(book, sheet="Plans") == ["plan.xlsx: has no sheet 'Plans': it has Notes, Old, Plan"]


def test_a_workbook_without_a_table_says_which_column_it_does_not_know() -> None:
    assert problems(several(("Empty", "", ""), ("Notes", "", NOTES)))[0].startswith(
        "plan.xlsx:Notes!1: none of the columns 'Please read' is known: say what each is"
    )


def test_a_workbook_of_the_strict_kind_is_read_too() -> None:
    files = {
        name: content.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        for name, content in parts(PLAN).items()
    }
    assert [record.key for record in records(archive(files))] == ["plan"]


def test_a_workbook_whose_names_all_have_a_prefix_is_read_too() -> None:
    files = parts()
    files[SHEET] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
        + PLAN.replace("</", "</x:")
        .replace("<r", "<x:r")
        .replace("<c", "<x:c")
        .replace("<i", "<x:i")
        .replace("<t>", "<x:t>")
        .replace("<t ", "<x:t ")
        + "</x:sheetData></x:worksheet>"
    )
    assert [record.key for record in records(archive(files))] == ["plan"]
