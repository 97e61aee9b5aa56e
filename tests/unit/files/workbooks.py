"""Workbooks in as few parts as ECMA-376 asks for (part 1, 12.2), for what no program at hand writes."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
WORKBOOK = "xl/workbook.xml"


def relations(*found: tuple[str, str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in found
    )
    return f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'


def sheet(rows: str, *, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def text(cell: str, value: str) -> str:
    """A cell with its text inline (18.3.1.53)."""
    return f'<c r="{cell}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def table(*rows: tuple[str, ...]) -> str:
    """Rows of such cells."""
    return "".join(
        f'<row r="{down}">'
        + "".join(text(f"{chr(65 + across)}{down}", value) for across, value in enumerate(row) if value)
        + "</row>"
        for down, row in enumerate(rows, 1)
    )


def parts(rows: str = "", **more: str) -> dict[str, str]:
    """The parts of a workbook with one sheet, `Plan`."""
    return {
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        WORKBOOK: f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="Plan" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
            ("rId3", "styles", "styles.xml"),
        ),
        SHEET: sheet(rows, **more),
    }


def archive(contents: Mapping[str, str | bytes]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return packed.getvalue()


def workbook(rows: str = "", **more: str) -> bytes:
    return archive(parts(rows, **more))
