"""Where a text stands already: what went out on the account, what is queued for it, and what a series is about to make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.application.ports.announcements import Filter
from bot.application.ports.store import Transaction
from bot.application.preview import Previewer
from bot.application.references import parent_of, quoted_of
from bot.domain.announcement import Announcement, Due, Embargo, Record
from bot.domain.errors import InputError
from bot.domain.fingerprint import fingerprint
from bot.domain.recurrence import Use
from bot.domain.series import OPEN

MOST_RENDERED = 2_000
"""Texts that are rendered for one plan of a series."""

DRAFTS_COMPARED = 10
LOOKED_FOR = 60
"""Letters by which drafts with the same words are looked for."""


@dataclass(slots=True)
class TextUses:
    """Knows texts by their fingerprint. `series`: the number of the series of which the announcements are no strangers."""

    tx: Transaction
    previewer: Previewer
    account: str
    series: int | None = None
    own: dict[str, list[Use]] = field(default_factory=dict)
    rendered: int = 0

    def mark_of(self, record: Record, due: Due, embargo: Embargo | None) -> str:
        """Render a record as it would go out; give the fingerprint of its first post. Raises InputError if it gives no text."""
        self.rendered += 1
        if self.rendered > MOST_RENDERED:
            raise InputError(f"repeat: more than {MOST_RENDERED:,} texts were tried: give fewer wordings")
        card = self.previewer.card_of_record(record, due, embargo)
        if not card.posts:
            raise InputError("; ".join(str(each) for each in card.problems) or "it gives no text")
        return fingerprint(card.posts[0].text, parent_of(self.tx, record), quoted_of(self.tx, record))

    def note(self, mark: str, use: Use) -> None:
        """Note a text that is about to be queued."""
        self.own.setdefault(mark, []).append(use)

    def of(self, mark: str, record: Record) -> list[Use]:
        """Give where a text stands."""
        return [*self.own.get(mark, ()), *self._frozen(mark), *self._drafts(mark, record)]

    def _frozen(self, mark: str) -> Iterable[Use]:
        for post in self.tx.posts.alike(self.account, mark):
            if not post.withdrawn:
                announcement = self.tx.announcements.get(post.announcement_id)
                # By its time, not by the second at which it went out: what comes each Friday rests for a week.
                at = announcement.due.at if announcement.due else announcement.updated_at
                yield Use(at, announcement.name, out=post.post_id is not None)

    def _drafts(self, mark: str, record: Record) -> Iterable[Use]:
        """Drafts have no fingerprint: those that hold the same words are rendered."""
        words = record.body.strip()[:LOOKED_FOR]
        wanted = Filter(
            states=sorted(OPEN), account=self.account, campaign=record.campaign, text=words or None
        )
        for each in self.tx.announcements.list(wanted, limit=DRAFTS_COMPARED) if words else ():
            strange = each.occurrence is None or each.occurrence.series != self.series
            if strange and each.due and self._same(mark, each, each.due):
                yield Use(each.due.at, each.name)

    def _same(self, mark: str, draft: Announcement, due: Due) -> bool:
        try:
            return self.mark_of(draft.record, due, draft.embargo) == mark
        except InputError:
            return False
