"""`bot doctor`: is everything in order?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bot.domain.errors import Refusal, UsageError
from bot.entrypoints.cli.output import clean, print_json
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.domain.account import Account


@click.command()
@click.option(
    "--live-trial", metavar="ACCOUNT", help="Post one marked test post on a real account, and delete it."
)
@click.option("--yes", is_flag=True, help="With --live-trial: do not ask.")
@json_option
@pass_session
def doctor(session: Session, live_trial: str | None, yes: bool, as_json: bool) -> int:
    """Check settings, rights, campaigns, templates, database, disk, locks, clock, and X; say the remedy.

    Sends nothing but one question for each account. Ends with 1 for a problem, 3 if X cannot be reached, 4 if settings or
    keys are missing.

    \b
    Example:
      bot doctor
    """
    from bot.entrypoints.diagnosis import diagnose  # noqa: PLC0415 - start-up time

    if live_trial:
        return _try_live(session, live_trial, yes=yes)
    checks = []
    for check in diagnose(session.program):
        checks.append(check)
        if not as_json:
            click.echo(
                clean(f"{'ok     ' if check.ok else 'PROBLEM'}  {check.name}: {session.scrub(check.detail)}")
            )
            if check.remedy:
                click.echo(clean(f"         → {check.remedy}"))
    if as_json:
        shapes = [{**asdict(check), "detail": session.scrub(check.detail)} for check in checks]
        for shape in shapes:
            del shape["ill"]
        print_json({"ok": all(check.ok for check in checks), "checks": shapes})
    return max((int(check.ill) for check in checks if not check.ok), default=0)


def _try_live(session: Session, name: str, *, yes: bool) -> int:
    from bot.entrypoints.live_trial import try_live  # noqa: PLC0415 - start-up time

    accounts = session.program.configuration().accounts
    if name not in accounts:
        raise UsageError(f"--live-trial {name}: accounts.toml has {', '.join(sorted(accounts))}")
    if not yes and not _agreed(session, accounts[name]):
        raise Refusal("nothing was posted")
    try_live(session.program, accounts[name], click.echo)
    return 0


def _agreed(session: Session, account: Account) -> bool:
    prices = account.prices
    cost = prices.create + prices.delete
    where = session.settings.x_api_base_url
    click.echo(
        f"This posts one test post as @{account.handle} at {where}, and deletes it: about ${cost}, plus the readings."
    )
    return sys.stdin.isatty() and click.confirm("Go on?")
