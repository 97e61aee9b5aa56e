"""`bot account`: the accounts of `accounts.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import InputError, SettingsMissing
from bot.entrypoints.cli.output import print_json, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.bootstrap import Program
    from bot.domain.account import Account


@click.group()
def account() -> None:
    """List accounts, and show one.

    \b
    Example:
      bot account list
    """


@account.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the accounts that announcements go out on.

    \b
    Example:
      bot account list
    """
    program = session.program
    found = [_shape(program, each) for each in program.configuration().accounts.values()]
    if as_json:
        print_json({"accounts": found})
        return
    print_table(
        ["name", "handle", "user id", "access", "premium", "budget a month", "keys"],
        [
            [f["name"], f"@{f['handle']}", f["user_id"], f["access"], "yes" if f["premium"] else "no",
             "no bound" if f["budget_usd"] is None else f"${f['budget_usd']:.2f}", "set" if f["keys_set"] else "missing"]
            for f in found
        ],
    )  # fmt: skip


@account.command()
@click.argument("name")
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> None:
    """Show one account: identity, access, limits, budget and prices. Its keys are never shown.

    \b
    Example:
      bot account show baliprocessrso
    """
    program = session.program
    accounts = program.configuration().accounts
    if name not in accounts:
        raise InputError(
            f"account '{name}' is not in accounts.toml (there: {', '.join(sorted(accounts)) or 'none yet'})"
        )
    found = _shape(program, accounts[name])
    if as_json:
        print_json({"account": found})
        return
    for key, value in found.items():
        for inner, each in value.items() if isinstance(value, dict) else [("", value)]:
            label = f"{key} {inner}".strip().replace("_", " ")
            click.echo(f"{label:22} {_word(each)}")


def _word(value: Any) -> str:
    if value is None:
        return "none"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _shape(program: Program, each: Account) -> dict[str, Any]:
    try:
        program.settings.secrets_of(each)
        keys_set = True
    except SettingsMissing:
        keys_set = False
    limits, prices = each.limits, each.prices
    return {
        "name": each.name,
        "handle": each.handle,
        "user_id": each.user_id,
        "channel": each.channel,
        "access": each.access,
        "premium": each.premium,
        "budget_usd": None if each.budget_usd is None else float(each.budget_usd),
        "keys_set": keys_set,
        "limits": {
            "per_15_minutes": limits.per_15_minutes,
            "per_3_hours": limits.per_3_hours,
            "per_day": limits.per_day,
        },
        "prices": {
            "as_of": str(prices.as_of),
            "create": float(prices.create),
            "link": float(prices.link),
            "delete": float(prices.delete),
            "read": float(prices.read),
            "alt_text": float(prices.alt_text),
        },
    }
