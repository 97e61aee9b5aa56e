"""Export: the queue as records, which the import takes back without a change (decision 0025)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.application.ports.announcements import Filter
from bot.application.ports.configuration import Configuration
from bot.application.ports.store import Store
from bot.domain.announcement import Record
from bot.domain.exported import exported


@dataclass(frozen=True, slots=True)
class Exported:
    """The records, and how many corrections were left out: a correction belongs to a post, and no file can bring one."""

    records: list[Record]
    corrections: int


def export(store: Store, configuration: Configuration, wanted: Filter) -> Exported:
    """Give what the filter asks for, the next due first. Raises InputError where a campaign's file is gone."""
    with store.reading() as tx:
        found = tx.announcements.list(wanted)
    own = [each for each in found if each.corrects is None]
    records = [exported(each, configuration.campaign(each.record.campaign).timezone) for each in own]
    return Exported(records, len(found) - len(own))
