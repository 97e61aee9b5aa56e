"""Public holidays: days on which a campaign has no slots unless it names them. Who knows them is an adapter's matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol


class PublicHolidays(Protocol):
    """The holidays of some countries, by whatever calendar they follow."""

    @property
    def countries(self) -> Sequence[str]:
        """The countries, as they are written: `TH`, or `AU-NSW` with a part of the country."""
        ...

    def on(self, day: date) -> Sequence[str]:
        """Name the holidays of a day with their country: `Songkran Festival (TH)`."""
        ...


class NoPublicHolidays:
    """A campaign that names no countries."""

    countries: Sequence[str] = ()

    def on(self, day: date) -> Sequence[str]:  # noqa: ARG002 - the same on every day
        """Name none."""
        return ()


NO_PUBLIC_HOLIDAYS = NoPublicHolidays()
