"""`bot queue lift-embargo`: two people lift what one cannot."""

from __future__ import annotations

import click

from bot.domain.embargo import lift_command
from bot.entrypoints.cli import embargo, shapes
from bot.entrypoints.cli.output import print_json
from bot.entrypoints.cli.session import Session, json_option, pass_session


@click.command("lift-embargo")
@click.argument("name")
@click.option("--reason", required=True, help="Why; it stands in the journal.")
@json_option
@pass_session
def lift_embargo(session: Session, name: str, reason: str, as_json: bool) -> None:
    """Say that an embargo need not hold any more; it is lifted when another person says so, too.

    The time at which it goes out stays: `bot queue reschedule` changes it. An edit in between takes the first word back.

    \b
    Example:
      bot queue lift-embargo 7 --reason "The report is public since this morning."
    """
    done = session.program.embargoes.lift(name, reason, actor=session.who)
    if as_json:
        print_json({"announcement": shapes.announcement(done)})
        return
    number = "" if done.name == str(done.id) else f" (no. {done.id})"
    if done.embargo and done.embargo.lifted:
        click.echo(f"{done.name}{number}: the embargo is lifted; it is due {shapes.shown(done.due)}")
        click.echo(f"  → bot queue reschedule {done.name} --due …  (if it is to go out earlier)")
    elif done.embargo:
        click.echo(f"{done.name}{number}: embargo {embargo.told(done.embargo)}")
        click.echo(f"  → {lift_command(done.name)}  (by another person)")
