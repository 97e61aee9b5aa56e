"""`bot queue import`: records come in from files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.domain.errors import Refusal, UsageError
from bot.domain.states import State
from bot.entrypoints.cli.import_rows import print_rows, shape, with_the_rest
from bot.entrypoints.cli.output import one_line, print_json_list, progress
from bot.entrypoints.cli.session import Session, json_option, pass_session
from bot.entrypoints.cli.told import told_options

if TYPE_CHECKING:
    from bot.application.intake_rows import Row
    from bot.application.ports.record_files import FileContent, Told


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--approve", is_flag=True, help="Show the cards and approve what has no problem, as your own approval."
)
@click.option("--yes", is_flag=True, help="Do not ask before approving.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
@click.option("--encoding", help="The files' encoding, where it is not UTF-8 or UTF-16.")
@told_options
@click.option(
    "--keep-mapping",
    metavar="NAME",
    help="Keep --map and --dates in schedules/columns.toml: tables with the same columns are read by them from now on.",
)
@json_option
@pass_session
def import_(  # noqa: PLR0913 - click gives each option by name
    session: Session,
    files: tuple[Path, ...],
    approve: bool,
    yes: bool,
    dry_run: bool,
    encoding: str | None,
    told: Told,
    keep_mapping: str | None,
    as_json: bool,
) -> int:
    """Take records from files: YAML, JSON, NDJSON, CSV, XLSX, Markdown with front matter, .tweet; - is standard input.

    A file is taken whole or not at all; the same file again adds nothing. Tables of other tools are known by their columns.
    With --dry-run it ends with 1 if a row would be refused.

    \b
    Example:
      bot queue import schedules/announcements.yaml --dry-run
      bot queue import plan.csv --campaign rsotenyears --dates dmy --map "Text to post=body" --dry-run
    """
    if keep_mapping and not told.columns:
        raise UsageError("--keep-mapping: there is nothing to keep; say with --map what the columns are")
    rows = [_take(session, path, _Way(encoding, told, keep_mapping, dry_run)) for path in files]
    if not as_json:
        print_rows(rows, dry_run=dry_run)
    approved = _approve_all(session, rows, ask=not yes, quiet=as_json) if approve and not dry_run else {}
    if as_json:
        print_json_list("rows", map(shape, chain.from_iterable(rows)), {"approved": approved})
    refused = any(row.action == "refused" for row in chain.from_iterable(rows))
    return 1 if refused or any(value is not None for value in approved.values()) else 0


@dataclass(frozen=True, slots=True)
class _Way:
    """How files are taken."""

    encoding: str | None
    told: Told
    keep_mapping: str | None
    dry_run: bool


def _take(session: Session, path: Path, way: _Way) -> Sequence[Row]:
    program = session.program
    content = _read(session, path, way)
    for notice in content.notices:
        click.echo(one_line(f"note: {notice}"), err=True)
    with progress("taking in", len(content.records)) as step:
        deed = program.intake.rehearse if way.dry_run else program.intake.take_in
        rows = with_the_rest(deed(content.records, actor=session.who, step=step, renders=True), content)
    if way.keep_mapping and content.header:
        _keep(session, way.keep_mapping, content, way)
    return rows


def _keep(session: Session, name: str, content: FileContent, way: _Way) -> None:
    """Keep what was said of the columns, once a table was read by it."""
    from bot.adapters.files import KeptMapping  # noqa: PLC0415 - start-up time

    if way.dry_run:
        click.echo(f"note: without --dry-run the mapping '{name}' would be kept", err=True)
        return
    mapping = KeptMapping(name, tuple(content.header), way.told.columns, way.told.dates)
    session.program.files.kept.keep(mapping)
    click.echo(f"note: tables with these columns are read by the mapping '{name}' from now on", err=True)


def _read(session: Session, path: Path, way: _Way) -> FileContent:
    files = session.program.files
    if str(path) == "-":
        data = sys.stdin.buffer.read()
        return files.read_bytes(data, "<stdin>", encoding=way.encoding, told=way.told, faulty=way.dry_run)
    return files.read(path, encoding=way.encoding, told=way.told, faulty=way.dry_run)


def _approve_all(
    session: Session, rows: Sequence[Sequence[Row]], *, ask: bool, quiet: bool
) -> dict[str, str | None]:
    """Approve what the rows brought, after its cards were shown; gives the reason for each that is not approved."""
    from bot.entrypoints.cli.cards import print_card  # noqa: PLC0415 - start-up time

    told: dict[str, str | None] = {}
    names = [str(number) for row in chain.from_iterable(rows) for number in row.ids]
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
