"""`bot campaign stop` and `bot campaign resume`: the stop switch of one campaign."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import SettingsMissing, StoreUnavailable
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.output import one_line, print_json
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.ports.campaign_stops import CampaignStop
    from bot.bootstrap import Program


@click.command()
@click.argument("name")
@click.option("--why", required=True, help="Everyone reads it in the status; it stands in the journal.")
@json_option
@pass_session
def stop(session: Session, name: str, why: str, as_json: bool) -> None:
    """Let nothing more of one campaign go out, before the next request; other campaigns of its account go on.

    A thread that has begun stops between its posts. What comes due is held, and stays so when the campaign goes on.

    \b
    Example:
      bot campaign stop rsotenyears --why "The ministers meet today."
    """
    found = session.program.campaign_control.stop(name, why, actor=session.who)
    if as_json:
        print_json({"stop": shape(found)})
        return
    since = shapes.instant(found.since.replace(microsecond=0))
    click.echo(one_line(f"{name} is stopped since {since} by {found.by}: {found.why}"))
    click.echo(f"  → {found.remedy}")


@click.command()
@click.argument("name")
@json_option
@pass_session
def resume(session: Session, name: str, as_json: bool) -> None:
    """Let a stopped campaign go on: what is due later goes out at its time; what came due meanwhile is held for review.

    \b
    Example:
      bot campaign resume rsotenyears
    """
    lifted, held = session.program.campaign_control.resume(name, actor=session.who)
    if as_json:
        print_json({"stop": shape(lifted), "held": [shapes.announcement(each) for each in held]})
        return
    click.echo(
        one_line(f"{name} goes on (was stopped: {lifted.why})") if lifted else f"{name} was not stopped"
    )
    for each in held:
        click.echo(one_line(f"{each.state}: {each.name}: its time came meanwhile, {shapes.shown(each.due)}"))
        click.echo(f"  → bot queue reschedule {each.name} --due next")


def shape(found: CampaignStop | None) -> dict[str, Any] | None:
    """Give the shape of a stop."""
    return {**asdict(found), "since": shapes.instant(found.since)} if found else None


def stops_of(program: Program) -> Mapping[str, CampaignStop]:
    """Give the stops by campaign; none where there is no database yet: a campaign's file can be looked at before there is."""
    with suppress(StoreUnavailable, SettingsMissing), program.store.reading() as tx:
        return {stop.campaign: stop for stop in tx.campaign_stops.all()}
    return {}
