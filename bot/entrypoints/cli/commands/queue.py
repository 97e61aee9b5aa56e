"""`bot queue`: the queue by hand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.domain.errors import Refusal, UsageError
from bot.domain.states import State
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output import print_json, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.intake import Row
    from bot.domain.announcement import Announcement

F = TypeVar("F", bound=Callable[..., Any])
SHOWN = 50

FIELDS = (
    ("title", "A title for the team; templates may use it."),
    ("body", "The text; a line of --- parts the posts of a thread."),
    ("link", "The address it points to."),
    ("due", "When: '2026-03-30 10:00', ISO 8601, or next."),
    ("timezone", "IANA time zone of --due, if not the campaign's."),
    ("language", "Language of the text, such as en or th."),
    ("template", "A template other than the campaign's."),
    ("reply-to", "A key, a post id or the address of a post."),
    ("embargo", "Nothing goes out before this time."),
    ("notes", "Notes for the team; never published."),
)


def field_options(command: F) -> F:
    """Add an option for each field of a record."""
    for name, line in reversed(FIELDS):
        command = click.option(f"--{name}", help=line)(command)
    command = click.option("--thread/--no-thread", default=None, help="Publish the parts as a thread.")(
        command
    )
    return click.option(
        "--variable", "variables", multiple=True, metavar="NAME=VALUE", help="For the template."
    )(command)


@click.group()
def queue() -> None:
    """Add, import, list, show, edit, approve, reschedule, cancel.

    \b
    Example:
      bot queue import schedules/announcements.yaml
      bot queue approve outcome-report-2023
    """


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

    record = parse_fields(_cells(fields), "options")
    added = session.program.intake.add(record, actor=session.who)
    _told(added, "is queued as a draft", as_json=as_json)


@queue.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--approve", is_flag=True, help="Show the cards and approve what has no problem, as your own approval."
)
@click.option("--yes", is_flag=True, help="Do not ask before approving.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
@click.option("--encoding", help="The files' encoding, where it is not UTF-8 or UTF-16.")
@json_option
@pass_session
def import_(  # noqa: PLR0913 - click gives each option by name
    session: Session,
    files: tuple[Path, ...],
    approve: bool,
    yes: bool,
    dry_run: bool,
    encoding: str | None,
    as_json: bool,
) -> int:
    """Take records from files: YAML, JSON, NDJSON, CSV, Markdown with front matter; - is standard input.

    A file is taken whole or not at all; the same file again adds nothing.

    \b
    Example:
      bot queue import schedules/announcements.yaml --dry-run
    """
    program = session.program
    rows: list[Row] = []
    for path in files:
        content = _read(session, path, encoding)
        for notice in content.notices:
            click.echo(f"note: {notice}", err=True)
        rows += program.intake.take_in(content.records, actor=session.who, dry_run=dry_run)
    if not as_json:
        print_table(
            ["where", "announcement", "what"], [[row.where, row.key, _what(row, dry_run)] for row in rows]
        )
    approved = _approve_all(session, rows, ask=not yes, quiet=as_json) if approve and not dry_run else {}
    if as_json:
        print_json({"rows": [asdict(row) for row in rows], "approved": approved})
    return 1 if any(value is not None for value in approved.values()) else 0


@queue.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice([state.value for state in State]))
@click.option("--campaign")
@click.option("--account")
@click.option("--text", help="Words in key, title or body.")
@click.option("--limit", default=SHOWN, show_default=True)
@click.option("--all", "everything", is_flag=True, help="Every one, without a limit.")
@json_option
@pass_session
def list_(  # noqa: PLR0913 - click gives each option by name
    session: Session,
    states: tuple[str, ...],
    campaign: str | None,
    account: str | None,
    text: str | None,
    limit: int,
    everything: bool,
    as_json: bool,
) -> None:
    """List the queue, the next due first.

    \b
    Example:
      bot queue list --state submitted --campaign rsotenyears
    """
    from bot.application.ports.announcements import Filter  # noqa: PLC0415 - start-up time

    wanted = Filter(states=[State(s) for s in states], campaign=campaign, account=account, text=text)
    with session.program.store.reading() as tx:
        found = tx.announcements.list(wanted, limit=None if everything else limit)
        total = tx.announcements.count(wanted)
    if as_json:
        print_json({"announcements": [shapes.announcement(each) for each in found], "total": total})
        return
    rows = [
        [str(a.id), a.name, _state(a), shapes.shown(a.due), a.account, a.record.title or a.record.body[:50]]
        for a in found
    ]
    print_table(["no.", "name", "state", "due", "account", "title"], rows)
    if total > len(found):
        click.echo(f"{len(found)} of {total}; --all shows every one")


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
        print_shown(found, session.program.previewer.card(found.announcement))


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
    changes = _changes(session, name, fields)
    _told(session.program.intake.edit(name, changes, actor=session.who), "is changed", as_json=as_json)


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
      bot queue copy 7 --due next
    """
    changes = _changes(session, name, fields)
    _told(
        session.program.intake.copy(name, changes, actor=session.who), "is queued as a draft", as_json=as_json
    )


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
@click.option("--due", required=True, help="When: '2026-03-30 10:00', ISO 8601, next, or now.")
@click.option("--timezone", help="IANA time zone of --due, if not the record's or the campaign's.")
@json_option
@pass_session
def reschedule(session: Session, name: str, due: str, timezone: str | None, as_json: bool) -> None:
    """Give it another time; what was held or missed goes on.

    \b
    Example:
      bot queue reschedule 7 --due next
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


def _cells(fields: dict[str, Any]) -> dict[str, str]:
    """Make the options that were given into texts by field name."""
    cells = {
        name: value
        for name, value in fields.items()
        if value is not None and name not in ("variables", "thread")
    }
    if fields.get("thread") is not None:
        cells["thread"] = "true" if fields["thread"] else "false"
    for pair in fields.get("variables") or ():
        name, mark, value = pair.partition("=")
        if not mark:
            raise UsageError(f"--variable {pair}: write NAME=VALUE")
        cells[f"variables.{name}"] = value
    return cells


def _changes(session: Session, name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Give the fields that options change; the values are checked as an intake checks them."""
    from bot.adapters.files import parse_fields  # noqa: PLC0415 - start-up time

    cells = _cells(fields)
    if not cells:
        raise UsageError("nothing to change: give a field, such as --body")
    with session.program.store.reading() as tx:
        campaign = tx.announcements.find(name).record.campaign
    checked = asdict(parse_fields({"campaign": campaign, "body": "-", **cells}, "options"))
    return {cell.split(".")[0]: checked[cell.split(".")[0]] for cell in cells}


def _read(session: Session, path: Path, encoding: str | None) -> Any:
    if str(path) == "-":
        return session.program.files.read_bytes(sys.stdin.buffer.read(), "<stdin>", encoding=encoding)
    return session.program.files.read(path, encoding=encoding)


def _what(row: Row, dry_run: bool) -> str:
    would = {"added": "would be added", "changed": "would be changed", "unchanged": "is there already"}
    return would[row.action] if dry_run else row.action.value


def _approve_all(session: Session, rows: list[Row], *, ask: bool, quiet: bool) -> dict[str, str | None]:
    """Approve what the rows brought, after its cards were shown; gives the reason for each that is not approved."""
    from bot.entrypoints.cli.cards import print_card  # noqa: PLC0415 - start-up time
    from bot.entrypoints.cli.output import progress  # noqa: PLC0415 - start-up time

    told: dict[str, str | None] = {}
    names = [str(row.id) for row in rows if row.id is not None]
    with progress("approving", len(names)) as step:
        for name in names:
            with session.program.store.reading() as tx:
                announcement = tx.announcements.find(name)
            if announcement.state not in (State.DRAFT, State.SUBMITTED):
                continue
            card = session.program.previewer.card(announcement)
            if not quiet:
                print_card(card)
            told[announcement.name] = _approve_one(session, name, card.digest, ask=ask)
            step()
    for name, why in told.items():
        if why and not quiet:
            click.echo(f"{name} is not approved: {why}", err=True)
    return told


def _approve_one(session: Session, name: str, digest: str, *, ask: bool) -> str | None:
    if ask and not (sys.stdin.isatty() and click.confirm("Approve this?")):
        return "nobody said yes; use --yes without a terminal"
    try:
        session.program.approval.approve(name, digest, actor=session.who)
    except Refusal as error:
        _submit_quietly(session, name)
        return str(error)
    return None


def _submit_quietly(session: Session, name: str) -> None:
    """What has problems waits, submitted, for somebody to mend it (settled question 13)."""
    with suppress(Refusal):
        session.program.approval.submit(name, actor=session.who, despite_problems=True)


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


def _state(announcement: Announcement) -> str:
    return (
        f"{announcement.state} ({announcement.held.reason})"
        if announcement.held
        else announcement.state.value
    )


def _told(announcement: Announcement, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"announcement": shapes.announcement(announcement)})
    else:
        number = "" if announcement.name == str(announcement.id) else f" (no. {announcement.id})"
        click.echo(f"{announcement.name}{number} {what}")
