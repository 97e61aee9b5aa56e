"""`bot queue import`: records come in from files."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import Refusal
from bot.domain.states import State
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output import one_line, print_json, print_table, progress
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.intake_rows import Row


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--approve", is_flag=True, help="Show the cards and approve what has no problem, as your own approval."
)
@click.option("--yes", is_flag=True, help="Do not ask before approving.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
@click.option("--campaign", help="The campaign of records that name none.")
@click.option("--encoding", help="The files' encoding, where it is not UTF-8 or UTF-16.")
@click.option("--sheet", help="Of a spreadsheet: the sheet; else the first whose first row names fields.")
@json_option
@pass_session
def import_(  # noqa: PLR0913 - click gives each option by name
    session: Session,
    files: tuple[Path, ...],
    approve: bool,
    yes: bool,
    dry_run: bool,
    campaign: str | None,
    encoding: str | None,
    sheet: str | None,
    as_json: bool,
) -> int:
    """Take records from files: YAML, JSON, NDJSON, CSV, XLSX, Markdown with front matter, .tweet; - is standard input.

    A file is taken whole or not at all; the same file again adds nothing.

    \b
    Example:
      bot queue import schedules/announcements.yaml --dry-run
    """
    program = session.program
    rows: list[Row] = []
    for path in files:
        content = _read(session, path, encoding=encoding, campaign=campaign, sheet=sheet)
        for notice in content.notices:
            click.echo(f"note: {notice}", err=True)
        with progress("taking in", len(content.records)) as step:
            deed = program.intake.rehearse if dry_run else program.intake.take_in
            rows += deed(content.records, actor=session.who, step=step, renders=True)
    if not as_json:
        print_table(
            ["where", "announcement", "what", "due"],
            [[row.where, row.key, _what(row, dry_run), shapes.shown(row.due)] for row in rows],
        )
        for row in rows:
            for line in row.told:
                click.echo(f"note: {row.where}: {one_line(line)}")
    approved = _approve_all(session, rows, ask=not yes, quiet=as_json) if approve and not dry_run else {}
    if as_json:
        print_json({"rows": [_shape(row) for row in rows], "approved": approved})
    refused = any(row.action == "refused" for row in rows)
    return 1 if refused or any(value is not None for value in approved.values()) else 0


def _read(session: Session, path: Path, **told: str | None) -> Any:
    if str(path) == "-":
        data = sys.stdin.buffer.read()
        return session.program.files.read_bytes(data, "<stdin>", **told)
    return session.program.files.read(path, **told)


def _shape(row: Row) -> dict[str, Any]:
    due = row.due
    return {
        "where": row.where,
        "key": row.key,
        "action": row.action,
        "id": row.id,
        "made": list(row.made),
        "told": list(row.told),
        "due_at": shapes.instant(due.at) if due else None,
        "due": shapes.shown(due) if due else None,
    }


def _what(row: Row, dry_run: bool) -> str:
    would = {
        "added": "would be added",
        "changed": "would be changed",
        "unchanged": "is there already",
        "refused": "would be refused",
    }
    return would[row.action] if dry_run else row.action.value


def _approve_all(session: Session, rows: list[Row], *, ask: bool, quiet: bool) -> dict[str, str | None]:
    """Approve what the rows brought, after its cards were shown; gives the reason for each that is not approved."""
    from bot.entrypoints.cli.cards import print_card  # noqa: PLC0415 - start-up time

    told: dict[str, str | None] = {}
    names = [str(number) for row in rows for number in row.ids]
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
