"""`bot campaign`: the campaigns of the schedules folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.domain.campaign_bounds import is_after_end
from bot.domain.durations import format_duration
from bot.domain.errors import SettingsMissing, StoreUnavailable
from bot.entrypoints.cli import campaign_shape, shapes
from bot.entrypoints.cli.commands import campaign_stop, campaign_times
from bot.entrypoints.cli.commands.campaign_times import chosen_campaigns
from bot.entrypoints.cli.output import one_line, print_json, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.bootstrap import Program
    from bot.domain.campaign import Campaign


CLASHES_AHEAD = timedelta(days=31)


@click.group()
def campaign() -> None:
    """List and check campaigns; see their next slots and house rules.

    \b
    Example:
      bot campaign check
      bot campaign next rsotenyears
    """


campaign.add_command(campaign_stop.stop)
campaign.add_command(campaign_stop.resume)
campaign.add_command(campaign_times.next_)
campaign.add_command(campaign_times.calendar)


@campaign.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the campaigns with what holds for each, the settings' defaults included.

    \b
    Example:
      bot campaign list
    """
    found = chosen_campaigns(session.program, ())
    stops = campaign_stop.stops_of(session.program)
    if as_json:
        shapes_of = [
            {**campaign_shape.keys(each), "stop": campaign_stop.shape(stops.get(each.name))} for each in found
        ]
        print_json({"campaigns": shapes_of})
        return
    print_table(
        ["name", "account", "hashtag", "template", "time zone", "slots", "runs", "approval", "late"],
        [
            [c.name, c.account, f"#{c.hashtag}" if c.hashtag else "", c.template, c.timezone, campaign_shape.slots(c),
             "stopped" if c.name in stops else campaign_shape.bounds(c), c.approval,
             f"{format_duration(c.late_window)}, then {c.on_late}"]
            for c in found
        ],
    )  # fmt: skip


@campaign.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@json_option
@pass_session
def check(session: Session, names: tuple[str, ...], as_json: bool) -> int:
    """Check campaigns: their files, their templates on sample records, their slots and keys. Ends with 1 at a problem.

    \b
    Example:
      bot campaign check
    """
    program = session.program
    found = [(each, *_findings(program, each)) for each in chosen_campaigns(program, names)]
    if as_json:
        print_json(
            {
                "campaigns": [
                    {"name": each.name, "problems": problems, "warnings": warnings}
                    for each, problems, warnings in found
                ]
            }
        )
    else:
        for each, problems, warnings in found:
            for kind, lines in (("problem", problems), ("warning", warnings)):
                for line in lines:
                    click.echo(one_line(f"{kind}: {each.name}: {line}"))
            if not problems:
                click.echo(f"{each.name} is in order")
    return 1 if any(problems for _, problems, _ in found) else 0


@campaign.command()
@click.argument("name", required=False)
@json_option
@pass_session
def rules(session: Session, name: str | None, as_json: bool) -> None:
    """List the house rules with their level and why they are there: as a campaign sets them, or as they are by themselves.

    A campaign sets `lint.RULE = "off"`, `"warning"` or `"problem"`; what is fixed cannot be set.

    \b
    Example:
      bot campaign rules rsotenyears
    """
    from bot.domain.lint.catalogue import RULES  # noqa: PLC0415 - start-up time
    from bot.domain.lint.house import HouseRules  # noqa: PLC0415 - start-up time

    house = session.program.configuration().campaign(name).lint if name else HouseRules()
    if as_json:
        print_json({"rules": [{**asdict(rule), "level": house.level_of(rule.name)} for rule in RULES]})
        return
    print_table(
        ["rule", "level", "why"],
        [
            [rule.name, house.level_of(rule.name) + (" (fixed)" if rule.fixed else ""), rule.why]
            for rule in RULES
        ],
        shortens="why",
    )


def _findings(program: Program, each: Campaign) -> tuple[list[str], list[str]]:
    """Give the problems and the warnings of a campaign whose file can be read."""
    from bot.application.template_check import check_template  # noqa: PLC0415 - start-up time

    account = program.configuration().account_of(each)
    tried = check_template(program.renderer, each.template, each, account)
    failed: dict[str, str] = {}
    for finding in tried:
        if finding.is_problem:
            said = (
                finding.error
                or f"{finding.template}: too long ({finding.weighted_length} of {finding.limit})"
            )
            failed.setdefault(said, f"{said} (sample: {finding.sample})")
    return list(failed.values()), list(_warnings(program, each))


def _warnings(program: Program, each: Campaign) -> Iterator[str]:
    if not each.slots:
        yield "slots: it has none, so that `due: next` finds no place: give some, or write times"
    last = max((max(slot.dates) for slot in each.slots if slot.dates), default=None)
    if last and last < program.clock.now().date() and all(slot.dates for slot in each.slots):
        yield f"slots: the last date was {last}: add those to come"
    if each.end and is_after_end(each, program.clock.now()):
        yield f"end: it ended {shapes.shown(each.end)}: nothing of it goes out any more"
    stop = campaign_stop.stops_of(program).get(each.name)
    if stop:
        yield stop.warning
    if each.holidays and max(each.holidays) < program.clock.now().date():
        yield f"holidays: the last one was {max(each.holidays)}: add those to come"
    with suppress(StoreUnavailable):
        for clash in _clashes(program, each):
            yield f"clash: {clash} are due within a quarter of an hour or the minimum gap"
    try:
        program.settings.secrets_of(program.configuration().account_of(each))
    except SettingsMissing as error:
        yield str(error)


def _clashes(program: Program, each: Campaign) -> Sequence[str]:
    from bot.application.agenda import clashes_ahead  # noqa: PLC0415 - start-up time

    with program.store.reading() as tx:
        return clashes_ahead(tx, each, now=program.clock.now(), ahead=CLASHES_AHEAD)
