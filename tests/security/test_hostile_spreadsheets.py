"""A spreadsheet from outside reads no file, unpacks to no more than it may, and is refused in one line."""

from __future__ import annotations

import tracemalloc
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.adapters.files.located import Unreadable
from bot.adapters.files.xlsx.parts import PartReader, read_part
from bot.domain.errors import InputError
from tests.unit.files.workbooks import (
    MAIN,
    SHEET,
    STRINGS,
    STYLES,
    WORKBOOK,
    archive,
    parts,
    relations,
    sheet,
    table,
    text,
    workbook,
)

SAMPLES = Path(__file__).parents[1] / "data" / "sheets"
ROWS = table(("campaign", "key", "body"), ("rso", "a", "x"))
SHARED = f'<sst xmlns="{MAIN}"><si><t>x</t></si></sst>'
STYLE = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>'


def refused(data: bytes) -> str:
    """The one line in which a file is refused."""
    with pytest.raises(InputError) as error:
        RecordFilesOnDisk().read_bytes(data, "a.xlsx")
    told = str(error.value)
    assert len(told.splitlines()) == 1
    assert len(told) < 250
    return told.removeprefix("a.xlsx: ")


def full() -> dict[str, str | bytes]:
    """A workbook that has every part that is read."""
    rows = (
        ROWS + f'<row r="3">{text("A3", "rso")}<c r="B3" t="s"><v>0</v></c><c r="C3" s="0"><v>1</v></c></row>'
    )
    return {**parts(rows), STRINGS: SHARED, STYLES: STYLE}


def test_the_workbook_that_these_tests_break_is_read_when_it_is_whole() -> None:
    assert len(RecordFilesOnDisk().read_bytes(archive(full()), "a.xlsx").records) == 2


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    "part", [SHEET, STRINGS, STYLES, WORKBOOK, "_rels/.rels", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize(
    "declared",
    [
        LAUGHS,
        '<!DOCTYPE a [<!ENTITY i SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY % i SYSTEM "http://127.0.0.1:9/x.dtd"> %i;]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
        "<!DOCTYPE a [<!ELEMENT a ANY>]>",
    ],
    ids=["laughs", "file", "parameter", "external", "type alone"],
)
def test_no_part_may_declare_entities_or_a_document_type(part: str, declared: str) -> None:
    files = full()
    files[part] = declared + str(files[part]).replace(">rso<", ">&i;<" if "ENTITY" in declared else ">rso<")
    told = refused(archive(files))
    assert f"has a document type in {part}" in told
    assert "root:" not in told


def test_an_entity_in_another_encoding_is_refused_as_well() -> None:
    declared = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY i SYSTEM "file:///etc/passwd">]>'
    content = (declared + sheet(ROWS.replace(">x<", ">&i;<"))).encode("utf-16")
    assert "has a document type" in refused(archive({**full(), SHEET: content}))


def test_an_entity_that_nobody_declared_is_refused() -> None:
    assert "is broken in xl/worksheets/sheet1.xml" in refused(workbook(ROWS.replace(">x<", ">&xxe;<")))


def packed(name: str, content: bytes, how: int = ZIP_DEFLATED) -> bytes:
    data = BytesIO(archive(full()))
    with ZipFile(data, "a", how) as file:
        file.writestr(name, content)
    return data.getvalue()


def test_what_unpacks_to_a_hundred_times_its_size_is_refused_before_it_is_unpacked() -> None:
    bomb = packed("xl/worksheets/sheet2.xml", b" " * 20_000_000)
    tracemalloc.start()
    told = refused(bomb)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told.startswith("unpacks to more than 100 times its size (xl/worksheets/sheet2.xml)")
    assert most < 2_000_000


def with_sizes(data: bytes, size: int) -> bytes:
    """An archive whose directory gives every part this size (APPNOTE 4.3.12: four bytes, 24 after the signature)."""
    changed, at = bytearray(data), -1
    while (at := changed.find(b"PK\x01\x02", at + 1)) >= 0:
        changed[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(changed)


def test_an_archive_that_claims_to_hold_gigabytes_is_refused() -> None:
    assert refused(with_sizes(archive(full()), 4_000_000_000)).startswith(
        "unpacks to 24,000 MB and may to 200"
    )


def test_an_archive_that_says_less_than_it_holds_gives_no_more_than_it_says() -> None:
    large = sheet(ROWS, before=" " * 20_000_000)
    data = with_sizes(archive({**full(), SHEET: large}), 90_000)
    tracemalloc.start()
    told = refused(data)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "is broken" in told
    assert most < 2_000_000


@pytest.mark.parametrize("how", [ZIP_BZIP2, ZIP_LZMA])
def test_only_the_ways_of_packing_that_spreadsheets_use_are_read(how: int) -> None:
    assert refused(packed("xl/more.xml", b"<a/>", how)).startswith(
        "is packed in a way that no spreadsheet is"
    )


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "xl/../../x", "/etc/passwd", "C:/x", "xl\\..\\x", "xl/worksheets/.."]
)
def test_a_part_that_would_lie_elsewhere_is_refused(name: str) -> None:
    assert "has a part named '" in refused(packed(name, b"x", ZIP_STORED))


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = packed(SHEET, sheet(ROWS).encode())
    assert refused(data).startswith("has two parts of the same name")


def test_a_locked_part_is_told() -> None:
    data = bytearray(archive(full()))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1  # APPNOTE 4.4.4: bit 0 says that the part is encrypted
    assert refused(bytes(data)).startswith("is an archive locked with a password")


def test_thousands_of_parts_are_refused() -> None:
    files = {f"xl/{at}.xml": "" for at in range(2_001)}
    assert refused(archive(files)).startswith("has 2,001 parts and may have 2,000")


def test_the_old_format_and_a_file_with_a_password_are_told_apart() -> None:
    old = (SAMPLES / "plan.xls").read_bytes()
    assert refused(old).startswith("is a workbook of Excel 97 to 2003 (.xls)")
    # MS-OFFCRYPTO 2.3.4.4: the workbook lies encrypted in the stream EncryptedPackage of a compound file.
    assert refused(old[:512] + "EncryptedPackage".encode("utf-16-le")).startswith("is locked with a password")
    assert refused((SAMPLES / "plan.ods").read_bytes()).startswith("is an OpenDocument spreadsheet (.ods)")


def test_archives_that_are_no_spreadsheets_are_told() -> None:
    assert refused(archive({"a.txt": "x"})).startswith("is an archive, and no spreadsheet")
    document: dict[str, str | bytes] = {
        "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml"))
    }
    assert refused(archive({**document, "word/document.xml": "<w:document/>"})).startswith(
        "is an archive, and no"
    )
    binary: dict[str, str | bytes] = {
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": b"x",
    }
    assert refused(archive(binary)).startswith("is a binary workbook (.xlsb)")


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_a_page_that_is_called_a_spreadsheet_is_told(ending: str) -> None:
    with pytest.raises(InputError) as error:
        RecordFilesOnDisk().read_bytes(
            b"<html><table><tr><td>campaign</td></tr></table></html>", f"a.{ending}"
        )
    assert str(error.value).startswith(f"a.{ending}: is no spreadsheet, whatever its ending says")


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="9999999999">{text("A9999999999", "campaign")}</row>',
        f'<row r="1048577">{text("A1048577", "campaign")}</row>',
        f'<row r="0">{text("A0", "campaign")}</row>',
        f'<row r="2">{text("A2", "campaign")}</row><row r="1">{text("A1", "rso")}</row>',
        f'<row r="1">{text("ZZZZZZZ1", "campaign")}</row>',
        f'<row r="1">{text("XFE1", "campaign")}</row>',
        f'<row r="1">{text("B1", "campaign")}{text("A1", "key")}</row>',
        f'<row r="1">{text("A2", "campaign")}</row>',
    ],
    ids=[
        "far row",
        "next row",
        "no row",
        "row back",
        "far column",
        "next column",
        "column back",
        "other row",
    ],
)
def test_a_cell_that_lies_outside_every_sheet_is_refused_at_once(rows: str) -> None:
    assert "is broken" in refused(workbook(rows))


def test_a_row_at_the_end_of_the_sheet_costs_nothing() -> None:
    before = '<dimension ref="A1:XFD1048576"/>'
    rows = ROWS + f'<row r="1048576">{text("A1048576", "rso")}{text("B1048576", "last")}</row>'
    found = RecordFilesOnDisk().read_bytes(workbook(rows, before=before), "a.xlsx").records
    assert [each.record.key for each in found] == ["a", "last"]


def test_elements_without_end_are_refused() -> None:
    assert "is nested or long as no spreadsheet is" in refused(workbook("<a>" * 60 + "</a>" * 60))

    class Short(PartReader):
        most_elements = 10

    with (
        ZipFile(BytesIO(workbook("<row/>" * 20))) as file,
        pytest.raises(Unreadable, match="is nested or long"),
    ):
        read_part(file, SHEET, Short())


def test_a_text_longer_than_a_cell_may_be_is_refused() -> None:
    assert "has a text of more than 32,767 characters" in refused(workbook(table(("campaign", "x" * 32_768))))


def test_a_table_as_wide_as_a_sheet_is_refused() -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>v{at}</t></is></c>' for at in range(16_384))
    assert "columns and may have 200" in refused(workbook(f"<row>{cells}</row>"))


def test_a_directory_of_sheets_without_end_is_refused() -> None:
    files = full()
    entry = '<sheet name="Plan" sheetId="1" r:id="rId1"/>'
    files[WORKBOOK] = str(files[WORKBOOK]).replace(entry, entry * 201)
    assert "has more than 200 sheets" in refused(archive(files))


def test_a_part_beside_the_sheets_may_not_be_large() -> None:
    padding = "".join(f"<!--{at:032x}-->" for at in range(150_000))
    assert "has a part 'xl/styles.xml' that is too large" in refused(
        archive({**full(), STYLES: STYLE.replace("<cellXfs>", padding + "<cellXfs>")})
    )


@pytest.mark.parametrize(
    "formula",
    ["cmd|' /C calc'!A0", 'HYPERLINK("http://example.org","click")', 'WEBSERVICE("http://example.org")'],
)
def test_a_formula_is_refused_by_the_name_of_its_cell(formula: str) -> None:
    escaped = formula.replace('"', "&quot;")
    rows = (
        table(("campaign", "body"))
        + f'<row r="2">{text("A2", "rso")}<c r="B2" t="str"><f>{escaped}</f><v>x</v></c></row>'
    )
    assert refused(workbook(rows)).startswith("a.xlsx:Plan!B2: holds a formula")


def test_links_to_other_files_and_addresses_are_not_followed() -> None:
    files = full()
    files["xl/_rels/workbook.xml.rels"] = str(files["xl/_rels/workbook.xml.rels"]).replace(
        "</Relationships>",
        '<Relationship Id="rId9" Type="http://x/externalLink" Target="http://127.0.0.1:9/x" TargetMode="External"/>'
        "</Relationships>",
    )
    assert len(RecordFilesOnDisk().read_bytes(archive(files), "a.xlsx").records) == 2
    one = relations(("rId1", "worksheet", "worksheets/sheet1.xml"))
    files["xl/_rels/workbook.xml.rels"] = one.replace("/></", ' TargetMode="External"/></')
    assert refused(archive(files)).startswith("is an archive, and no spreadsheet")
    files["xl/_rels/workbook.xml.rels"] = relations(("rId1", "worksheet", "../../../../etc/passwd"))
    assert refused(archive(files)).startswith("is an archive, and no spreadsheet")


def test_a_link_in_the_archive_is_no_way_out() -> None:
    data = BytesIO(archive(full()))
    link = ZipInfo("xl/media/passwd")
    link.external_attr = 0o120777 << 16  # a symbolic link
    with ZipFile(data, "a") as file:
        file.writestr(link, "/etc/passwd")
    assert len(RecordFilesOnDisk().read_bytes(data.getvalue(), "a.xlsx").records) == 2
