"""`bot series`: recurring announcements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from bot.domain.series import OPEN
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output import one_line, print_json, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.ports.series import Waiting
    from bot.application.series_making import Done
    from bot.domain.announcement import Announcement
    from bot.domain.series import Series


@click.group()
def series() -> None:
    """Recurring announcements: a record with `repeat`, of which ordinary announcements are made, for people to approve.

    \b
    Example:
      bot queue import schedules/tips.yaml
      bot series show friday-tip
    """


@series.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the series, and how many announcements of each wait for approval.

    \b
    Example:
      bot series list
    """
    found = session.program.recurring.list()
    if as_json:
        print_json({"series": [shapes.series(each, waiting) for each, waiting in found]})
        return
    rows = [
        [each.key, each.source, one_line(each.repeat.rule), _state(each), _waits(waiting)]
        for each, waiting in found
    ]
    print_table(["series", "campaign", "repeats", "state", "waits for approval"], rows)


@series.command()
@click.argument("name")
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> None:
    """Show what came of a series, and when nothing comes of it.

    \b
    Example:
      bot series show friday-tip
    """
    found = session.program.recurring.show(name)
    if as_json:
        print_json(
            {
                "series": shapes.series(found.series, None),
                "announcements": [shapes.announcement(each) for each in found.occurrences],
                "missing": list(found.missing),
            }
        )
        return
    click.echo(f"{found.series.key}: {one_line(found.series.repeat.rule)}, {_state(found.series)}")
    rows = [
        [each.name, each.state.value, shapes.shown(each.due), each.record.body[:50]]
        for each in found.occurrences
    ]
    print_table(["announcement", "state", "due", "text"], rows)
    for line in found.missing:
        click.echo(f"not made: {one_line(line)}")
    _say_what_next(found.occurrences)


@series.command()
@click.argument("name", required=False)
@json_option
@pass_session
def make(session: Session, name: str | None, as_json: bool) -> None:
    """Make what has come within the time ahead, of one series or of all; a worker does it by itself.

    \b
    Example:
      bot series make
    """
    found = session.program.recurring.make(actor=session.who, name=name)
    if as_json:
        print_json({"series": [{"name": each.key, **_done(done)} for each, done in found]})
        return
    for each, done in found:
        _print_done(each.key, done)
    if all(done.did_nothing for _, done in found):
        click.echo("nothing is to be made")


@series.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why; it stands in the journal.")
@json_option
@pass_session
def stop(session: Session, name: str, reason: str, as_json: bool) -> None:
    """Let nothing more come of a series, and cancel what of it nobody approved.

    \b
    Example:
      bot series stop friday-tip --reason "The campaign has ended."
    """
    done = session.program.recurring.stop(name, reason, actor=session.who)
    if as_json:
        print_json({"series": [{"name": name, **_done(done)}]})
        return
    click.echo(f"{name} is stopped")
    _print_done(name, done)


def _print_done(name: str, done: Done) -> None:
    for what, names in (("made", done.added), ("changed", done.changed), ("cancelled", done.cancelled)):
        for each in names:
            click.echo(f"{name}: {each} is {what}")
    for line in (*done.kept, *done.told):
        click.echo(f"{name}: {one_line(line)}")


def _say_what_next(found: Sequence[Announcement]) -> None:
    waiting = [each for each in found if each.state in OPEN]
    if waiting:
        click.echo(f"  → bot queue approve {waiting[0].name}")


def _state(each: Series) -> str:
    if each.stopped:
        return f"stopped by {each.stopped.by}: {one_line(each.stopped.reason)}"
    return "some are not made" if each.trouble else "goes on" if each.wake_at else "ends"


def _waits(waiting: Waiting | None) -> str:
    return f"{waiting.count}, the first at {shapes.instant(waiting.first)}" if waiting else ""


def _done(done: Done) -> dict[str, Any]:
    return {
        "made": list(done.added),
        "changed": list(done.changed),
        "cancelled": list(done.cancelled),
        "kept": list(done.kept),
        "missing": list(done.told),
    }
