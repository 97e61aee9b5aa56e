"""`bot queue`: the queue by hand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import Refusal, UsageError
from bot.domain.states import UNFINISHED, State
from bot.entrypoints.cli import limits, shapes
from bot.entrypoints.cli.commands.queue_draft import draft
from bot.entrypoints.cli.commands.queue_embargo import lift_embargo
from bot.entrypoints.cli.commands.queue_export import export
from bot.entrypoints.cli.commands.queue_import import import_
from bot.entrypoints.cli.commands.queue_sync import note_its_file, sync
from bot.entrypoints.cli.fields import cells, changes_of, field_options
from bot.entrypoints.cli.filters import filter_options, wanted
from bot.entrypoints.cli.output import print_json, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.domain.announcement import Announcement

SHOWN = 50


@click.group()
def queue() -> None:
    """Add, import, export, sync with a folder, list, show, edit, approve, reschedule, lift an embargo, cancel.

    \b
    Example:
      bot queue import schedules/announcements.yaml
      bot queue approve outcome-report-2023
    """


queue.add_command(import_)
queue.add_command(export)
queue.add_command(sync)
queue.add_command(draft)
queue.add_command(lift_embargo)


@queue.command()
@click.option("--campaign", required=True, help="The campaign.")
@click.option("--key", help="A name of your own for it.")
@field_options
@json_option
@pass_session
def add(session: Session, /, as_json: bool, **fields: Any) -> None:
    """Queue one announcement as a draft.

    \b
    Example:
      bot queue add --campaign rsotenyears --body "The report is out." --due "2027-03-30 10:00"
    """
    from bot.adapters.files import parse_fields  # noqa: PLC0415 - start-up time

    record = parse_fields(cells(fields), "options")
    added = session.program.intake.add(record, actor=session.who)
    _told(added, _with_time(added, "is queued as a draft"), as_json=as_json)


@queue.command("list")
@filter_options
@click.option("--limit", default=SHOWN, show_default=True)
@click.option("--all", "everything", is_flag=True, help="Every one, without a limit.")
@json_option
@pass_session
def list_(session: Session, /, limit: int, everything: bool, as_json: bool, **filters: Any) -> None:
    """List the queue, the next due first.

    \b
    Example:
      bot queue list --state submitted --campaign rsotenyears
    """
    with session.program.store.reading() as tx:
        found = tx.announcements.list(wanted(**filters), limit=None if everything else limit)
        total = tx.announcements.count(wanted(**filters))
        stops = tx.campaign_stops.all()
    if as_json:
        print_json({"announcements": [shapes.announcement(each) for each in found], "total": total})
        return
    print_table(*_table_of(found))
    if total > len(found):
        click.echo(f"{len(found)} of {total}; --all shows every one")
    listed = {each.record.campaign for each in found if each.state in {State.DRAFT, *UNFINISHED}}
    for stop in stops:
        if stop.campaign in listed:
            click.echo(f"{stop.told}\n  → {stop.remedy}")


@queue.command()
@click.argument("name")
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> None:
    """Show one announcement and all that happened to it; what is in doubt with its evidence.

    \b
    Example:
      bot queue show outcome-report-2023
    """
    from bot.entrypoints.cli.shown import print_shown  # noqa: PLC0415 - start-up time

    found = session.program.report.show(name)
    if as_json:
        print_json(shapes.everything(found))
    else:
        print_shown(found, lambda: session.program.previewer.card(found.announcement))


@queue.command()
@click.argument("name")
@field_options
@json_option
@pass_session
def edit(session: Session, /, name: str, as_json: bool, **fields: Any) -> None:
    """Change fields of an announcement; its approval goes.

    \b
    Example:
      bot queue edit 7 --body "The report is out at last."
    """
    changed = changes_of(session, name, fields)
    done = session.program.intake.edit(name, changed, actor=session.who)
    _told(done, _with_time(done, "is changed"), as_json=as_json)
    note_its_file(session, done.id)


@queue.command()
@click.argument("name")
@field_options
@click.option("--key", help="A name of your own for the copy.")
@json_option
@pass_session
def copy(session: Session, /, name: str, as_json: bool, **fields: Any) -> None:
    """Queue a draft with the same fields, without key and time.

    \b
    Example:
      bot queue copy 7
      bot queue copy 7 --due next
    """
    changed = changes_of(session, name, fields, needed=False)
    done = session.program.intake.copy(name, changed, actor=session.who)
    _told(done, _with_time(done, "is queued as a draft"), as_json=as_json)


@queue.command()
@click.argument("name")
@json_option
@pass_session
def submit(session: Session, name: str, as_json: bool) -> None:
    """Ask for approval.

    \b
    Example:
      bot queue submit 7
    """
    done = session.program.approval.submit(name, actor=session.who)
    what = (
        "waits for approval"
        if done.state is State.SUBMITTED
        else f"is scheduled for {shapes.shown(done.due)}"
    )
    _told(done, what, as_json=as_json)


@queue.command()
@click.argument("name")
@click.option("--digest", help="The digest of the card that you saw; needed without a terminal.")
@json_option
@pass_session
def approve(session: Session, name: str, digest: str | None, as_json: bool) -> None:
    """Show the card and ask for your yes; the last needed one schedules it.

    \b
    Example:
      bot queue approve 7
      bot queue approve 7 --digest 3f9a0c51d2e7
    """
    program = session.program
    if digest is None:
        digest = _ask_for_yes(session, name)
    done = program.approval.approve(name, digest, actor=session.who)
    if done.state is State.SCHEDULED:
        _told(done, f"is scheduled for {shapes.shown(done.due)}", as_json=as_json)
    else:
        _told(done, "has your approval and needs another person's", as_json=as_json)


@queue.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why; its author reads it.")
@json_option
@pass_session
def reject(session: Session, name: str, reason: str, as_json: bool) -> None:
    """Send it back to its author.

    \b
    Example:
      bot queue reject 7 --reason "The figure is last year's."
    """
    _told(
        session.program.approval.reject(name, reason, actor=session.who), "is a draft again", as_json=as_json
    )


@queue.command()
@click.argument("name")
@click.option("--due", required=True, help="When: as of add, or now.")
@click.option("--timezone", help="IANA time zone of --due, if not the record's or the campaign's.")
@json_option
@pass_session
def reschedule(session: Session, name: str, due: str, timezone: str | None, as_json: bool) -> None:
    """Give it another time; what was held or missed goes on.

    \b
    Example:
      bot queue reschedule 7 --due next
      bot queue reschedule 7 --due "friday 9am"
    """
    done = session.program.control.reschedule(name, due, timezone=timezone, actor=session.who)
    _told(done, f"is {done.state}, due {shapes.shown(done.due)}", as_json=as_json)


@queue.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why; it stands in the journal.")
@json_option
@pass_session
def cancel(session: Session, name: str, reason: str, as_json: bool) -> None:
    """Take it out of the queue for good.

    \b
    Example:
      bot queue cancel 7 --reason "The event is postponed."
    """
    _told(session.program.control.cancel(name, reason, actor=session.who), "is cancelled", as_json=as_json)


def _ask_for_yes(session: Session, name: str) -> str:
    from bot.entrypoints.cli.cards import print_card  # noqa: PLC0415 - start-up time

    if not sys.stdin.isatty():
        raise UsageError("without a terminal, approve needs --digest as preview and list print it")
    with session.program.store.reading() as tx:
        announcement = tx.announcements.find(name)
    card = session.program.previewer.card(announcement)
    print_card(card)
    if not click.confirm("Approve exactly this?"):
        raise Refusal(f"{announcement.name} is not approved")
    return card.digest


def _table_of(found: Sequence[Announcement]) -> tuple[list[str], list[list[str]]]:
    """Make the columns and the rows of a list; where there are translations, a column for the languages."""
    columns = ["no.", "name", "state", "due", "account", "title"]
    rows = [
        [str(a.id), a.name, _state(a), shapes.shown(a.due), a.account, a.record.title or a.record.body[:50]]
        for a in found
    ]
    if any(a.record.translation_of for a in found):
        columns.insert(2, "language")
        for row, each in zip(rows, found, strict=True):
            row.insert(2, each.record.language or "")
    return columns, rows


def _state(announcement: Announcement) -> str:
    held = announcement.held.reason.value if announcement.held else ""
    marks = "; ".join(filter(None, [held, limits.marks(announcement.embargo, announcement.expires)]))
    return f"{announcement.state} ({marks})" if marks else announcement.state.value


def _with_time(announcement: Announcement, what: str) -> str:
    """Words, slots and zones are always said back as the one time that they were taken for."""
    return f"{what}, due {shapes.shown(announcement.due)}" if announcement.due else what


def _told(announcement: Announcement, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"announcement": shapes.announcement(announcement)})
    else:
        number = "" if announcement.name == str(announcement.id) else f" (no. {announcement.id})"
        click.echo(f"{announcement.name}{number} {what}")
