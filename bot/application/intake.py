"""Intake: records come into the queue, are changed, copied (design, sections 4 and 8; settled questions 12 to 15)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

from bot.application.families import note_original, refuse_misfit
from bot.application.intake_part import Draft, Part, in_parts
from bot.application.intake_rows import Action, Row, TakesSeries
from bot.application.plan import Planner
from bot.application.ports.announcements import NewAnnouncement
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.record_files import FoundRecord
from bot.application.ports.store import Store, Transaction
from bot.application.preview import Previewer
from bot.application.record_times import takes_a_slot, times_after, times_of, until_of_copy, write_limits
from bot.domain.announcement import Announcement, Record, name_of, record_data
from bot.domain.card import Card
from bot.domain.errors import InputError, RecordErrors, RecordProblem, Refusal, TooLate
from bot.domain.exported import as_known
from bot.domain.family import key_of
from bot.domain.repeats import repeats
from bot.domain.states import OPEN_ATTEMPTS, AttemptState, State

Step = Callable[[], None]

EDITABLE = frozenset(
    {State.DRAFT, State.SUBMITTED, State.SCHEDULED, State.HELD, State.MISSED, State.PUBLISHING}
)
OUT = frozenset({State.PUBLISHED, State.PARTLY_PUBLISHED, State.WITHDRAWN})


class _DryRun(Exception):
    """Takes a whole transaction back on purpose."""


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

    def take_in(
        self, found: Sequence[FoundRecord], *, actor: str, dry_run: bool = False, step: Step = lambda: None
    ) -> list[Row]:
        """Queue the records of a file: all of them or none; what is there already and unchanged stays as it is.

        `step` is called after each record, for those who watch. Raises RecordErrors with every row that cannot be taken.
        """
        rows: list[Row] = []
        try:
            with self.store.writing() as tx:
                rows = self._take_all(tx, found, actor, step)
                if dry_run:
                    raise _DryRun
        except _DryRun:
            rows = [replace(row, id=None, made=()) if row.action is Action.ADDED else row for row in rows]
        return rows

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
            self._change(tx, announcement, replace(announcement.record, **changes), actor=actor)
            return tx.announcements.get(announcement.id)

    def add_within(
        self, tx: Transaction, record: Record, key: str, *, actor: str, where: str
    ) -> Announcement:
        """Queue a record inside a transaction that does more. Raises as `add`."""
        return self._add(tx, record, key, actor=actor, where=where)

    def series_within(self, tx: Transaction, found: FoundRecord, *, actor: str) -> Row:
        """Take a record that comes again inside a transaction that does more. Raises InputError or Refusal."""
        return self.series.take(tx, found, actor=actor)

    def change_within(
        self, tx: Transaction, announcement: Announcement, record: Record, *, actor: str
    ) -> Announcement:
        """Put another record in an announcement's place inside a transaction that does more. Raises as `edit`."""
        self._change(tx, announcement, record, actor=actor)
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

    def _take_all(self, tx: Transaction, found: Sequence[FoundRecord], actor: str, step: Step) -> list[Row]:
        rows: list[Row] = []
        problems: list[RecordProblem] = []
        twice = repeats(found, _name_of)
        places = count()
        for some in in_parts(found):
            part = Part(tx, [_name_of(each) for each in some])
            for place, each in zip(places, some):  # noqa: B905 - the places never end
                try:
                    if place in twice:
                        raise InputError(_stands_twice(each.record, found[twice[place]].where))
                    rows += self._take(part, each, actor)
                except (InputError, Refusal) as error:
                    problems.append(RecordProblem(each.where, None, str(error)))
                step()
            rows += _added(part)
        if problems:
            raise RecordErrors(problems)
        self._note_originals(tx, found, rows)
        return rows

    def _note_originals(self, tx: Transaction, found: Sequence[FoundRecord], rows: Sequence[Row]) -> None:
        """A translation that came with its file stands for the original of that file, wherever in it the original is."""
        for each, row in zip(found, rows, strict=True):
            if each.record.translation_of and row.action is not Action.UNCHANGED and row.id is not None:
                note_original(tx, tx.announcements.get(row.id))

    def _take(self, part: Part, found: FoundRecord, actor: str) -> list[Row]:
        """Take one record; of those that wait to be written together, the rows come with the next that cannot wait."""
        _, key = _name_of(found)
        if found.record.repeat:
            return [*_added(part), self.series.take(part.tx, found, actor=actor)]
        known = part.known(found.record, key)
        if known and known.record != found.record:
            found = replace(found, record=self._as_known(known, found.record))
        if known and known.record == found.record:
            return [*_added(part), Row(found.where, known.name, Action.UNCHANGED, known.id, known.due)]
        if part.stands_alone(found.record, key) and not takes_a_slot(found.record):
            part.put(self._draft(part.tx, found, key, actor))
            return []
        rows = _added(part)
        rows.append(self._take_one(part.tx, found, key, actor))
        part.will_have(found.record)
        return rows

    def _take_one(self, tx: Transaction, found: FoundRecord, key: str, actor: str) -> Row:
        known = tx.announcements.by_key(found.record.campaign, key)
        if known is None:
            added = self._add(tx, found.record, key, actor=actor, where=found.where)
            return Row(found.where, added.name, Action.ADDED, added.id, added.due)
        changed = self.change_within(tx, known, found.record, actor=actor)
        return Row(found.where, known.name, Action.CHANGED, known.id, changed.due)

    def says_the_same(self, known: Announcement, record: Record) -> bool:
        """Tell whether a record is the known one, but for its key and for times that are written otherwise."""
        return known.record == record or known.record == self._as_known(known, record)

    def _as_known(self, known: Announcement, record: Record) -> Record:
        return as_known(known, record, self.configuration().campaign(record.campaign).timezone)

    def _add(
        self, tx: Transaction, record: Record, key: str, *, actor: str, where: str | None
    ) -> Announcement:
        refuse_misfit(tx, record, self.configuration().campaign(record.campaign), key)
        draft = self._draft(tx, FoundRecord(record, where or ""), key, actor)
        added = tx.announcements.add(draft.new)
        note_original(tx, added)
        data = {**draft.data, "where": where}
        tx.journal.append("intake", at=draft.new.at, actor=actor, announcement_id=added.id, data=data)
        return added

    def _draft(self, tx: Transaction, found: FoundRecord, key: str, actor: str) -> Draft:
        record = found.record
        campaign = self.configuration().campaign(record.campaign)
        account = self.configuration().account_of(campaign, record)
        now = self.clock.now()
        times = times_of(self.planner, tx, record, campaign)
        new = NewAnnouncement(
            record, record.campaign, key, account.name, times.due, actor, now, times.until, times.expires
        )
        data = {
            "key": key,
            "record": record_data(record),
            "where": found.where,
            **times.data,
        }
        return Draft(new, found.where, data)

    def _change(self, tx: Transaction, announcement: Announcement, record: Record, *, actor: str) -> None:
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
        }
        tx.journal.append("edit", at=now, actor=actor, announcement_id=announcement.id, data=data)

    def _free_key(self, tx: Transaction, record: Record) -> str:
        """A record without a key gets one of its content; the same content twice by hand is meant, and gets a number more."""
        key = f"auto:{content_hash(record)[:12]}"
        return _numbered(tx, key) if tx.announcements.by_key(record.campaign, key) else key


def _name_of(found: FoundRecord) -> tuple[str, str]:
    """Give the campaign and the key under which a record of a file is known: its own key, or one of what it says."""
    record = found.record
    return record.campaign, key_of(record) or found.known_as or f"auto:{content_hash(record)[:12]}"


def _stands_twice(record: Record, first: str) -> str:
    what = f"key '{key_of(record)}'" if key_of(record) else "the same record"
    return f"{what} stands at {first} already"


def _added(part: Part) -> list[Row]:
    return [
        Row(draft.where, name_of(draft.new.key, number), Action.ADDED, number, draft.new.due)
        for draft, number in part.written()
    ]


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
