"""May this account send at all? Whose keys are they, does the clock hold, is the database the newest? (design, section 5)"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from math import inf

from bot.application.older_database import OlderDatabase
from bot.application.ports.account_states import EVERY_ACCOUNT, PauseKind
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.application.ports.checkpoint import Step
from bot.application.publishing import Publishing
from bot.domain.account import Account
from bot.domain.errors import SettingsMissing
from bot.domain.notice import Notice
from bot.domain.outcomes import RefusedKind
from bot.domain.profile import CLOCK_AGREES, CLOCK_OFF
from bot.domain.timeline import Identity

log = logging.getLogger(__name__)

PROBED = (PauseKind.UNAUTHORISED, PauseKind.CLOCK)
"""Stops that a question to X may lift."""

STUCK = 3
"""After so many failed questions in a row nobody waits for an account any more who wants the queue drained."""


@dataclass(slots=True)
class Readiness:
    """Remembers, for this process, whom each account's keys belong to; asks X again only when something stopped the account."""

    ports: Publishing
    older_database: OlderDatabase
    identities: dict[str, Identity] = field(default_factory=dict)
    next_probe: dict[str, float] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    stuck: dict[str, str] = field(default_factory=dict)
    failing_since: dict[str, float] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    asked: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Account → the id and the keys of its table when X was asked."""

    def user_id(self, account: Account) -> str | None:
        """Give the id that the account's keys belong to when it may send, else None. Raises StoreUnavailable."""
        self._forget_another(account)
        pauses = self._pauses(account)
        if account.name not in self.identities or pauses & set(PROBED):
            self._probe(account, pauses)
        identity = self.identities.get(account.name)
        if identity is None or self._pauses(account) - {PauseKind.OLDER_DATABASE}:
            return None
        return identity.user_id

    def _forget_another(self, account: Account) -> None:
        """Whose table of accounts.toml was given another id or other keys while this process runs is asked anew."""
        now = (account.user_id, account.secrets)
        if self.asked.setdefault(account.name, now) != now:
            self.asked[account.name] = now
            self.identities.pop(account.name, None)
            self.next_probe.pop(account.name, None)

    def seconds_left(self, account: Account) -> float:
        """Tell when to ask again about an account that is not ready."""
        left = self.next_probe.get(account.name, 0.0) - self.ports.clock.running()
        return left if left > 0 else self.ports.profile.probe

    def _pauses(self, account: Account) -> set[PauseKind]:
        with self.ports.store.reading() as tx:
            return {pause.kind for pause in tx.accounts.pauses(account.name)}

    def _probe(self, account: Account, pauses: set[PauseKind]) -> None:
        now = self.ports.clock.running()
        if self.next_probe.get(account.name, now) > now:
            return
        self.next_probe[account.name] = now + self.ports.profile.probe
        identity = self._identify(account)
        if identity is None:
            return
        if identity.user_id != account.user_id:
            why = (
                f"the keys belong to @{identity.handle} (id {identity.user_id}), accounts.toml expects "
                f"id {account.user_id}: put the right keys in .env or the right user_id in accounts.toml"
            )
            self.ports.stop(account.name, PauseKind.IDENTITY, why)
            return
        if PauseKind.UNAUTHORISED in pauses:
            self.ports.lift(account.name, PauseKind.UNAUTHORISED, "X accepts the keys again")
        if PauseKind.CLOCK in pauses and self._clock_off(identity) <= CLOCK_AGREES:
            self.ports.lift(EVERY_ACCOUNT, PauseKind.CLOCK, "the clock agrees with X's")
        if account.name not in self.identities and CLOCK_OFF < self._clock_off(identity) < inf:
            off = self._clock_off(identity)
            self.ports.stop(EVERY_ACCOUNT, PauseKind.CLOCK, f"the clock is {off:.0f} s off X's: set it right")
        self._learn_newest(account, identity)

    def _identify(self, account: Account) -> Identity | None:
        self.ports.checkpoint.before(Step.IDENTITY)
        try:
            identity = self.ports.channel(account).identity()
        except ChannelRefused as error:
            if error.kind is RefusedKind.UNAUTHORISED:
                self.ports.stop(account.name, PauseKind.UNAUTHORISED, f"X does not accept the keys: {error}")
            else:
                self._note_failure(account, error)
            return None
        except (ChannelUnreachable, SettingsMissing) as error:
            self._note_failure(account, error)
            return None
        self.ports.checkpoint.after(Step.IDENTITY)
        return identity

    def _note_failure(self, account: Account, error: Exception) -> None:
        detail = {"account": account.name, "detail": str(error)}
        log.warning("the account cannot be asked who it is, or what it posted last", extra=detail)
        self.failures[account.name] = self.failures.get(account.name, 0) + 1
        self._tell_if_it_lasts(account, error)
        if self.failures[account.name] >= STUCK or isinstance(error, SettingsMissing):
            self.stuck[account.name] = str(error)

    def _tell_if_it_lasts(self, account: Account, error: Exception) -> None:
        """Missing keys stay missing; X out of reach for a quarter of an hour is more than a moment's trouble."""
        now = self.ports.clock.running()
        since = self.failing_since.setdefault(account.name, now)
        lasts = now - since >= self.ports.profile.unreadable or isinstance(error, SettingsMissing)
        if lasts and account.name not in self.told:
            self.told.add(account.name)
            what = "Nothing of it goes out until then; what becomes late is held for review. `bot doctor` says more."
            self.ports.tell([Notice(f"{account.name} cannot publish: {error}", what)])

    def _clock_off(self, identity: Identity) -> float:
        """Tell how many seconds our clock and X's are apart; without end if X gave no time."""
        if identity.server_date is None:
            return inf
        return abs((identity.server_date - self.ports.clock.now()).total_seconds())

    def _learn_newest(self, account: Account, identity: Identity) -> None:
        """Know an own post before the first intent, so that a reading can be told to be whole."""
        with self.ports.store.reading() as tx:
            behind = self.older_database.is_behind(tx, account)
            known = tx.accounts.state(account.name).newest_post_id
        if behind:
            self._is_ready(account, identity)
            return
        if known is None:
            try:
                known = self.ports.channel(account).newest_own_post(identity.user_id)
            except (ChannelRefused, ChannelUnreachable) as error:
                self._note_failure(account, error)
                return
            if known is not None:
                with self.ports.store.writing(Step.AFTERMATH) as tx:
                    tx.accounts.note_newest(account.name, known)
        self._is_ready(account, identity)

    def _is_ready(self, account: Account, identity: Identity) -> None:
        self.identities[account.name] = identity
        self.failures.pop(account.name, None)
        self.failing_since.pop(account.name, None)
        self.told.discard(account.name)
        self.stuck.pop(account.name, None)
