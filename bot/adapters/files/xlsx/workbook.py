"""What a workbook says of its sheets: which there are, in which part each lies, its texts, and how its numbers are shown.

By ECMA-376 part 1: 18.2 (workbook), 18.4 (shared strings), 18.8 (styles), and part 2, 8.3 (relationships).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.sax.xmlreader import AttributesImpl
from zipfile import ZipFile

from bot.adapters.files.located import Unreadable
from bot.adapters.files.xlsx.parts import PartReader, read_part

MOST_SHEETS = 200
_LARGEST_DIRECTORY = 5_000_000
_NO_SPREADSHEET = "is an archive, and no spreadsheet: give a workbook (.xlsx) or CSV"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook names it."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """Another part that one part names."""

    kind: str
    part: str


class Workbook:
    """One opened workbook. Every part is read when it is asked for; each may raise Unreadable."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self._parts = set(archive.namelist())
        main = [each.part for each in self._relations("").values() if each.kind == "officeDocument"]
        if not main or main[0] not in self._parts:
            raise Unreadable(0, _NO_SPREADSHEET)
        if main[0].endswith(".bin"):
            raise Unreadable(0, "is a binary workbook (.xlsb): save it as Excel workbook (.xlsx)")
        relations = self._relations(main[0])
        reader = _WorkbookReader()
        self._read(main[0], reader)
        self.counts_from_1904 = reader.counts_from_1904
        self.sheets = _sheets(reader, relations, self._parts)
        self._by_kind = {each.kind: each.part for each in relations.values()}
        if not self.sheets:
            raise Unreadable(0, _NO_SPREADSHEET)

    @cached_property
    def texts(self) -> list[str]:
        """The texts that cells share."""
        reader = _TextsReader()
        part = self._by_kind.get("sharedStrings")
        if part in self._parts:
            read_part(self.archive, part, reader)
        return reader.texts

    @cached_property
    def formats(self) -> list[str]:
        """How the cells of each style show a number."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS  # noqa: PLC0415 - start-up time

        reader = _StylesReader()
        part = self._by_kind.get("styles")
        if part in self._parts:
            self._read(part, reader)
        codes: Mapping[int, str] = {**BUILTIN_FORMATS, **reader.codes}
        return [codes.get(number, "General") for number in reader.of_styles]

    def _relations(self, part: str) -> dict[str, Relation]:
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed not in self._parts:
            return {}
        reader = _RelationsReader(folder)
        self._read(listed, reader)
        return reader.found

    def _read(self, part: str, reader: PartReader) -> None:
        if self.archive.getinfo(part).file_size > _LARGEST_DIRECTORY:
            raise Unreadable(0, f"has a part '{part}' that is too large: copy the sheet into a new workbook")
        read_part(self.archive, part, reader)


def plain_text(text: str) -> str:
    """Give a text without the escapes for characters that XML does not hold, `_x000D_` (ECMA-376-1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def escaped_text(text: str) -> str:
    """Write a text so that `plain_text`, and every spreadsheet, gives it back."""
    kept = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda found: f"_x{ord(found[0]):04X}_", kept)


def whole(text: str | None) -> int | None:
    """Give a number that is written plainly, and is not absurd."""
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,9}", text) else None


def is_yes(text: str | None) -> bool:
    """Tell whether an attribute says yes (xsd:boolean)."""
    return text in ("1", "true")


def _sheets(
    reader: _WorkbookReader, relations: Mapping[str, Relation], parts: set[str]
) -> tuple[SheetEntry, ...]:
    """Give the sheets that are tables: charts and macros have no rows."""
    found = []
    for name, relation, hidden in reader.sheets:
        named = relations.get(relation)
        if named and named.kind == "worksheet" and named.part in parts:
            found.append(SheetEntry(name, named.part, hidden))
    return tuple(found)


class _RelationsReader(PartReader):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder
        self.found: dict[str, Relation] = {}

    def opened(self, name: str, attributes: AttributesImpl) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = Relation(kind, path)


class _WorkbookReader(PartReader):
    def __init__(self) -> None:
        super().__init__()
        self.counts_from_1904 = False
        self.sheets: list[tuple[str, str, bool]] = []

    def opened(self, name: str, attributes: AttributesImpl) -> None:
        if name == "workbookPr":
            self.counts_from_1904 = is_yes(attributes.get("date1904"))
        elif name == "sheet":
            if len(self.sheets) == MOST_SHEETS:
                raise Unreadable(0, f"has more than {MOST_SHEETS} sheets: copy the one you mean")
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), relation, hidden))


class _TextsReader(PartReader):
    """A text is its own `t`, or those of its runs; how it is spoken (`rPh`) is not part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._runs: list[str] = []
        self._spoken = False

    def opened(self, name: str, attributes: AttributesImpl) -> None:  # noqa: ARG002 - of no interest here
        if name == "si":
            self._runs = []
        elif name == "rPh":
            self._spoken = True
        elif name == "t" and not self._spoken:
            self.listen()

    def closed(self, name: str) -> None:
        if name == "si":
            self.texts.append(plain_text("".join(self._runs)))
        elif name == "rPh":
            self._spoken = False
        elif name == "t" and not self._spoken:
            self._runs.append(self.heard())


class _StylesReader(PartReader):
    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[int, str] = {}
        self.of_styles: list[int] = []
        self._among_cells = False

    def opened(self, name: str, attributes: AttributesImpl) -> None:
        number = whole(attributes.get("numFmtId")) or 0
        if name == "numFmt":
            self.codes[number] = attributes.get("formatCode", "General")
        elif name == "cellXfs":
            self._among_cells = True
        elif name == "xf" and self._among_cells:
            self.of_styles.append(number)

    def closed(self, name: str) -> None:
        if name == "cellXfs":
            self._among_cells = False
