"""When an announcement is to go out: the time that its author wrote, or a free slot (design, section 4; decision 0028)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.ports.clock import Clock
from bot.application.ports.date_words import DateWords
from bot.application.ports.store import Transaction
from bot.domain.announcement import Announcement, Due, Embargo, Record
from bot.domain.campaign import Campaign
from bot.domain.campaign_bounds import day_of
from bot.domain.embargo import floor_of
from bot.domain.errors import InputError
from bot.domain.slots import next_free_slot
from bot.domain.walltime import OR_NEXT, is_written_out, resolve
from bot.domain.written_times import folded, refuse, resolve_words

HORIZON = timedelta(days=400)
LONGEST = 64
"""Characters that a written time may have."""

_NEXT = re.compile(r"next(?: ?\+ ?(?P<later>[0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class Planner:
    """Turns what people write of times into times, by the clock's now. Every method raises InputError, in one line."""

    words: DateWords
    clock: Clock

    def due(self, tx: Transaction, record: Record, campaign: Campaign, embargo: Embargo | None) -> Due | None:
        """Compute when a record is due; None for a draft without a time. `next` is a slot after the embargo."""
        if record.due is None:
            return None
        later = slots_later(record.due)
        if later is None:
            return self.read("due", record.due, record, campaign)
        account = record.account or campaign.account
        return self.slot(tx, campaign, account, embargo, later=later)

    def slot(
        self, tx: Transaction, campaign: Campaign, account: str, embargo: Embargo | None, *, later: int = 0
    ) -> Due:
        """Give the campaign's next slot after the embargo that the account has free, or one so many free slots later."""
        now = self.clock.now()
        after = max(now, floor_of(embargo) or now)
        taken = [*tx.announcements.taken(account, now, last_slot(campaign, after))]
        planned = [*planned_of(tx, campaign, account, after)]
        try:
            for _ in range(later):
                passed = next_free_slot(campaign, after=after, taken=taken, planned=planned).at
                taken.append(passed)
                planned.append(passed)
            return next_free_slot(campaign, after=after, taken=taken, planned=planned)
        except InputError as error:
            raise InputError(f"due: {error}") from None

    def due_again(
        self,
        tx: Transaction,
        announcement: Announcement,
        record: Record,
        campaign: Campaign,
        embargo: Embargo | None,
    ) -> Due | None:
        """Compute when a changed record is due; words that stand as they did mean the day that they meant at first."""
        kept, before = announcement.due, announcement.record
        if kept is None or record.due != before.due or slots_later(record.due or "") is not None:
            return self.due(tx, record, campaign, embargo)
        return self._in_its_zone("due", kept, before, record, campaign)

    def limit(self, field: str, record: Record, campaign: Campaign) -> Due | None:
        """Compute the record's `embargo`, or when it `expires`; None if it has none."""
        written = getattr(record, field)
        return None if written is None else self.read(field, written, record, campaign)

    def limit_again(
        self, field: str, announcement: Announcement, record: Record, campaign: Campaign
    ) -> Due | None:
        """Compute a limit of a changed record, as `due_again` does."""
        kept = announcement.expires if field == "expires" else None
        if field == "embargo" and announcement.embargo:
            kept = announcement.embargo.until
        if kept is None or getattr(record, field) != getattr(announcement.record, field):
            return self.limit(field, record, campaign)
        return self._in_its_zone(field, kept, announcement.record, record, campaign)

    def read(
        self, field: str, written: str, record: Record, campaign: Campaign, *, zone: str | None = None
    ) -> Due:
        """Read a time by the clock of `zone`, else the record's, else the campaign's; words are English or the record's."""
        given = zone or record.timezone
        rules = given or campaign.timezone
        try:
            if len(written) > LONGEST or is_written_out(written):
                return resolve(written, rules, zone_given=given is not None)
            return self._words(written, rules, record.language or campaign.language)
        except InputError as error:
            told = str(error) if field == "due" else str(error).removesuffix(OR_NEXT)
            raise InputError(f"{field}: {told}") from None

    def _words(self, written: str, zone: str, language: str) -> Due:
        now = self.clock.now()
        found = resolve_words(written, zone, now=now)
        if found is None:
            english = self.words.in_english(folded(written), language)
            found = resolve_words(english, zone, now=now) if english else None
        return found or refuse(written)

    def _in_its_zone(self, field: str, kept: Due, before: Record, record: Record, campaign: Campaign) -> Due:
        """The same words in another zone: the same wall time there, or the same instant where they gave one.

        What a person has set since stays, whatever the record says.
        """
        written = getattr(record, field)
        if is_written_out(written) and self._meant(field, kept, before, campaign):
            return self.read(field, written, record, campaign)
        zone = record.timezone or campaign.timezone
        if kept.fixed:
            return resolve(kept.at, zone, zone_given=False)
        try:
            return resolve(kept.wall, zone)
        except InputError as error:
            raise InputError(f"{field}: {error}") from None

    def _meant(self, field: str, kept: Due, before: Record, campaign: Campaign) -> bool:
        """Tell whether what holds is still what the record says; where nobody can tell any more, it is."""
        try:
            return self.read(field, getattr(before, field), before, campaign).at == kept.at
        except InputError:
            return True


def slots_later(written: str) -> int | None:
    """Tell how many free slots after the next one are meant: 0 by `next`, 2 by `next+2`; None if no slot is."""
    found = _NEXT.fullmatch(folded(written))
    return int(found["later"] or 0) if found else None


def last_slot(campaign: Campaign, after: datetime) -> datetime:
    """Give the instant up to which slots are looked for: a year from now, or from the campaign's start."""
    return max(after, campaign.start.at if campaign.start else after) + HORIZON


def planned_of(tx: Transaction, campaign: Campaign, account: str, after: datetime) -> Sequence[datetime]:
    """Give what of the campaign is due on the account from the day of an instant on; none is asked for without a maximum."""
    if campaign.max_a_day is None:
        return ()
    since, until = day_of(campaign, after)[0], last_slot(campaign, after)
    return tx.announcements.taken(account, since, until, campaign=campaign.name)
