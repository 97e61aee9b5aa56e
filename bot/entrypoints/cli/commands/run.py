"""`bot run`: the worker."""

from __future__ import annotations

import sys

import click

from bot.domain.errors import UsageError
from bot.entrypoints.cli.session import Session, pass_session


@click.command()
@click.option("--once", is_flag=True, help="Do what can be done now, and end.")
@click.option("--until-drained", is_flag=True, help="End when nothing is due or unsettled.")
@pass_session
def run(session: Session, once: bool, until_drained: bool) -> int:
    """Publish what is due, until it is stopped (Ctrl-C, SIGTERM): the request in flight is finished first.

    With --once or --until-drained it ends by itself: 0, or 1 when something waits for a person.

    \b
    Example:
      bot run
      bot run --until-drained
    """
    from bot.entrypoints import worker  # noqa: PLC0415 - start-up time

    if once and until_drained:
        raise UsageError("give --once or --until-drained, not both")
    program = session.program
    if not once and not until_drained:
        if sys.stderr.isatty():
            click.echo("publishing what is due; Ctrl-C ends it, `bot status` shows what it does", err=True)
        worker.run_worker(program)
        return 0
    ended = worker.run_once(program) if once else worker.run_until_drained(program)
    for line in ended.left:
        click.echo(f"left: {line}")
    return 1 if ended.left else 0
