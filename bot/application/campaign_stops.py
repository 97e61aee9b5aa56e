"""People stop a campaign, and let it go on (decision 0027)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.application.conclude import Conclusion
from bot.application.ports.announcements import Filter
from bot.application.ports.campaign_stops import CampaignStop
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.store import Store, Transaction
from bot.domain.announcement import Announcement
from bot.domain.states import OPEN_ATTEMPTS, HeldReason, State


@dataclass(frozen=True, slots=True)
class CampaignControl:
    """The stop switch of one campaign. Both deeds raise InputError for a campaign that there is not."""

    store: Store
    clock: Clock
    configuration: Callable[[], Configuration]

    def stop(self, name: str, why: str, *, actor: str) -> CampaignStop:
        """Let nothing more of it go out, from the next intent on, between the posts of a thread as well.

        Gives the stop that holds: the earlier one if it was stopped already.
        """
        now = self.clock.now()
        with self.store.writing() as tx:
            stop = CampaignStop(self.configuration().campaign(name).name, why, actor, now)
            if tx.campaign_stops.stop(stop):
                data = {"campaign": stop.campaign, "why": why}
                tx.journal.append("campaign_stopped", at=now, actor=actor, data=data)
            return tx.campaign_stops.get(stop.campaign) or stop

    def resume(self, name: str, *, actor: str) -> tuple[CampaignStop | None, Sequence[Announcement]]:
        """Let it go on: what is due later goes out at its time, what came due meanwhile is held for a person.

        Gives the stop that was lifted (None if there was none) and what is held by that.
        """
        now = self.clock.now()
        with self.store.writing() as tx:
            # Its file may be gone by now; its stop is not, and whoever lifts it is told the name that it has.
            stop = tx.campaign_stops.lift(name)
            if stop is None:
                self.configuration().campaign(name)
                return None, ()
            held = _came_due_meanwhile(tx, stop, Conclusion(tx, now, actor))
            data = {"campaign": name, "why": stop.why, "held": len(held)}
            tx.journal.append("campaign_resumed", at=now, actor=actor, data=data)
            return stop, held


def _came_due_meanwhile(tx: Transaction, stop: CampaignStop, conclusion: Conclusion) -> list[Announcement]:
    """Hold what a worker would have held, had it looked: whether one ran while it was stopped makes no difference."""
    wanted = Filter(
        states=[State.SCHEDULED, State.PUBLISHING], campaign=stop.campaign, due_until=conclusion.now
    )
    held = []
    for each in tx.announcements.list(wanted):
        if any(attempt.state in OPEN_ATTEMPTS for attempt in tx.attempts.of_announcement(each.id)):
            continue  # it rests until it is settled; what is left of it then goes on
        conclusion.hold(each.id, HeldReason.CAMPAIGN, f"its time came while {stop.told}")
        held.append(tx.announcements.get(each.id))
    return held
