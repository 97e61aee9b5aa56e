"""`bot status`: what is going on, and whether it needs a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.domain import differences
from bot.domain.assumptions import MEANINGS, Breach
from bot.domain.differences import Difference
from bot.domain.durations import format_duration
from bot.domain.embargo import lift_command
from bot.entrypoints.cli import embargo, shapes
from bot.entrypoints.cli.output import one_line, print_json
from bot.entrypoints.cli.session import Session, json_option, pass_session
from bot.entrypoints.cli.shown import step_of_missed

if TYPE_CHECKING:
    from bot.application.report import AccountStatus, Status
    from bot.domain.announcement import Announcement


@click.command()
@json_option
@pass_session
def status(session: Session, as_json: bool) -> int:
    """Say what is next, late, held, in doubt, paused; what is left of limits and money; when a worker was last seen.

    Ends with 1 when something needs a person.

    \b
    Example:
      bot status
    """
    found = session.program.report.status()
    if as_json:
        print_json(shapes.status(found))
    else:
        _print(found)
    return 1 if found.needs_a_person else 0


def _print(found: Status) -> None:
    _section("next", found.upcoming)
    _section("waits for approval", found.submitted, "bot queue approve {name}")
    _print_series(found)
    _print_lifts_asked(found.lifts_asked)
    _section("late", found.late, "bot queue show {name}")
    for each in found.missed:
        _section("missed", [each], step_of_missed(each))
    for each in found.held:
        why = f"{each.held.reason}: {each.held.detail}" if each.held else ""
        click.echo(f"{each.state}: {each.name}: {why}\n  → bot queue show {each.name}")
    for announcement, attempt in found.failing:
        click.echo(f"tried: {announcement.name}, attempt {attempt.number} {attempt.state}: {attempt.reason}")
    for announcement, attempt in found.in_doubt:
        why = attempt.reason or "its sender is gone"
        click.echo(f"in doubt: {announcement.name}, attempt {attempt.number}: {why}")
        click.echo(f"  → bot queue show {announcement.name}")
    _print_withdrawing(found)
    _print_stops(found)
    if found.schedules_problem:
        click.echo(f"schedules: wrong, so that no account can be shown: {found.schedules_problem}")
        click.echo("  → mend that file; until then a worker that runs goes by what held before")
    _print_breaches(found)
    _print_differences(found)
    for account in found.accounts:
        _print_account(account)
    _print_worker(found)


def _print_stops(found: Status) -> None:
    for pause in found.pauses:
        scope = "every account" if pause.scope == "*" else pause.scope
        click.echo(
            f"paused: {scope} ({pause.kind}) since {shapes.instant(pause.since)} by {pause.by}: {pause.why}"
        )
        click.echo(f"  → {pause.remedy}")
    for stop in found.stopped:
        click.echo(one_line(f"stopped: {stop.told} ({shapes.instant(stop.since)})"))
        click.echo(f"  → {stop.remedy}")
    if found.pause_file:
        click.echo("paused: the file PAUSE lies in the project folder\n  → remove it")


def _print_withdrawing(found: Status) -> None:
    """What a withdrawal that broke off has left: no worker deletes it."""
    for announcement, post in found.withdrawing:
        wish = post.withdrawal
        if wish:
            which = f"{announcement.name}, post {post.position + 1} ({post.post_id})"
            said = f"{wish.by} at {shapes.instant(wish.asked_at)}: {one_line(wish.reason)}"
            click.echo(f"to be withdrawn: {which}, asked for by {said}")
    for name in dict.fromkeys(announcement.name for announcement, _ in found.withdrawing):
        click.echo(f"  → bot withdraw {name}")


def _print_breaches(found: Status) -> None:
    """What the protocol takes for granted and did not hold lately: each kind once, with its last time."""
    last = {Breach(each.event): each for each in found.breaches}
    for breach, event in last.items():
        times = sum(each.event == breach for each in found.breaches)
        meaning = MEANINGS[breach]
        click.echo(f"noticed: {meaning.what} ({times} in 7 days, last {shapes.instant(event.at)})")
        click.echo(f"  → {meaning.remedy}")


def _print_differences(found: Status) -> None:
    """What the worker found when it compared an account with the log: a line for each account and kind."""
    found_of = [(str(each.data.get("account")), str(each.data.get("kind"))) for each in found.differences]
    counted = Counter((account, Difference(kind)) for account, kind in found_of if kind in [*Difference])
    for (account, kind), times in sorted(counted.items()):
        what = differences.MEANINGS[kind].what.format(other="another")
        posts = "a post" if times == 1 else f"each of {times} posts"
        click.echo(f"noticed: {posts} of {account} {what} (found in the last 7 days)")
        click.echo(f"  → bot log verify --against-account --account {account}")


def _print_lifts_asked(announcements: Sequence[Announcement]) -> None:
    for each in announcements:
        if each.embargo:
            click.echo(f"embargo: {each.name} · {embargo.told(each.embargo)}")
            click.echo(f"  → {lift_command(each.name)}  (by another person)")


def _print_series(found: Status) -> None:
    for each, waiting in found.series:
        if waiting:
            plural = "announcements wait" if waiting.count > 1 else "announcement waits"
            first = f"the first is due {shapes.instant(waiting.first)}"
            click.echo(f"series: {each.key}: {waiting.count} {plural} for approval, {first}")
        for line in each.trouble.splitlines():
            click.echo(f"series: {each.key}: not made: {one_line(line)}")
        click.echo(f"  → bot series show {each.key}")


def _section(title: str, announcements: Sequence[Announcement], step: str | None = None) -> None:
    for each in announcements:
        ends = f", expires {shapes.shown(each.expires)}" if each.expires else ""
        click.echo(f"{title}: {each.name} · {shapes.shown(each.due)}{ends}")
        if step:
            click.echo(f"  → {step.format(name=each.name)}")


def _print_account(each: AccountStatus) -> None:
    limits = each.account.limits
    money = f"${each.spent_usd} spent this month"
    if each.account.budget_usd is not None:
        money += f" of ${each.account.budget_usd}"
    click.echo(
        f"account {each.account.name}: {each.used_15_minutes} of {limits.per_15_minutes} posts in 15 minutes, "
        f"{each.used_day} of {limits.per_day} in a day, {money}"
    )
    if each.wait_until:
        click.echo(f"  waits until {shapes.instant(each.wait_until)}: X asked to (rate limit)")
    if each.holder:
        age = format_duration(timedelta(seconds=each.held_for))
        who = f"process {each.holder.pid} on {each.holder.host}"
        click.echo(f"  sender lock: {who}, for {age} (since {shapes.instant(each.holder.since)})")
        if each.frozen:
            click.echo(
                f"  → it seems frozen: look at that process; if it does nothing, end it: kill -9 {each.holder.pid}"
            )


def _print_worker(found: Status) -> None:
    if found.worker_alive:
        click.echo(f"worker: {found.workers[0].name}, last seen {shapes.instant(found.workers[0].seen_at)}")
    elif found.workers:
        last = found.workers[0]
        how = "ended" if last.ended else "was last seen"
        click.echo(f"worker: none runs; {last.name} {how} {shapes.instant(last.seen_at)}")
        click.echo("  → bot run" + ("" if last.ended else "  (if it does run: bot doctor)"))
    else:
        click.echo("worker: none has run yet\n  → bot run")
