"""`bot pause` and `bot resume`: the stop switch."""

from __future__ import annotations

import click

from bot.domain.errors import StoreUnavailable
from bot.entrypoints.cli.session import Session, pass_session


@click.command()
@click.option("--account", help="One account; every account without it.")
@click.option("--why", required=True, help="Everyone reads it in the status.")
@pass_session
def pause(session: Session, account: str | None, why: str) -> None:
    """Stop publishing before the next request. A file named PAUSE in the project folder does the same.

    \b
    Example:
      bot pause --why "National mourning."
    """
    try:
        new = session.program.control.pause(account, why, actor=session.who)
    except StoreUnavailable as error:
        file = session.settings.project / "PAUSE"
        raise StoreUnavailable(
            f"{error}. Nothing is paused! An empty file {file} stops every account"
        ) from error
    what = account or "every account"
    click.echo(f"{what} is paused" if new else f"{what} was paused already")


@click.command()
@click.option("--account", help="One account; all of them without it.")
@pass_session
def resume(session: Session, account: str | None) -> None:
    """Let publishing go on. What became late meanwhile is held for review; nothing goes out in a burst.

    \b
    Example:
      bot resume
    """
    lifted = session.program.control.resume(account, actor=session.who)
    for each in lifted:
        scope = "every account" if each.scope == "*" else each.scope
        click.echo(f"{scope} goes on (was paused: {each.why})")
    if not lifted:
        click.echo("nothing was paused")
    if session.program.stop_file():
        click.echo(
            "the file PAUSE lies in the project folder and still stops everything: remove it", err=True
        )
