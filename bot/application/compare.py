"""Compare an account with the log: what nobody here sent, what is gone, what was edited, what is there twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.application.ports.channel import Channel, ChannelRefused, ChannelUnreachable
from bot.application.ports.clock import Clock
from bot.application.ports.store import Store, Transaction
from bot.domain.account import Account
from bot.domain.attempt import Attempt
from bot.domain.differences import Difference, Differs, Ours, Sent, Span, differences, reposts
from bot.domain.profile import Profile

MOST_LOOKED_UP = 50
"""How many posts that the timeline lacks are asked for one by one; each is billed."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it. `since`: from when on (UTC), None if nothing was ever sent; `back_to`: how far back X showed posts.

    `unreadable`: why the account could not be read, empty if it could; `posts`: how many were read, `reposts` among them.
    """

    account: Account
    since: datetime | None = None
    back_to: datetime | None = None
    posts: int = 0
    reposts: int = 0
    findings: Sequence[Differs] = ()
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store says: from when on, the newest own post known before what was sent since, what was sent, what is in doubt.

    `after`: the newest own post before the log began, if the comparison begins there.
    """

    since: datetime
    before: str | None
    after: str | None
    sent: Sequence[Sent]
    doubtful: Sequence[Attempt]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Reads the account; changes nothing."""

    store: Store
    channel: Callable[[Account], Channel]
    clock: Clock
    profile: Profile

    def compare(self, account: Account, *, since: datetime | None = None) -> Compared:
        """Compare from an instant (UTC) on, or from the first post that the log knows of if that is later.

        Raises StoreUnavailable or SettingsMissing.
        """
        with self.store.reading() as tx:
            known = _known(tx, account, since)
        if known is None:
            return Compared(account)
        try:
            return self._compare(account, known)
        except (ChannelRefused, ChannelUnreachable) as error:
            return Compared(account, known.since, unreadable=str(error))

    def _compare(self, account: Account, known: _Known) -> Compared:
        asked_at = self.clock.now()
        channel = self.channel(account)
        reading = channel.own_posts(account.user_id, since=known.before)
        shows_it = known.before is None or known.before in reading.ids
        if not reading.whole:
            return Compared(account, known.since, unreadable=reading.why_not)
        if not shows_it and not reading.cut and channel.look_up(known.before or ""):
            stale = f"the timeline does not show post {known.before}, which is there; try again later"
            return Compared(account, known.since, unreadable=stale)
        cut = reading.cut and (known.before is None or not shows_it)
        oldest = min(reading.posts, key=lambda post: int(post.post_id), default=None) if cut else None
        settled_until = asked_at - timedelta(seconds=self.profile.settling)
        span = Span(known.since, settled_until, oldest.post_id if oldest else None, known.after)
        with self.store.reading() as tx:  # again, for posts may have gone out while the pages came
            ours = Ours(known.sent, tx.attempts.owned(account.name, reading.ids), known.doubtful)
        found = list(differences(span, reading, ours))
        return Compared(
            account,
            known.since,
            back_to=oldest.created_at if oldest else known.since,
            posts=len(reading.posts),
            reposts=reposts(span, reading),
            findings=self._named(_believed(found, channel)),
        )

    def _named(self, found: Iterable[Differs]) -> list[Differs]:
        believed = list(found)
        with self.store.reading() as tx:
            numbers = {each.announcement_id for each in believed if each.announcement_id is not None}
            names = {number: tx.announcements.get(number).name for number in numbers}
        return [
            replace(each, name=names[each.announcement_id]) if each.announcement_id is not None else each
            for each in believed
        ]


def _known(tx: Transaction, account: Account, since: datetime | None) -> _Known | None:
    """Of the time before its first post the log says nothing: nothing of that is compared."""
    first = tx.attempts.first_accepted(account.name)
    if first is None:
        return None
    start = max(since or first.intent_at, first.intent_at)
    accepted = [each for each in tx.attempts.accepted(start, None) if each.account == account.name]
    accepted.sort(key=lambda each: (each.intent_at, each.id))
    withdrawn = set(tx.posts.withdrawn())
    replaced = tx.attempts.replaced(account.name)
    return _Known(
        since=start,
        before=accepted[0].since if accepted else tx.posts.newest_published(account.name),
        after=first.since if start == first.intent_at else None,
        sent=[Sent(each, each.post in withdrawn) for each in accepted if each.post_id not in replaced],
        doubtful=tx.attempts.open(account.name),
    )


def _believed(found: Sequence[Differs], channel: Channel) -> Iterator[Differs]:
    """A timeline may lag: what it lacks, or still shows, is asked for by its id."""
    looked_up = 0
    for each in found:
        if each.kind in (Difference.GONE, Difference.STILL_THERE) and looked_up < MOST_LOOKED_UP:
            looked_up += 1
            there = channel.look_up(each.post_id) is not None
            if there == (each.kind is Difference.GONE):
                continue
        yield each
