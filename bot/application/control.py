"""What people do to the queue while it runs: another time, cancel, the stop switch (design, sections 5 and 8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.application.intake import refuse_if_out_or_being_sent, void_approval
from bot.application.plan import Planner, slots_later
from bot.application.ports.account_states import EVERY_ACCOUNT, Pause, PauseKind
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.store import Store, Transaction
from bot.application.preview import Previewer
from bot.application.time_check import Timed, refuse_if_campaign_bars
from bot.domain.announcement import Announcement, Due
from bot.domain.campaign import Approval, Campaign
from bot.domain.embargo import bars, why_not
from bot.domain.errors import InputError, Refusal, TooLate
from bot.domain.expiry import has_expired, why_too_late
from bot.domain.states import OPEN_ATTEMPTS, AttemptState, State
from bot.domain.walltime import resolve, show

MOVABLE = frozenset(
    {State.DRAFT, State.SUBMITTED, State.SCHEDULED, State.PUBLISHING, State.HELD, State.MISSED}
)
CANCELLABLE = MOVABLE
READS_ANEW = frozenset({State.SCHEDULED, State.HELD, State.MISSED})
NOW = "now"


@dataclass(frozen=True, slots=True)
class Control:
    """Every one of these raises InputError for an unknown name and TooLate while the announcement is being sent."""

    store: Store
    clock: Clock
    configuration: Callable[[], Configuration]
    planner: Planner
    previewer: Previewer

    def reschedule(self, name: str, due: str, *, actor: str, timezone: str | None = None) -> Announcement:
        """Give it another time (`2026-03-30 10:00`, `friday 9am`, `next`, `now`); what was held or missed goes on.

        The approval stays unless the author sets the time, or the text is another one then (settled question 12).
        Raises InputError or Refusal: no time lies before the embargo, nor after it expires.
        """
        with self.store.reading() as tx:
            found = tx.announcements.find(name)
            refuse_while_unsettled(tx, found)
            campaign = self.configuration().campaign(found.record.campaign)
            expected = self._due(tx, found, campaign, due, timezone)
        # Before the writer's lock is taken: it takes as long as the media are large.
        reads_otherwise = self._reads_otherwise(found, expected)
        with self.store.writing() as tx:
            announcement = tx.announcements.find(name)
            refuse_while_unsettled(tx, announcement)
            campaign = self.configuration().campaign(announcement.record.campaign)
            new_due = self._due(tx, announcement, campaign, due, timezone)
            if announcement.embargo and bars(announcement.embargo, new_due.at):
                raise Refusal(why_not(announcement.name, new_due, announcement.embargo))
            if announcement.expires and has_expired(announcement.expires, new_due.at):
                raise Refusal(why_too_late(announcement.name, new_due, announcement.expires))
            refuse_if_campaign_bars(tx, _timed(announcement, campaign, new_due))
            tx.announcements.set_due(announcement.id, new_due, at=self.clock.now())
            approvers = {approved.by for approved in announcement.approvals}
            by_slot = slots_later(due) is not None
            author_alone = actor == announcement.author and actor not in approvers and not by_slot
            if not _same_minute(new_due, expected):
                reads_otherwise = self._reads_otherwise(announcement, new_due)
            needs_a_yes = reads_otherwise or (author_alone and campaign.approval is not Approval.NONE)
            voided = self._go_on(tx, announcement, new_due, void=needs_a_yes)
            data = {"due_at": new_due.at.isoformat(), "shown": show(new_due), "approval_void": voided}
            at = self.clock.now()
            tx.journal.append("reschedule", at=at, actor=actor, announcement_id=announcement.id, data=data)
            return tx.announcements.get(announcement.id)

    def cancel(self, name: str, reason: str, *, actor: str) -> Announcement:
        """Take it out of the queue for good. Raises Refusal when a part of it is out."""
        with self.store.writing() as tx:
            announcement = tx.announcements.find(name)
            self.cancel_within(tx, announcement, reason, actor=actor)
            return tx.announcements.get(announcement.id)

    def cancel_within(self, tx: Transaction, announcement: Announcement, reason: str, *, actor: str) -> None:
        """Cancel inside a transaction that does more. Raises as `cancel`."""
        refuse_if_out_or_being_sent(tx, announcement)
        now = self.clock.now()
        if announcement.state is State.PUBLISHING:
            tx.announcements.move(announcement.id, [State.PUBLISHING], State.SCHEDULED, {"at": now})
        before = CANCELLABLE - {State.PUBLISHING}
        if not tx.announcements.move(announcement.id, before, State.CANCELLED, {"wake_at": None, "at": now}):
            raise Refusal(f"{announcement.name} is {announcement.state} and cannot be cancelled")
        tx.posts.finish(announcement.id)
        tx.journal.append(
            "cancel", at=now, actor=actor, announcement_id=announcement.id, data={"reason": reason}
        )

    def pause(self, account: str | None, why: str, *, actor: str) -> bool:
        """Stop an account, or every account; it holds before the next intent. False if it was stopped already."""
        scope = self._scope(account)
        now = self.clock.now()
        with self.store.writing() as tx:
            new = tx.accounts.pause(Pause(scope, PauseKind.PEOPLE, why, actor, now))
            if new:
                tx.journal.append(
                    "pause", at=now, actor=actor, data={"account": scope, "kind": "people", "why": why}
                )
        return new

    def resume(self, account: str | None, *, actor: str) -> Sequence[Pause]:
        """Lift the pauses of an account (or those of every account, and all others too if no account is named)."""
        scope = self._scope(account)
        now = self.clock.now()
        with self.store.writing() as tx:
            scopes = (
                [scope]
                if account
                else [EVERY_ACCOUNT, *sorted({p.scope for p in tx.accounts.pauses()} - {scope})]
            )
            kinds = [kind for kind in PauseKind if kind is not PauseKind.OLDER_DATABASE]
            lifted = [pause for each in scopes for pause in tx.accounts.lift(each, kinds)]
            for pause in lifted:
                data = {"account": pause.scope, "kind": pause.kind, "why": "people"}
                tx.journal.append("resume", at=now, actor=actor, data=data)
        return lifted

    def _due(
        self, tx: Transaction, announcement: Announcement, campaign: Campaign, due: str, timezone: str | None
    ) -> Due:
        now = self.clock.now()
        record, later = announcement.record, slots_later(due)
        if later is not None:
            return self.planner.slot(tx, campaign, announcement.account, announcement.embargo, later=later)
        if due.strip().lower() == NOW:
            zone = timezone or record.timezone or campaign.timezone
            return resolve(now.isoformat(), zone, zone_given=False)
        new = self.planner.read("due", due, record, campaign, zone=timezone)
        if new.at <= now:
            raise InputError(f"due: {show(new)} is past; give a later time, `next` or `now`")
        return new

    def _reads_otherwise(self, announcement: Announcement, due: Due) -> bool:
        """Tell whether what is approved and not out would read otherwise at another time: templates may count days."""
        if announcement.state not in READS_ANEW or announcement.corrects:
            return False
        draft = replace(announcement, state=State.DRAFT)  # a draft's card is made of the record
        then, now = (self.previewer.card(each) for each in (draft, replace(draft, due=due)))
        return [post.text for post in then.posts] != [post.text for post in now.posts]

    def _go_on(self, tx: Transaction, announcement: Announcement, due: Due, *, void: bool) -> bool:
        """Let it go out at its new time; True if the approval was taken away by that."""
        now = self.clock.now()
        facts = {"wake_at": due.at, "released_at": due.at, "at": now}
        if announcement.state is State.PARTLY_PUBLISHED:
            tx.announcements.move(announcement.id, [State.PARTLY_PUBLISHED], State.PUBLISHING, facts)
            return False
        if announcement.state not in MOVABLE:
            raise Refusal(f"{announcement.name} is {announcement.state}: it has no time to change")
        if announcement.state in (State.DRAFT, State.SUBMITTED):
            return False
        if void:
            void_approval(tx, announcement, State.SUBMITTED, at=now)
            return True
        tx.announcements.move(
            announcement.id, MOVABLE - {State.DRAFT, State.SUBMITTED}, State.SCHEDULED, facts
        )
        return False

    def _scope(self, account: str | None) -> str:
        if account is None:
            return EVERY_ACCOUNT
        if account not in self.configuration().accounts:
            known = ", ".join(sorted(self.configuration().accounts))
            raise InputError(f"account '{account}' is not in accounts.toml (there: {known})")
        return account


def _timed(announcement: Announcement, campaign: Campaign, due: Due) -> Timed:
    begun = announcement.corrects is not None or announcement.state is State.PARTLY_PUBLISHED
    return Timed(announcement.name, campaign, announcement.account, due, number=announcement.id, begun=begun)


def _same_minute(one: Due, other: Due) -> bool:
    return one.at.replace(second=0, microsecond=0) == other.at.replace(second=0, microsecond=0)


def refuse_while_unsettled(tx: Transaction, announcement: Announcement) -> None:
    """Raise TooLate while an attempt of it may be carried out (design, section 5, step 3)."""
    states = {attempt.state for attempt in tx.attempts.of_announcement(announcement.id)}
    if AttemptState.SENDING in states:
        raise TooLate(f"{announcement.name}: too late, being sent")
    if states & OPEN_ATTEMPTS:
        raise TooLate(
            f"{announcement.name}: it may be out; settle it first, see `bot queue show {announcement.name}`"
        )
