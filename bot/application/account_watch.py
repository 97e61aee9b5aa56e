"""Once a day the worker compares each account with the log, and tells what differs once (protocol notes, section 7)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.application.compare import Compared, Comparison
from bot.application.older_database import COMPARED as COMPARED_OLDER
from bot.application.ports.checkpoint import Step
from bot.application.ports.store import Transaction
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.differences import DIFFERS, Difference, Differs
from bot.domain.errors import SettingsMissing
from bot.domain.notice import Notice
from bot.domain.post import link_of
from bot.domain.profile import COMPARE_AGAIN, COMPARE_BACK, COMPARE_EVERY

log = logging.getLogger(__name__)

COMPARED = "account_compared"
"""The journal's event: a comparison was made."""

MOST_TOLD = 5


@dataclass(slots=True)
class AccountWatch:
    """`next_look`: account → running seconds before which there is nothing to compare, by this process's own clock."""

    ports: Publishing
    next_look: dict[str, float] = field(default_factory=dict)

    def wants(self, account: str) -> bool:
        """Tell whether the account is to be compared now. Raises StoreUnavailable."""
        now = self.ports.clock.running()
        if self.next_look.get(account, now) > now:
            return False
        with self.ports.store.reading() as tx:
            left = self._seconds_left(tx, account)
        self.next_look[account] = now + left
        return left <= 0

    def step(self, account: Account) -> None:
        """Compare if a day has passed. Raises StoreUnavailable."""
        if not self.wants(account.name):
            return
        self.next_look[account.name] = self.ports.clock.running() + COMPARE_AGAIN
        ports = self.ports
        comparison = Comparison(ports.store, ports.channel, ports.clock, ports.profile)
        since = ports.clock.now() - timedelta(seconds=COMPARE_BACK)
        ports.checkpoint.before(Step.READING)
        try:
            compared = comparison.compare(account, since=since)
        except SettingsMissing as error:
            compared = Compared(account, unreadable=str(error))
        ports.checkpoint.after(Step.READING)
        if compared.unreadable:
            detail = {"account": account.name, "detail": compared.unreadable}
            log.warning("the account cannot be compared with the log", extra=detail)
            return
        self._write_down(compared)

    def _seconds_left(self, tx: Transaction, account: str) -> float:
        """A day after the last comparison; the first one a day after something went out that is young enough to be compared."""
        now = self.ports.clock.now()
        day, week = timedelta(seconds=COMPARE_EVERY), timedelta(seconds=COMPARE_BACK)
        made = [each.at for each in tx.journal.recent([COMPARED], since=now - day) if _of(each.data, account)]
        if made:
            return (made[-1] + day - now).total_seconds()
        sent = [each for each in tx.attempts.accepted(now - week, None) if each.account == account]
        if not sent:
            return COMPARE_AGAIN
        first = sent[0].settled_at or sent[0].intent_at
        return (first + day - now).total_seconds()

    def _write_down(self, compared: Compared) -> None:
        name = compared.account.name
        with self.ports.concluding(Step.AFTERMATH) as conclusion:
            tx, now, actor = conclusion.tx, conclusion.now, self.ports.worker
            told = _told(tx, name, now - timedelta(seconds=4 * COMPARE_BACK))
            new = [each for each in compared.findings if each.key not in told]
            for each in new:
                found = {"account": name, "kind": each.kind, "post_id": each.post_id, "other": each.other,
                         "sent": each.sent, "shown": each.shown}  # fmt: skip
                tx.journal.append(
                    DIFFERS, at=now, actor=actor, announcement_id=each.announcement_id, data=found
                )
            made = {
                "account": name,
                "posts": compared.posts,
                "differs": len(compared.findings),
                "new": len(new),
            }
            tx.journal.append(COMPARED, at=now, actor=actor, data=made)
            if new:
                conclusion.notices.append(_notice(compared.account, new))
        self.next_look[name] = self.ports.clock.running() + COMPARE_EVERY


def _told(tx: Transaction, account: str, since: datetime) -> set[tuple[str, str]]:
    """What people were told of before, also when an older database was compared."""
    found = set[tuple[str, str]]()
    for row in tx.journal.recent([DIFFERS, COMPARED_OLDER], since=since):
        if _of(row.data, account) and row.event == DIFFERS:
            found.add((str(row.data.get("kind")), str(row.data.get("post_id"))))
        elif _of(row.data, account):
            found |= {(Difference.NOT_OURS.value, str(post_id)) for post_id in row.data.get("unknown", ())}
    return found


def _of(data: Mapping[str, object], account: str) -> bool:
    return data.get("account") == account


def _notice(account: Account, new: list[Differs]) -> Notice:
    lines = []
    for each in new[:MOST_TOLD]:
        text = (each.shown or each.sent or "")[:80]
        lines.append(f"{link_of(account.handle, each.post_id)} {each.what}: {text}")
    more = f" And {len(new) - MOST_TOLD} more." if len(new) > MOST_TOLD else ""
    command = f"`bot log verify --against-account --account {account.name}` shows each, and what to do."
    many = "1 post" if len(new) == 1 else f"{len(new)} posts"
    return Notice(
        f"{account.name}: {many} on the account not as the log says", "; ".join(lines) + f".{more} {command}"
    )
