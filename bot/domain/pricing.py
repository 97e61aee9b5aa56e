"""What X bills for a post (X API notes, section 5: X's pricing page, in force since 2026-04-20).

The table is dated; a team may put other figures into `schedules/accounts.toml` when X changes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for each request. `link` is the price of a create whose text holds a link, in place of `create`."""

    as_of: date = date(2026, 4, 20)
    create: Decimal = Decimal("0.015")
    link: Decimal = Decimal("0.200")
    delete: Decimal = Decimal("0.010")
    read: Decimal = Decimal("0.001")
    alt_text: Decimal = Decimal("0.005")


def billing_month(now: datetime) -> datetime:
    """Give the instant (UTC) at which the calendar month began, for which a budget holds."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def cost_of(prices: Prices, *, has_link: bool, alt_texts: int = 0) -> Decimal:
    """Give what one post costs: its create, and each alt text of its media."""
    return (prices.link if has_link else prices.create) + alt_texts * prices.alt_text
