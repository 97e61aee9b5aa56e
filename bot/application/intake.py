"""Intake: records come into the queue, are changed, copied (design, sections 4 and 8; settled questions 12 to 15)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.application.families import note_original, refuse_misfit
from bot.application.intake_part import Draft
from bot.application.intake_rows import Row, TakesSeries
from bot.application.last_import import imported_data
from bot.application.plan import Planner
from bot.application.ports.announcements import NewAnnouncement
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.record_files import FoundRecord
from bot.application.ports.store import Store, Transaction
from bot.application.preview import Previewer
from bot.application.record_times import RecordTimes, times_after, times_of, until_of_copy, write_limits
from bot.domain.announcement import Announcement, Record, record_data
from bot.domain.card import Card
from bot.domain.errors import Refusal, TooLate
from bot.domain.exported import as_known
from bot.domain.family import key_of
from bot.domain.states import OPEN_ATTEMPTS, AttemptState, State

EDITABLE = frozenset(
    {State.DRAFT, State.SUBMITTED, State.SCHEDULED, State.HELD, State.MISSED, State.PUBLISHING}
)
OUT = frozenset({State.PUBLISHED, State.PARTLY_PUBLISHED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Plan:
    """Where and when a record is to go out."""

    account: str
    times: RecordTimes


@dataclass(frozen=True, slots=True)
class _Word:
    """Whose word changes a record, from where in a file, and whether it says anew when it is due."""

    actor: str
    where: str = ""
    of_due: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """Brings records into the queue as drafts; approval is another deed."""

    store: Store
    clock: Clock
    configuration: Callable[[], Configuration]
    planner: Planner
    series: TakesSeries

    def add(self, record: Record, *, actor: str) -> Announcement:
        """Queue one record. Raises InputError, or Refusal if its key is taken."""
        key = key_of(record)
        with self.store.writing() as tx:
            if key and tx.announcements.by_key(record.campaign, key):
                raise Refusal(f"key: '{key}' is in the queue already; change it with `bot queue edit {key}`")
            return self._add(tx, record, key or self._free_key(tx, record), actor=actor, where=None)

    def preview(self, record: Record, previewer: Previewer, beside: Sequence[Record] = ()) -> Card:
        """Make the card of a record as it would be queued; `beside` are those of its family that come with it.

        Raises InputError as the intake would.
        """
        campaign = self.configuration().campaign(record.campaign)
        with self.store.reading() as tx:
            times = times_of(self.planner, tx, record, campaign)
        return previewer.card_of_record(record, times.due, times.embargo, beside, expires=times.expires)

    def edit(self, name: str, changes: dict[str, Any], *, actor: str) -> Announcement:
        """Change fields of a record; its approval goes.

        Raises InputError, TooLate while it is being sent, Refusal once it is out or where an embargo would end earlier.
        """
        with self.store.writing() as tx:
            announcement = tx.announcements.find(name)
            record = replace(announcement.record, **changes)
            self._change(tx, announcement, record, _Word(actor, of_due="due" in changes))
            return tx.announcements.get(announcement.id)

    def plan(self, tx: Transaction, record: Record) -> Plan:
        """Say where and when a record would go out. Raises InputError."""
        campaign = self.configuration().campaign(record.campaign)
        account = self.configuration().account_of(campaign, record)
        return Plan(account.name, times_of(self.planner, tx, record, campaign))

    def draft(self, found: FoundRecord, key: str, plan: Plan, actor: str) -> Draft:
        """Give what is to be queued, and what the log says of it."""
        record, times, now = found.record, plan.times, self.clock.now()
        new = NewAnnouncement(
            record, record.campaign, key, plan.account, times.due, actor, now, times.until, times.expires
        )
        data = {"key": key, "record": record_data(record), "where": found.where, **times.data}
        return Draft(new, found.where, data)

    def add_within(
        self, tx: Transaction, record: Record, key: str, *, actor: str, where: str
    ) -> Announcement:
        """Queue a record inside a transaction that does more. Raises as `add`."""
        return self._add(tx, record, key, actor=actor, where=where)

    def series_within(self, tx: Transaction, found: FoundRecord, *, actor: str) -> Row:
        """Take a record that comes again inside a transaction that does more. Raises InputError or Refusal."""
        return self.series.take(tx, found, actor=actor)

    def change_within(
        self, tx: Transaction, announcement: Announcement, record: Record, *, actor: str, where: str = ""
    ) -> Announcement:
        """Put another record in an announcement's place inside a transaction that does more. Raises as `edit`.

        `where` it stands in a file: then the log keeps the record as the file had it.
        """
        self._change(tx, announcement, record, _Word(actor, where))
        return tx.announcements.get(announcement.id)

    def copy(self, name: str, changes: dict[str, Any], *, actor: str) -> Announcement:
        """Queue a draft with the same fields, without the key, the family, the time and its expiry. Raises InputError.

        Raises Refusal where the copy's embargo would end before the one that holds for the original.
        """
        with self.store.reading() as tx:
            original = tx.announcements.find(name)
        afresh = dict.fromkeys(("key", "translation_of", "due", "expires"))
        record = replace(original.record, **{**afresh, **changes})
        until_of_copy(self.planner, original, record, self.configuration().campaign(record.campaign))
        with self.store.writing() as tx:
            key = key_of(record) or _numbered(tx, f"auto:{content_hash(record)[:12]}")
            return self._add(tx, record, key, actor=actor, where=None)

    def says_the_same(self, known: Announcement, record: Record) -> bool:
        """Tell whether a record is the known one, but for its key and for times that are written otherwise."""
        return known.record == record or known.record == self.as_known(known, record)

    def as_known(self, known: Announcement, record: Record) -> Record:
        """Give a record as the known one is written, where it says the same otherwise."""
        return as_known(known, record, self.configuration().campaign(record.campaign).timezone)

    def _add(
        self, tx: Transaction, record: Record, key: str, *, actor: str, where: str | None
    ) -> Announcement:
        refuse_misfit(tx, record, self.configuration().campaign(record.campaign), key)
        draft = self.draft(FoundRecord(record, where or ""), key, self.plan(tx, record), actor)
        added = tx.announcements.add(draft.new)
        note_original(tx, added)
        data = {**draft.data, "where": where}
        tx.journal.append("intake", at=draft.new.at, actor=actor, announcement_id=added.id, data=data)
        return added

    def _change(self, tx: Transaction, announcement: Announcement, record: Record, word: _Word) -> None:
        refuse_if_out_or_being_sent(tx, announcement)
        if record.campaign != announcement.record.campaign:
            raise Refusal("campaign: an announcement stays in its campaign; copy it instead")
        if announcement.state not in EDITABLE:
            raise Refusal(
                f"{announcement.name} is {announcement.state} and cannot be changed; copy it instead"
            )
        _refuse_what_a_correction_has_not(announcement, record)
        campaign = self.configuration().campaign(record.campaign)
        account = self.configuration().account_of(campaign, record)
        refuse_misfit(tx, record, campaign, announcement.key, own_id=announcement.id)
        now = self.clock.now()
        times = times_after(self.planner, tx, announcement, record, campaign)
        if word.of_due:  # just now, and not in the words that were read long ago
            times = replace(times, due=self.planner.due(tx, record, campaign, times.embargo))
        tx.announcements.edit(announcement.id, record, times.due, account=account.name, at=now)
        note_original(tx, tx.announcements.get(announcement.id))
        write_limits(tx, announcement, times, at=now)
        void_approval(tx, announcement, State.DRAFT, at=now)
        before, after = record_data(announcement.record), record_data(record)
        changed = {field: after[field] for field in after if after[field] != before[field]}
        data = {
            "changed": changed,
            "approval_void": bool(announcement.approvals),
            **times.changed_data(announcement),
            **imported_data(record, word.where),
        }
        tx.journal.append("edit", at=now, actor=word.actor, announcement_id=announcement.id, data=data)

    def _free_key(self, tx: Transaction, record: Record) -> str:
        """A record without a key gets one of its content; the same content twice by hand is meant, and gets a number more."""
        key = f"auto:{content_hash(record)[:12]}"
        return _numbered(tx, key) if tx.announcements.by_key(record.campaign, key) else key


def _refuse_what_a_correction_has_not(announcement: Announcement, record: Record) -> None:
    """A correction is a post's whole new text: everything else about the post stays."""
    if announcement.corrects is None:
        return
    of_text = {"body", "title", "notes"}
    before, after = record_data(announcement.record), record_data(record)
    others = sorted(name for name in after if after[name] != before[name] and name not in of_text)
    if others:
        raise Refusal(
            f"{others[0]}: {announcement.name} is a correction, of which only the body can be changed"
        )


def refuse_if_out_or_being_sent(tx: Transaction, announcement: Announcement) -> None:
    """Raise TooLate while an attempt is unsettled, Refusal when something of it is out (design, section 5, step 3)."""
    states = {attempt.state for attempt in tx.attempts.of_announcement(announcement.id)}
    if AttemptState.SENDING in states:
        raise TooLate(f"{announcement.name}: too late, being sent")
    if states & OPEN_ATTEMPTS:
        raise TooLate(
            f"{announcement.name}: too late, it may be out; see `bot queue show {announcement.name}`"
        )
    if announcement.state in OUT or AttemptState.ACCEPTED in states:
        raise Refusal(
            f"{announcement.name} is {announcement.state}: what is out cannot be changed; `bot withdraw` deletes it"
        )


def void_approval(tx: Transaction, announcement: Announcement, after: State, *, at: datetime) -> None:
    """Take the approval and the frozen posts away and move the announcement back."""
    tx.announcements.void_approvals(announcement.id)
    tx.posts.discard(announcement.id)
    facts = {"digest": None, "wake_at": None, "at": at}
    if announcement.state is State.PUBLISHING:
        tx.announcements.move(announcement.id, [State.PUBLISHING], State.SCHEDULED, facts)
    before = [State.SUBMITTED, State.SCHEDULED, State.HELD, State.MISSED, State.DRAFT]
    tx.announcements.move(announcement.id, [state for state in before if state is not after], after, facts)


def content_hash(record: Record) -> str:
    """Hash everything that a record says."""
    return hashlib.sha256(
        json.dumps(record_data(record), sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


def _numbered(tx: Transaction, key: str) -> str:
    head = tx.journal.head()
    return f"{key}-{head.seq + 1 if head else 1}"
