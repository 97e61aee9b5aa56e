"""The campaigns that people stopped, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.adapters.store.schema import campaign_stops
from bot.application.ports.campaign_stops import CampaignStop

_GET = select(campaign_stops).where(campaign_stops.c.campaign == bindparam("campaign_"))
_ALL = select(campaign_stops).order_by(campaign_stops.c.since, campaign_stops.c.campaign)


class SqlCampaignStops:
    """At most one stop a campaign."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stop(self, stop: CampaignStop) -> bool:
        """Stop a campaign; False if it was stopped already (that stop stays as it was)."""
        if self.get(stop.campaign):
            return False
        self._connection.execute(insert(campaign_stops), asdict(stop))
        return True

    def lift(self, campaign: str) -> CampaignStop | None:
        """Let it go on and give the stop that is lifted; None if there was none."""
        stop = self.get(campaign)
        self._connection.execute(delete(campaign_stops).where(campaign_stops.c.campaign == campaign))
        return stop

    def get(self, campaign: str) -> CampaignStop | None:
        """Give a campaign's stop; None if it is not stopped."""
        row = self._connection.execute(_GET, {"campaign_": campaign}).one_or_none()
        return CampaignStop(**row._mapping) if row else None

    def all(self) -> Sequence[CampaignStop]:
        """List the stops, the oldest first."""
        return [CampaignStop(**row._mapping) for row in self._connection.execute(_ALL)]
