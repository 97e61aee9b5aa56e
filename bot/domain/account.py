"""An account: one identity on one channel; a table of `schedules/accounts.toml` (design, section 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bot.domain.pricing import Prices


class Access(StrEnum):
    """What X sells the account's application; it decides what may be posted (X API notes, section 1)."""

    SELF_SERVE = "self-serve"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class CreateLimits:
    """How many creates X takes from this user. Defaults: the lower of X's two statements."""

    per_15_minutes: int = 100
    per_3_hours: int = 300
    per_day: int = 10_000


@dataclass(frozen=True, slots=True)
class Account:
    """One identity on one channel.

    `name` is the table's name and the word used everywhere; `handle` is without @; `user_id` is the id that
    the keys must belong to; `secrets` is the prefix of its environment variables ("" means `X_API_KEY`,
    "THAI_" means `THAI_X_API_KEY`); `budget_usd` is what may be spent in a calendar month (UTC), None for no bound.
    """

    name: str
    handle: str
    user_id: str
    channel: str = "x"
    access: Access = Access.SELF_SERVE
    premium: bool = False
    limits: CreateLimits = CreateLimits()
    budget_usd: Decimal | None = None
    secrets: str = ""
    prices: Prices = field(default_factory=Prices)
