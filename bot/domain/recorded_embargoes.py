"""What the journal records of embargoes: whether something was sent before one ended, and whether two people lifted it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.journal import Break, Event


@dataclass(slots=True)
class RecordedEmbargoes:
    """Takes the journal's rows in, one by one. `until` and `asked` are by announcement, `lifted` with the row that says so."""

    until: dict[int, datetime] = field(default_factory=dict)
    asked: dict[int, str] = field(default_factory=dict)
    lifted: dict[int, int] = field(default_factory=dict)
    found: list[Break] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Take in one row; what cannot be read says nothing, and the chain has told of it."""
        number = event.announcement_id
        if number is None:
            return
        if event.event == "intent":
            self._take_intent(number, event)
        elif event.event == "embargo_lift_asked":
            self.asked[number] = event.actor
        elif event.event == "embargo_lifted":
            self._take_lift(number, event)
        elif event.event in ("intake", "edit") and "embargo_at" in event.data:
            self._take_embargo(number, event.data["embargo_at"])

    def check(self, lifted: Collection[int]) -> Iterator[Break]:
        """Say what was found in the rows, and compare the embargoes that the database calls lifted."""
        yield from self.found
        for number in sorted(set(lifted) - self.lifted.keys()):
            what = f"the embargo of announcement {number} is lifted in the database, and no row of the log says so"
            yield Break(None, what)
        for number in sorted(self.lifted.keys() - set(lifted)):
            what = f"it says that the embargo of announcement {number} was lifted; the database does not"
            yield Break(self.lifted[number], what)

    def _take_embargo(self, number: int, until: object) -> None:
        for known in (self.until, self.asked, self.lifted):
            known.pop(number, None)
        try:
            self.until[number] = datetime.fromisoformat(str(until))
        except ValueError:  # there is none any more
            return

    def _take_lift(self, number: int, event: Event) -> None:
        if self.asked.get(number, event.actor) == event.actor:
            what = f"it says that {event.actor} lifted the embargo of announcement {number}, which nobody else had asked for"
            self.found.append(Break(event.seq, what))
        self.lifted[number] = event.seq

    def _take_intent(self, number: int, event: Event) -> None:
        until = self.until.get(number)
        if until is not None and until.tzinfo and event.at < until and number not in self.lifted:
            what = f"announcement {number} was sent before its embargo ended, which nobody had lifted"
            self.found.append(Break(event.seq, what))
