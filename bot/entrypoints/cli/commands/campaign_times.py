"""`bot campaign next` and `bot campaign calendar`: what campaigns have ahead."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.domain.errors import InputError, Refusal, UsageError
from bot.domain.walltime import YEARS
from bot.entrypoints.cli import agenda_view
from bot.entrypoints.cli.commands import campaign_stop
from bot.entrypoints.cli.output import print_json, print_table
from bot.entrypoints.cli.output_file import is_free, write_whole
from bot.entrypoints.cli.session import Session, json_option, pass_session
from bot.entrypoints.cli.shapes import shown

if TYPE_CHECKING:
    from bot.application.agenda import Agenda, Entry, Span
    from bot.bootstrap import Program
    from bot.domain.announcement import Due
    from bot.domain.campaign import Campaign

COUNT = 5
WEEKS = 4
BEGINS = b"BEGIN:VCALENDAR"
_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])")


@click.command("next")
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option(
    "--count", type=click.IntRange(1, 100), help=f"How many free slots of each; {COUNT} if not given."
)
@click.option("--days", type=click.IntRange(1, 366), help="Every slot of so many days, and what takes it.")
@json_option
@pass_session
def next_(
    session: Session, names: tuple[str, ...], count: int | None, days: int | None, as_json: bool
) -> None:
    """Show the next free slots of campaigns: what `due: next` takes, in its order.

    With --days every slot of these days with what takes it, what lies outside slots, holidays, and clashes on one account.

    \b
    Example:
      bot campaign next rsotenyears --count 3
      bot campaign next --days 14
    """
    if count and days:
        raise UsageError("--count and --days: give one of the two")
    program = session.program
    chosen = chosen_campaigns(program, names)
    if days:
        now = program.clock.now()
        _show_times(_agenda(program, chosen, _span(now, now + timedelta(days=days), now)), as_json=as_json)
        return
    from bot.application.agenda import Agenda, Entry  # noqa: PLC0415 - start-up time

    found = [
        Entry(each.name, each.account, due, is_slot=True, is_free=True)
        for each in chosen
        for due in free_slots_ahead(program, each, count or COUNT)
    ]
    if as_json:
        print_json(agenda_view.document(Agenda(tuple(found), ()), "slots"))
    else:
        print_table(["campaign", "free slot"], [[each.campaign, shown(each.due)] for each in found])
        stops = campaign_stop.stops_of(program)
        for stop in (stops[each.name] for each in chosen if each.name in stops):
            click.echo(f"{stop.told}\n  → {stop.remedy}")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option("--month", metavar="YYYY-MM", help="A month.")
@click.option(
    "--weeks", type=click.IntRange(1, 52), help=f"So many weeks, this one first; {WEEKS} if not given."
)
@click.option("--ics", type=click.Path(path_type=Path), metavar="FILE|-", help="Write iCalendar.")
@click.option("--free", is_flag=True, help="With --ics: the free slots of the weeks or the month, too.")
@json_option
@pass_session
def calendar(  # noqa: PLR0913 - click gives each option by name
    session: Session,
    names: tuple[str, ...],
    month: str | None,
    weeks: int | None,
    ics: Path | None,
    free: bool,
    as_json: bool,
) -> None:
    """Show campaigns as a calendar: what goes out, in which state, free slots, holidays, clashes on one account.

    A narrow terminal gets a list of days. With --ics every announcement that has a time, for other calendars; the same file
    may be written again.

    \b
    Example:
      bot campaign calendar
      bot campaign calendar rsotenyears --month 2026-12
      bot campaign calendar --ics announcements.ics --free
    """
    if month and weeks:
        raise UsageError("--month and --weeks: give one of the two")
    if as_json and ics:
        raise UsageError("--json and --ics: give one of the two")
    if free and not ics:
        raise UsageError("--free: goes with --ics; the calendar shows free slots anyway")
    program = session.program
    chosen = chosen_campaigns(program, names)
    now, zone = program.clock.now(), _zone_of(chosen, program)
    first, last = _days(month, weeks, _today(now, zone))
    # A campaign's day is that of its own clock, which may begin half a day before or after the calendar's.
    around = _span(_midnight(first - timedelta(days=2), zone), _midnight(last + timedelta(days=3), zone), now)
    agenda = agenda_view.within(_agenda(program, chosen, around), first, last)
    if ics:
        slots = [each for each in agenda.entries if each.is_free] if free else []
        _write_ics(program, chosen, slots, ics)
    elif as_json:
        print_json(agenda_view.document(agenda, "entries"))
    else:
        agenda_view.print_calendar(agenda, first, last, _today(now, zone))


def chosen_campaigns(program: Program, names: tuple[str, ...]) -> list[Campaign]:
    """Give the campaigns of these names, or all of them. Raises InputError for a name that there is not."""
    configuration = program.configuration()
    return [configuration.campaign(name) for name in names or sorted(configuration.campaigns)]


def free_slots_ahead(program: Program, each: Campaign, count: int) -> list[Due]:
    """Give the free slots that so many `due: next` would take, one after the other. Raises InputError if there is none."""
    from bot.application.plan import last_slot, planned_of  # noqa: PLC0415 - start-up time
    from bot.domain.slots import next_free_slot  # noqa: PLC0415 - start-up time

    now = program.clock.now()
    with program.store.reading() as tx:
        taken = list(tx.announcements.taken(each.account, now, last_slot(each, now)))
        planned = list(planned_of(tx, each, each.account, now))
    found: list[Due] = []
    while len(found) < count:
        try:
            due = next_free_slot(each, after=now, taken=taken, planned=planned)
        except InputError:
            if not found:
                raise
            break
        found.append(due)
        taken.append(due.at)
        planned.append(due.at)
    return found


def _span(after: datetime, until: datetime, now: datetime) -> Span:
    from bot.application.agenda import Span  # noqa: PLC0415 - start-up time

    return Span(after, until, now)


def _agenda(program: Program, chosen: list[Campaign], span: Span) -> Agenda:
    from bot.application.agenda import agenda_of  # noqa: PLC0415 - start-up time

    with program.store.reading() as tx:
        return agenda_of(tx, chosen, span)


def _show_times(agenda: Agenda, *, as_json: bool) -> None:
    if as_json:
        print_json(agenda_view.document(agenda, "slots"))
    else:
        agenda_view.print_times(agenda)


def _zone_of(chosen: list[Campaign], program: Program) -> str:
    """By whose clock the days of the calendar begin: the campaigns' if they share one, else the settings'."""
    zones = {each.timezone for each in chosen}
    return zones.pop() if len(zones) == 1 else program.settings.timezone


def _days(month: str | None, weeks: int | None, today: date) -> tuple[date, date]:
    if month:
        found = _MONTH.fullmatch(month)
        if found is None or int(found["year"]) not in YEARS:
            raise UsageError(f"--month {month}: write it as 2026-12")
        first = date(int(found["year"]), int(found["month"]), 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=7 * (weeks or WEEKS) - 1)


def _today(now: datetime, zone: str) -> date:
    from bot.domain.walltime import in_zone  # noqa: PLC0415 - start-up time

    return in_zone(now, zone).date()


def _midnight(day: date, zone: str) -> datetime:
    from bot.domain.walltime import zone_rules  # noqa: PLC0415 - start-up time

    return datetime.combine(day, time(), zone_rules(zone)).astimezone(UTC)


def _write_ics(program: Program, chosen: list[Campaign], slots: list[Entry], path: Path) -> None:
    from bot.adapters.icalendar_file import IcalendarWriter  # noqa: PLC0415 - start-up time
    from bot.application.calendar_export import CalendarExport  # noqa: PLC0415 - start-up time

    export = CalendarExport(program.store, program.clock, program.configuration, IcalendarWriter())
    content = export.of(chosen, slots)
    if str(path) == "-":
        click.echo(content, nl=False)
        return
    if not is_free(path, BEGINS):
        raise Refusal(f"{path}: something else than a calendar lies there; give another name")
    write_whole(path, content, what="the calendar")
    events = content.count(b"BEGIN:VEVENT")
    click.echo(f"{path} has {events} event{'' if events == 1 else 's'}")
