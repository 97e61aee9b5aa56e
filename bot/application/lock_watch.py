"""Say who holds a sender lock for which somebody waits: it is never stolen (design, section 5, step 2; settled question 6)."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from bot.application.ports.sender_lock import Holder
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.notice import Notice

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LockWatch:
    """Names the holder in the log, and tells people once of each that seems frozen."""

    ports: Publishing
    named: set[Holder] = field(default_factory=set)
    told: set[Holder] = field(default_factory=set)

    def say_who_holds(self, account: Account) -> None:
        """Name the holder in the log, once."""
        holder = self.ports.locks.holder(account.name)
        if holder is None or holder in self.named:
            return
        self.named.add(holder)
        who = f"process {holder.pid} on {holder.host}"
        log.info("waits for the sender lock", extra={"account": account.name, "holder": who})

    def tell_of_a_frozen_holder(self, account: Account) -> None:
        """Who holds the lock for five minutes is looked at by a person."""
        holder = self.ports.locks.holder(account.name)
        if holder is None or holder in self.told:
            return
        if (self.ports.clock.now() - holder.since).total_seconds() > self.ports.profile.frozen_lock:
            self.told.add(holder)
            who = f"process {holder.pid} on {holder.host}"
            what_to_do = (
                f"It has held the sender lock since {holder.since:%H:%M:%S} UTC. If it does not run, end it."
            )
            self.ports.tell([Notice(f"{account.name} cannot send: {who} seems frozen", what_to_do)])
