"""`bot queue sync`: a folder of record files and the queue are made to say the same."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.entrypoints.cli.output import one_line, print_json, print_json_line, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.folder_rows import RecordFolder, Synced, SyncRow, Wish
    from bot.domain.errors import BotError

_UNCHANGED = "unchanged"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--campaign", help="The campaign of records that name none.")
@click.option("--overwrite", is_flag=True, help="Let the files win where somebody edited the queue since.")
@click.option("--watch", is_flag=True, help="Go on, and sync whenever files change, until Ctrl-C or SIGTERM.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
@json_option
@pass_session
def sync(  # noqa: PLR0913 - click gives each option by name
    session: Session,
    folder: Path,
    campaign: str | None,
    overwrite: bool,
    watch: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Make the queue say what the record files of a folder say: those of every format, also in folders below it.

    A new record becomes a draft, a changed one is edited and loses its approval, one that is gone is cancelled; nothing is
    approved. A file that is wrong changes nothing. Ends with 1 if something needs a person. With --watch and --json each sync
    is one line of JSON.

    \b
    Example:
      bot queue sync announcements --campaign rsotenyears --dry-run
      bot queue sync announcements --campaign rsotenyears --watch
    """
    from bot.application.folder_rows import Wish  # noqa: PLC0415 - start-up time

    which = _folder(session, folder, campaign)
    wish = Wish(session.who, overwrite=overwrite, dry_run=dry_run)
    if watch:
        _follow(session, which, wish, as_json=as_json)
        return 0
    synced = session.program.folder_sync.sync(which, wish)
    if as_json:
        print_json(_shape(synced))
    else:
        _print(synced)
    return 1 if synced.needs_a_person else 0


def note_its_file(session: Session, announcement_id: int) -> None:
    """Tell whoever edits an announcement by hand in which file it is kept, if it is: the files lead."""
    with session.program.store.reading() as tx:
        kept = tx.kept.of(announcement_id)
    if kept and kept.revision is not None:
        where = one_line(f"{kept.folder}/{kept.file}")
        click.echo(f"note: it is kept in {where}: bring the edit there, or a sync shows a conflict", err=True)


def _folder(session: Session, folder: Path, campaign: str | None) -> RecordFolder:
    """Name the folder by its path in the project, so that it is the same one wherever the command is given."""
    from bot.application.folder_rows import RecordFolder  # noqa: PLC0415 - start-up time

    path, project = folder.resolve(), session.settings.project.resolve()
    name = path.relative_to(project) if path.is_relative_to(project) else path
    return RecordFolder(folder, name.as_posix(), campaign, project)


def _follow(session: Session, folder: RecordFolder, wish: Wish, *, as_json: bool) -> None:
    def told(synced: Synced) -> None:
        if as_json:
            print_json_line(_shape(synced))
        else:
            _print(synced)

    def failed(error: BotError) -> None:
        for line in str(error).splitlines():
            click.echo(f"error: {one_line(session.scrub(line))}", err=True)

    program = session.program
    with _stopped_by_signals(session):
        click.echo(f"following {one_line(str(folder.path))}; Ctrl-C ends it", err=True)
        program.folder_following.follow(folder, wish, told, failed)


@contextmanager
def _stopped_by_signals(session: Session) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end what follows in good order: a file that is being taken is taken whole first."""
    clock = session.program.clock
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: clock.stop()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _shape(synced: Synced) -> dict[str, Any]:
    return {"rows": [asdict(row) for row in synced.rows], "notices": list(synced.notices)}


def _print(synced: Synced) -> None:
    for notice in synced.notices:
        click.echo(f"note: {one_line(notice)}", err=True)
    shown = [row for row in synced.rows if row.action != _UNCHANGED or row.why]
    rows = [[row.where, row.key or "", row.action.value, _why(row)] for row in shown]
    width = 4 if any(row[-1] for row in rows) else 3
    if rows:
        print_table(["where", "announcement", "what", "why"][:width], [row[:width] for row in rows])
    counted = Counter(row.action.value for row in synced.rows)
    click.echo(", ".join(f"{number} {action}" for action, number in sorted(counted.items())))


def _why(row: SyncRow) -> str:
    said = [row.why] if row.why else []
    if row.changes:
        said.append(", ".join(row.changes))
    if row.approval_void:
        said.append("its approval is gone")
    return "; ".join(said)
