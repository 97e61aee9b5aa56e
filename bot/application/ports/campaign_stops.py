"""The campaigns that people stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CampaignStop:
    """Somebody's word that nothing more of a campaign goes out. `since` is UTC."""

    campaign: str
    why: str
    by: str
    since: datetime

    @property
    def told(self) -> str:
        """For people: who stopped it, and why, in one line."""
        return f"campaign '{self.campaign}' was stopped by {self.by}: {' '.join(self.why.split())}"

    @property
    def warning(self) -> str:
        """For people who plan: what it means for what is to go out."""
        return f"{self.told.rstrip('.')}; nothing of it goes out until `{self.remedy}`"

    @property
    def remedy(self) -> str:
        """For people: what lets it go on."""
        return f"bot campaign resume {self.campaign}"


class CampaignStops(Protocol):
    """At most one stop a campaign."""

    def stop(self, stop: CampaignStop) -> bool:
        """Stop a campaign; False if it was stopped already (that stop stays as it was)."""
        ...

    def lift(self, campaign: str) -> CampaignStop | None:
        """Let it go on and give the stop that is lifted; None if there was none."""
        ...

    def get(self, campaign: str) -> CampaignStop | None:
        """Give a campaign's stop; None if it is not stopped."""
        ...

    def all(self) -> Sequence[CampaignStop]:
        """List the stops, the oldest first."""
        ...
