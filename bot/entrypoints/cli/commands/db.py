"""`bot db`: the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.entrypoints.cli.output import print_json
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.ports.backups import Kept


@click.group()
def db() -> None:
    """Make or upgrade the database; check it; put a copy aside, put one back.

    \b
    Example:
      bot db upgrade
      bot db backup copies/monday.db
    """


@db.command()
@pass_session
def upgrade(session: Session) -> None:
    """Make the database, or bring it to this version.

    \b
    Example:
      bot db upgrade
    """
    from bot.adapters.store import upgrade as upgrading  # noqa: PLC0415 - start-up time

    path = session.program.database
    upgrading.upgrade(session.settings.database_url)
    click.echo(f"{path} is of version {upgrading.version(session.settings.database_url)}")


@db.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@json_option
@pass_session
def check(session: Session, file: Path | None, as_json: bool) -> int:
    """Check that the database, or a copy of it, is whole, of this version, and holds the invariants.

    \b
    Example:
      bot db check
      bot db check copies/monday.db
    """
    from bot.adapters.store import backup as copies  # noqa: PLC0415 - start-up time
    from bot.adapters.store import upgrade as upgrading  # noqa: PLC0415 - start-up time

    path = file or session.program.database
    problems = copies.check_file(file) if file else upgrading.check(session.settings.database_url)
    if as_json:
        print_json({"ok": not problems, "problems": problems})
    for problem in [] if as_json else problems:
        click.echo(f"problem: {problem}")
    if not problems and not as_json:
        click.echo(f"{path} is whole")
    return 1 if problems else 0


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@pass_session
def backup(session: Session, file: Path, force: bool) -> None:
    """Write a copy of the database, also while a worker runs. There are no keys in it.

    \b
    Example:
      bot db backup copies/monday.db
    """
    kept = session.program.backup.save(file, overwrite=force)
    click.echo(f"{file} holds {shown(kept)}")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@pass_session
def restore(session: Session, file: Path) -> None:
    """Put a copy in the place of the database, which is kept beside it. End the worker first.

    Nothing that went out since the copy was made goes out again: the next worker looks at the account before it sends.

    \b
    Example:
      bot db restore copies/monday.db
    """
    put_back = session.program.backup.restore(file, actor=session.who)
    click.echo(f"{session.program.database} is what {file} was: {shown(put_back.kept)}")
    if put_back.aside:
        click.echo(f"what it was before is in {put_back.aside}")
    click.echo("the next worker compares it with the account before it sends anything: bot run")


def shown(kept: Kept) -> str:
    """Say in half a line what a copy holds."""
    rows = kept.head.seq if kept.head else 0
    many = "1 announcement" if kept.announcements == 1 else f"{kept.announcements} announcements"
    return f"{many} and {rows} rows of the log, head {kept.head or 'none'}"
