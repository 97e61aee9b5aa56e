"""`accounts.toml`: one table for each account."""

from __future__ import annotations

import re

from bot.adapters.config_files.table import Table
from bot.domain.account import Access, Account, CreateLimits
from bot.domain.errors import InputError
from bot.domain.pricing import Prices

KEYS = ("handle", "user_id", "channel", "access", "premium", "limits", "budget_usd", "secrets", "prices")
LIMIT_KEYS = ("per_15_minutes", "per_3_hours", "per_day")
PRICE_KEYS = ("as_of", "create", "link", "delete", "read")
CHANNELS = ("x",)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")

_USER_ID = re.compile(r"[0-9]{1,19}")
_PREFIX = re.compile(r"(?:[A-Z][A-Z0-9_]*_)?")


def read_accounts(file: Table) -> dict[str, Account]:
    """Read every account. Raises InputError for the first that is wrong, or when two are the same identity."""
    accounts = {name: _account(file, name) for name in file}
    seen: dict[tuple[str, str], str] = {}
    for name, account in accounts.items():
        for identity in ((account.channel, account.user_id), (account.channel, account.handle.lower())):
            # Two names for one identity would have two sender locks and two journals of one timeline.
            if identity in seen:
                raise file.wrong(name, f"is the same account as '{seen[identity]}': keep one of the two")
            seen[identity] = name
    return accounts


def read_handle(text: str) -> str:
    """Read a handle, with or without @. Raises InputError."""
    handle = text.removeprefix("@")
    if not HANDLE.fullmatch(handle):
        raise InputError(f"'{text[:40]}' is not a handle: letters, digits and _, at most 15")
    return handle


def _account(file: Table, name: str) -> Account:
    if not NAME.fullmatch(name):
        raise file.wrong(name, "cannot be an account's name: use letters, digits, - and _")
    table = file.table(name)
    table.refuse_unknown(KEYS)
    return Account(
        name=name,
        handle=table.parsed("handle", read_handle, "") or table.text("handle"),
        user_id=_user_id(table),
        channel=table.parsed("channel", _channel, CHANNELS[0]),
        access=table.choice("access", Access, Access.SELF_SERVE),
        premium=table.flag("premium", default=False),
        limits=_limits(table.table("limits")),
        budget_usd=table.money("budget_usd", None),
        secrets=_prefix(table),
        prices=_prices(table.table("prices")) if "prices" in table else Prices(),
    )


def _user_id(table: Table) -> str:
    if isinstance(table.raw("user_id"), int):
        raise table.wrong("user_id", "must be a text: put the digits in quotes")
    found = table.text("user_id")
    if not _USER_ID.fullmatch(found):
        raise table.wrong("user_id", f"'{found[:40]}' is not an id: bot doctor shows whose the keys are")
    return found


def _channel(text: str) -> str:
    if text not in CHANNELS:
        raise InputError(f"'{text}' is not known: write {' or '.join(CHANNELS)}")
    return text


def _limits(table: Table) -> CreateLimits:
    table.refuse_unknown(LIMIT_KEYS)
    usual = CreateLimits()
    return CreateLimits(**{key: table.count(key, getattr(usual, key)) for key in LIMIT_KEYS})


def _prices(table: Table) -> Prices:
    table.refuse_unknown(PRICE_KEYS)
    usual = Prices()
    return Prices(
        as_of=table.day("as_of"),
        create=table.money("create", usual.create),
        link=table.money("link", usual.link),
        delete=table.money("delete", usual.delete),
        read=table.money("read", usual.read),
        alt_text=table.money("alt_text", usual.alt_text),
    )


def _prefix(table: Table) -> str:
    prefix = table.text("secrets", "")
    if not _PREFIX.fullmatch(prefix):
        raise table.wrong(
            "secrets", f"'{prefix[:40]}' is not a prefix: capitals that end with _, such as THAI_"
        )
    return prefix
