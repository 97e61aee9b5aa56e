"""Whether the log can be believed: its chain, what the database says beside it, and what this host saw of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.application.ports.configuration import Configuration
from bot.application.ports.store import Store, Transaction
from bot.application.ports.witness import Testimony, Witness
from bot.domain import chain
from bot.domain.errors import InputError, StoreUnavailable
from bot.domain.journal import Break, Event, Head
from bot.domain.recorded import OUT, Recorded


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at the log found; nothing if it holds. `rows` and `head`: how far it reaches."""

    rows: int
    head: str | None
    findings: Sequence[Break]

    @property
    def holds(self) -> bool:
        """Tell whether everything holds."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Verification:
    """Reads; changes nothing."""

    store: Store
    witness: Witness
    configuration: Callable[[], Configuration]

    def verify(self, *, head: Head | None = None) -> Verified:
        """Walk the journal, hold the database against it, and this host's witness; `head` was noted down earlier.

        Raises StoreUnavailable.
        """
        findings: list[Break] = []
        seen = self._seen(findings)  # first, so that the rows it knows of are in what is read after it
        with self.store.reading() as tx:
            last = tx.journal.head()
            findings += findings_within(tx, head=head)
            findings += [each for name, known in seen.items() for each in _unseen(tx, name, known)]
        return Verified(last.seq if last else 0, last.hash if last else None, findings)

    def _seen(self, findings: list[Break]) -> Mapping[str, Testimony]:
        """Ask what this host saw last of each account."""
        seen: dict[str, Testimony] = {}
        try:
            accounts = sorted(self.configuration().accounts)
        except InputError:  # what happened can be checked though the schedules are wrong
            return seen
        for account in accounts:
            try:
                known = self.witness.recall(account)
            except StoreUnavailable as error:
                findings.append(Break(None, str(error)))
                continue
            if known:
                seen[account] = known
        return seen


def findings_within(tx: Transaction, *, head: Head | None = None) -> list[Break]:
    """Name what does not hold in one database by itself: its journal's chain, and what stands beside it."""
    recorded = Recorded()
    return [*chain.verify(_taken(tx.journal.events(), recorded), head=head), *_against(tx, recorded)]


def _taken(events: Iterator[Event], recorded: Recorded) -> Iterator[Event]:
    for event in events:
        recorded.take(event)
        yield event


def _against(tx: Transaction, recorded: Recorded) -> Iterator[Break]:
    for attempt in tx.attempts.all():
        yield from recorded.check_attempt(attempt)
    yield from recorded.left()
    yield from recorded.check_announcements(tx.announcements.standing(OUT))
    yield from recorded.check_withdrawn(tx.posts.withdrawn())
    yield from recorded.embargoes.check(tx.announcements.lifted())


def _unseen(tx: Transaction, account: str, known: Testimony) -> Iterator[Break]:
    row = tx.journal.row(known.seq)
    if row is None or row.hash != known.hash:
        lacks = "is not there" if row is None else "is another"
        what = (
            f"this host has sent for {account} by a log whose row {known.seq} {lacks}: an older copy was put back, "
            "or the log was cut or replaced; a worker compares the account before it sends"
        )
        yield Break(known.seq, what)
