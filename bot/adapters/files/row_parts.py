"""A row of another tool's table: its columns are put together to our fields, and what cannot be taken bars the row."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.adapters.files.dialects import OF_X
from bot.adapters.files.headers import Header
from bot.adapters.files.located import Problems, shown
from bot.adapters.files.written_dates import NUMERIC, WrongDate, has_offset, read_date

LIMITS = ("embargo", "expires")
"""Fields that are times, beside the one at which something is due."""

_CLOCK_PARTS = ("due.year", "due.month", "due.day", "due.hour", "due.minute")
_MEDIA = ("media", "media.image", "media.gif", "media.video")
_TRUE = frozenset({"true", "yes", "y", "1", "x"})
_FALSE = frozenset({"false", "no", "n", "0"})
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://", re.ASCII)


class WrongRow(Exception):
    """What bars a row, and in which column."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


class Parts:
    """Puts the cells of rows together."""

    def __init__(self, header: Header, problems: Problems) -> None:
        self._header = header
        self._problems = problems
        self._dialect = header.dialect
        self._ours = (
            {each.target for each in header.columns if each.name == each.target} if header.names else set()
        )

    def join(self, line: int, cells: Mapping[str, str]) -> dict[str, str] | None:
        """Give the cells by the names of our fields; None for a row that is for other networks. Raises WrongRow."""
        if not self._is_for_x(line, cells):
            return None
        joined = {
            target: text
            for target, text in cells.items()
            if target not in ("networks", *_MEDIA) and not target.startswith(("due.", "media.", "notes."))
        }
        self._put(joined, "due", self._due(cells))
        for name in LIMITS:
            if name in cells:
                self._put(joined, name, self._read(cells[name], name))
        self._put(joined, "media", self._media(cells))
        self._put(joined, "notes", _notes(cells))
        if "link" in joined and "link" not in self._ours:
            _refuse_many_links(joined["link"])
        self._refuse_what_the_tool_hides(joined)
        return joined

    def _put(self, joined: dict[str, str], name: str, text: str) -> None:
        if text:
            joined[name] = text

    def _is_for_x(self, line: int, cells: Mapping[str, str]) -> bool:
        if not any(each.target == "networks" for each in self._header.columns):
            return True
        named = [
            each for each in re.split(r"[\s,;|/]+", cells.get("networks", "")) if any(map(str.isalnum, each))
        ]
        others = [each for each in named if _letters(each) not in OF_X]
        if not named:
            raise WrongRow("networks", "is empty: write x for what goes out on X")
        if len(others) == len(named):
            self._problems.skip(line, f"is for {shown(', '.join(others))}, and not for X")
            return False
        if others:
            self._problems.note("some rows are for other networks as well: they are taken for X alone")
        return True

    def _due(self, cells: Mapping[str, str]) -> str:
        if _is_on(cells, "due.now"):
            raise WrongRow(
                "due.now", "would publish at once: nothing goes out before it is approved; write a time"
            )
        wanted = "due.x" if cells.get("due.x") else "due"
        text = cells.get(wanted) or _of_two(cells) or _of_five(cells)
        in_turn = _is_on(cells, "due.queue")
        if text and in_turn:
            raise WrongRow(
                "due.queue", "asks for the next free slot, and the row has a time: keep one of the two"
            )
        if text:
            return self._read(
                text, next((each for each in (wanted, "due.date", "due.year") if each in cells), "due")
            )
        return "next" if in_turn else self._without_due()

    def _without_due(self) -> str:
        if not self._dialect or not self._dialect.without_due:
            return ""
        self._problems.note(f"rows without a time get the next free slot, as {self._dialect.tool} has it")
        return self._dialect.without_due

    def _read(self, text: str, name: str) -> str:
        try:
            read = read_date(text, self._header.order)
        except WrongDate as error:
            raise WrongRow(name, str(error)) from error
        if self._dialect is None or not NUMERIC.match(read) or has_offset(read):
            return read
        if self._dialect.needs_offset:
            raise WrongRow(
                name, f"'{read}' has no offset, and {self._dialect.tool} tables have one: write {read}+07:00"
            )
        return f"{read}Z" if self._dialect.is_utc else read

    def _media(self, cells: Mapping[str, str]) -> str:
        filled = [name for name in _MEDIA if name in cells]
        if len(filled) > 1 and self._dialect and self._dialect.one_kind_of_media:
            raise WrongRow(filled[1], "is filled beside another kind of media: keep one kind")
        if filled == ["media"] and "media" in self._ours and "media.alt" not in cells:
            return cells["media"]
        items = [(name, item) for name in filled for item in _items(name, cells[name])]
        for name, item in items:
            if _ADDRESS.match(item):
                raise WrongRow(
                    name, "is an address: download the file, and write its path in the project folder instead"
                )
        return "\n".join(_with_alts([item for _, item in items], cells.get("media.alt", "")))

    def _refuse_what_the_tool_hides(self, joined: Mapping[str, str]) -> None:
        if self._dialect and self._dialect.link_hides_media and "link" in joined and "media" in joined:
            tool = self._dialect.tool
            raise WrongRow(
                "link", f"stands beside media, of which {tool} would show the link alone: keep one of the two"
            )


def _is_on(cells: Mapping[str, str], name: str) -> bool:
    word = cells.get(name, "false").strip().casefold()
    if word not in _TRUE | _FALSE:
        raise WrongRow(name, f"'{shown(word)}' is neither true nor false")
    return word in _TRUE


def _of_two(cells: Mapping[str, str]) -> str:
    """Give a time whose day and hour stand in two columns."""
    day, clock = cells.get("due.date", "").strip(), cells.get("due.time", "").strip()
    if bool(day) != bool(clock):
        lacking, other = ("due.time", day) if day else ("due.date", clock)
        raise WrongRow(lacking, f"is empty beside {shown(other)}: write both, or neither")
    return f"{day} {clock}" if day else ""


def _of_five(cells: Mapping[str, str]) -> str:
    """Give a time whose numbers stand in columns of their own."""
    if not any(name in cells for name in _CLOCK_PARTS):
        return ""
    for name in _CLOCK_PARTS:
        if not re.fullmatch(r"[0-9]{1,4}", cells.get(name, "").strip()):
            raise WrongRow(
                name, f"'{shown(cells.get(name, ''))}' is no number: write year, month, day, hour and minute"
            )
    year, month, day, hour, minute = (int(cells[name]) for name in _CLOCK_PARTS)
    return f"{year:04}/{month:02}/{day:02} {hour:02}:{minute:02}"


def _items(name: str, cell: str) -> list[str]:
    """Split at lines where the cell is written so, as an alt text may hold commas; at commas otherwise."""
    by_line = "\n" in cell or " | " in cell
    items = [item.strip() for item in re.split(r"\n" if by_line else ",", cell) if item.strip()]
    if any("," in item and item.count(" | ") > 1 for item in items):
        raise WrongRow(name, "may be one file or several: write each file in a line of its own")
    return [item if " | " in item else item.rstrip(",") for item in items]


def _with_alts(items: list[str], alts: str) -> list[str]:
    if not alts:
        return items
    texts = [" ".join(text.split()) for text in _texts(alts, len(items))]
    if len(texts) > len(items):
        raise WrongRow("media.alt", f"has {len(texts)} texts for {len(items)} files: || stands between texts")
    if any("|" in item for item in items):
        raise WrongRow("media.alt", "is given twice: keep the column, or what stands after the path")
    texts += [""] * (len(items) - len(texts))
    return [f"{item} | {text}" if text else item for item, text in zip(items, texts, strict=True)]


def _texts(alts: str, files: int) -> list[str]:
    """Split at ||; without one, lines are texts of their own if there is one for each file."""
    lines = alts.strip().splitlines()
    return lines if "||" not in alts and len(lines) == files else alts.split("||")


def _notes(cells: Mapping[str, str]) -> str:
    """What sorts or labels a post is for the team: it is kept in the notes."""
    labelled = [
        f"{name.partition('.')[2]}: {text.strip()}"
        for name, text in cells.items()
        if name.startswith("notes.")
    ]
    return "\n".join([*([cells["notes"]] if "notes" in cells else []), *labelled])


def _refuse_many_links(cell: str) -> None:
    links = [each for each in re.split(r"[\s,]+(?=[A-Za-z]+://)", cell.strip()) if each]
    if len(links) > 1:
        raise WrongRow(
            "link", f"has {len(links)} links, and a record has one: write the others into the text"
        )


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
