"""What campaigns have ahead, as people see it: a table, a calendar of weeks, or a list of days; and as JSON."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from bot.domain.states import State
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output import clean, console, one_line, print_table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from bot.application.agenda import Agenda, Entry, Note

NARROWEST = 98
"""Columns below which seven days do not stand side by side: a list of days takes their place."""

MARKS = {
    State.DRAFT: "○",
    State.SUBMITTED: "◐",
    State.SCHEDULED: "●",
    State.PUBLISHING: "●",
    State.PUBLISHED: "✓",
    State.PARTLY_PUBLISHED: "!",
    State.HELD: "!",
    State.MISSED: "×",
}
LEGEND = "○ draft  ◐ submitted  ● scheduled  ✓ published  ! held  × missed  · free slot  ≈ clash"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def entry(each: Entry) -> dict[str, Any]:
    """Give the shape of a time of a campaign."""
    announcement = each.announcement
    return {
        "campaign": each.campaign,
        "account": each.account,
        "due_at": shapes.instant(each.due.at),
        "due": shapes.shown(each.due),
        "is_slot": each.is_slot,
        "is_free": each.is_free,
        "announcement": announcement.name if announcement else None,
        "state": announcement.state if announcement else None,
        "title": announcement.record.title if announcement else None,
        "barred_by": list(each.barred_by),
        "clashes": list(each.clashes),
    }


def document(agenda: Agenda, entries: str) -> dict[str, Any]:
    """Give the shape of an agenda, its entries under a name."""
    notes = [{"campaign": each.campaign, "date": str(each.day), "why": each.why} for each in agenda.notes]
    return {entries: [entry(each) for each in agenda.entries], "notes": notes}


def print_times(agenda: Agenda) -> None:
    """Print every slot with what takes it, and what lies outside slots."""
    rows = [
        [each.campaign, shapes.shown(each.due), "yes" if each.is_slot else "no", _what(each)]
        for each in agenda.entries
    ]
    print_table(["campaign", "when", "slot", "what"], rows)
    _print_notes(agenda.notes)


def within(agenda: Agenda, first: date, last: date) -> Agenda:
    """Give what lies in these days, each by the clock of its own campaign."""
    entries = (each for each in agenda.entries if first <= each.due.wall.date() <= last)
    return replace(
        agenda, entries=tuple(entries), notes=tuple(n for n in agenda.notes if first <= n.day <= last)
    )


def print_calendar(agenda: Agenda, first: date, last: date, today: date) -> None:
    """Print weeks from one day to another, side by side where the terminal is wide enough."""
    if sys.stdout.isatty() and console().width >= NARROWEST:
        draw_weeks(console(), agenda, (first, last), today)
    else:
        _print_days(agenda, first, last)


def draw_weeks(out: Console, agenda: Agenda, days: tuple[date, date], today: date) -> None:
    """Draw the weeks from one day to another as a grid."""
    from rich import box  # noqa: PLC0415 - start-up time
    from rich.table import Table  # noqa: PLC0415 - start-up time
    from rich.text import Text  # noqa: PLC0415 - start-up time

    first, last = days
    by_day, notes = _by_day(agenda), _notes_by_day(agenda)
    several = len({each.campaign for each in agenda.entries}) > 1
    table = Table(box=box.SQUARE, show_lines=True, expand=True, header_style="bold")
    for name in DAYS:
        table.add_column(name, ratio=1, overflow="fold")
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        week = [monday + timedelta(days=number) for number in range(7)]
        cells = []
        for day in week:
            cell = Text(overflow="fold")
            if first <= day <= last:
                cell.append(f"{day.day} {day:%b}", style="bold reverse" if day == today else "bold")
                for line in (*_cell(by_day.get(day, ()), several=several), *notes.get(day, ())):
                    cell.append("\n")
                    cell.append(line)
            cells.append(cell)
        table.add_row(*cells)
        monday += timedelta(days=7)
    out.print(table)
    out.print(Text(LEGEND, style="dim"))
    out.print(Text(f"by the clock of {_clocks(agenda)}", style="dim"))
    for line in _clash_lines(agenda):
        out.print(Text(line, style="yellow"))


def _cell(entries: Sequence[Entry], *, several: bool) -> Iterator[Text]:
    from rich.text import Text  # noqa: PLC0415 - start-up time

    for each in entries:
        announcement = each.announcement
        if announcement is None and not each.is_free:
            continue
        mark = MARKS.get(announcement.state, "?") if announcement else "·"
        name = announcement.name if announcement else "free"
        where = f"{each.campaign}/" if several and announcement else ""
        clash = " ≈" if each.clashes else ""
        style = "dim" if announcement is None else ("yellow" if each.clashes else "")
        yield Text(f"{each.due.wall:%H:%M} {mark} {one_line(where + name)}{clash}", style=style)


def _notes_by_day(agenda: Agenda) -> dict[date, list[Text]]:
    from rich.text import Text  # noqa: PLC0415 - start-up time

    found: dict[date, list[Text]] = defaultdict(list)
    for note in agenda.notes:
        line = Text(clean(note.why), style="italic")
        if line not in found[note.day]:
            found[note.day].append(line)
    return found


def _print_days(agenda: Agenda, first: date, last: date) -> None:
    by_day = _by_day(agenda)
    notes: dict[date, list[str]] = defaultdict(list)
    for note in agenda.notes:
        notes[note.day].append(f"  {one_line(f'{note.campaign}: {note.why}')}")
    day = first
    while day <= last:
        if by_day.get(day) or notes.get(day):
            click.echo(f"{DAYS[day.weekday()]} {day.day} {day:%b %Y}")
            for each in by_day.get(day, ()):
                told = one_line(f"{each.due.wall:%H:%M} {each.due.zone} {each.campaign}: {_what(each)}")
                click.echo(f"  {told}")
            for line in notes.get(day, ()):
                click.echo(line)
        day += timedelta(days=1)


def _by_day(agenda: Agenda) -> dict[date, list[Entry]]:
    found: dict[date, list[Entry]] = defaultdict(list)
    for each in agenda.entries:
        found[each.due.wall.date()].append(each)
    return found


def _what(each: Entry) -> str:
    if each.announcement is None:
        if each.is_free:
            return "free"
        return f"too near to {', '.join(each.barred_by)}" if each.barred_by else "the day is full"
    told = f"{each.announcement.name} ({each.announcement.state})"
    return f"{told}, clashes with {', '.join(each.clashes)}" if each.clashes else told


def _clocks(agenda: Agenda) -> str:
    zones = sorted({(each.due.zone, each.campaign) for each in agenda.entries})
    if len({zone for zone, _ in zones}) == 1:
        return zones[0][0]
    return ", ".join(f"{zone} ({campaign})" for zone, campaign in zones) or "each campaign"


def _clash_lines(agenda: Agenda) -> Iterator[str]:
    for each in agenda.entries:
        if each.clashes and each.announcement:
            told = f"≈ {each.announcement.name}, {shapes.shown(each.due)}, clashes with {', '.join(each.clashes)}"
            yield one_line(told)


def _print_notes(notes: Sequence[Note]) -> None:
    for note in notes:
        click.echo(one_line(f"{note.day} {note.campaign}: {note.why}"))
