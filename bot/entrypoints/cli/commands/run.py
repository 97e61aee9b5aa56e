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

    With --once or --until-drained it ends by itself: 0, or 1 when something waits for a person, each with a line. SIGHUP has
    the schedules read again.

    \b
    Example:
      bot run
      bot run --until-drained
    """
    from bot.entrypoints import worker  # noqa: PLC0415 - start-up time

    if once and until_drained:
        raise UsageError("give --once or --until-drained, not both")
    program = session.program
    session.start_log(worker=True)
    click.echo(worker.what_it_does(program))
    if not once and not until_drained:
        on_terminal = sys.stderr.isatty()
        worker.run_worker(program, say=_say if on_terminal else None)
        return 0
    ended = worker.run_once(program) if once else worker.run_until_drained(program)
    for line in ended.left:
        click.echo(f"left: {line}")
    return 1 if ended.left else 0


def _say(line: str) -> None:
    click.echo(line, err=True)
