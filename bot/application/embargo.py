"""Two people lift an embargo: the first asks for it, the second joins in (decision 0021)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.application.intake import EDITABLE, refuse_if_out_or_being_sent
from bot.application.ports.clock import Clock
from bot.application.ports.store import Store
from bot.domain.announcement import Announcement, Lift
from bot.domain.embargo import with_word
from bot.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class Embargoes:
    """What people say of embargoes. When an announcement goes out stays as it was: a reschedule changes it."""

    store: Store
    clock: Clock

    def lift(self, name: str, reason: str, *, actor: str) -> Announcement:
        """Say that an embargo need not hold any more: the first person asks, the second, another one, lifts it.

        Raises InputError for an unknown name, TooLate while it is being sent, and Refusal for what is out, for the same person
        twice, and where there is nothing to lift.
        """
        with self.store.writing() as tx:
            announcement = tx.announcements.find(name)
            refuse_if_out_or_being_sent(tx, announcement)
            if announcement.state not in EDITABLE:
                raise Refusal(f"{announcement.name} is {announcement.state}: there is no embargo to lift")
            now = self.clock.now()
            embargo = with_word(announcement.name, announcement.embargo, Lift(actor, now, reason))
            tx.announcements.set_embargo(announcement.id, embargo, at=now)
            data = {"reason": reason, "embargo_at": embargo.until.at.isoformat()}
            if embargo.lifted and embargo.asked:
                data["asked_by"] = embargo.asked.by
            event = "embargo_lifted" if embargo.lifted else "embargo_lift_asked"
            tx.journal.append(event, at=now, actor=actor, announcement_id=announcement.id, data=data)
            return tx.announcements.get(announcement.id)
