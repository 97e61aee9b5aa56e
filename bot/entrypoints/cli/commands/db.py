"""`bot db`: the database."""

from __future__ import annotations

import click

from bot.entrypoints.cli.output import print_json
from bot.entrypoints.cli.session import Session, json_option, pass_session


@click.group()
def db() -> None:
    """Make or upgrade the database; check it.

    \b
    Example:
      bot db upgrade
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
@json_option
@pass_session
def check(session: Session, as_json: bool) -> int:
    """Check that the database is whole, of this version, and holds the invariants.

    \b
    Example:
      bot db check
    """
    from bot.adapters.store import upgrade as upgrading  # noqa: PLC0415 - start-up time

    path = session.program.database
    problems = upgrading.check(session.settings.database_url)
    if as_json:
        print_json({"ok": not problems, "problems": problems})
    for problem in [] if as_json else problems:
        click.echo(f"problem: {problem}")
    if not problems and not as_json:
        click.echo(f"{path} is whole")
    return 1 if problems else 0
