"""Series are taken in, and ordinary announcements are made of them ahead of their time (decision 0029)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.application.intake_rows import Action, Row
from bot.application.occurrences import LOOK_AGAIN, Missing, Plan, SeriesPlanner, Source
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.record_files import FoundRecord
from bot.application.ports.series import NewSeries, Waiting
from bot.application.ports.store import Store, Transaction
from bot.application.record_times import takes_a_slot, times_of
from bot.application.series_making import Done, Making, why_kept
from bot.domain.announcement import Announcement, Record, record_data
from bot.domain.card import Card
from bot.domain.errors import InputError, Refusal
from bot.domain.recurrence import refuse_unfit
from bot.domain.series import Series, Stop, is_left_to_series, was_taken_back


@dataclass(frozen=True, slots=True)
class SeriesShown:
    """One series with everything that came of it, and of what nothing is made, a line each."""

    series: Series
    occurrences: Sequence[Announcement]
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Recurring:
    """Every one of these raises InputError for an unknown name."""

    store: Store
    planner: SeriesPlanner
    clock: Clock
    configuration: Callable[[], Configuration]

    def take(self, tx: Transaction, found: FoundRecord, *, actor: str) -> Row:
        """Take a series in, or its change, and make what is due within its time ahead.

        Raises InputError where it cannot be one, or a text would repeat; Refusal where its key is taken or it was stopped.
        """
        record = found.record
        refuse_unfit(record)
        known = tx.series.by_key(record.campaign, record.key or "")
        if known is None:
            return _row(found, Action.ADDED, self._begin(tx, record, actor))
        if known.record == record:
            told = ("it was stopped, and nothing more comes of it",) if known.stopped else ()
            return Row(found.where, known.key, Action.UNCHANGED, None, told=told)
        if known.stopped:
            raise Refusal(f"key: the series '{known.key}' was stopped: give this one another key")
        return _row(found, Action.CHANGED, self._change(tx, known, record, actor))

    def make(self, *, actor: str, name: str | None = None) -> list[tuple[Series, Done]]:
        """Make what has come within the time ahead, of one series or of all that want looking at; twice does no harm."""
        with self.store.reading() as tx:
            numbers = [tx.series.find(name).id] if name else tx.series.waking(self.clock.now())
        found = [self._make(number, actor) for number in numbers]
        return [each for each in found if each is not None]

    def stop(self, name: str, reason: str, *, actor: str) -> Done:
        """Let nothing more come of a series, and cancel what nobody approved. Raises Refusal if it was stopped before."""
        now = self.clock.now()
        with self.store.writing() as tx:
            series = tx.series.find(name)
            if not tx.series.stop(series.id, Stop(actor, now, reason)):
                raise Refusal(f"{series.key} was stopped already")
            making = self._making(tx, series, actor, now)
            stays = tuple(why_kept(each) for each in making.coming() if not is_left_to_series(each))
            cancelled = making.cancel_what_is_left(reason)
            making.journal("series_stopped", {"reason": reason, "cancelled": list(cancelled)})
            return Done(cancelled=cancelled, kept=stays)

    def cards(self, record: Record) -> tuple[list[Card], Sequence[str]]:
        """Make the cards of what would come of a record, and say of what nothing would. Raises as the intake."""
        refuse_unfit(record)
        campaign = self.configuration().campaign(record.campaign)
        with self.store.reading() as tx:
            known = tx.series.by_key(record.campaign, record.key or "")
            plan = self._first_plan(tx, record, known, self._begins(tx, record))
            times = times_of(self.planner.times, tx, record, campaign)
        cards = [
            self.planner.previewer.card_of_record(each.record, each.due, times.embargo, expires=times.expires)
            for each in plan.planned
        ]
        return cards, [each.why for each in plan.missing]

    def list(self) -> Sequence[tuple[Series, Waiting | None]]:
        """List the series, each with what of it waits for approval."""
        with self.store.reading() as tx:
            waiting = tx.series.waiting(self.clock.now())
            return [(each, waiting.get(each.id)) for each in tx.series.list()]

    def show(self, name: str) -> SeriesShown:
        """Gather everything about one series."""
        with self.store.reading() as tx:
            series = tx.series.find(name)
            missing = (
                [] if series.stopped else [each.why for each in self._plan_or_trouble(tx, series).missing]
            )
            return SeriesShown(series, tx.series.occurrences(series.id), missing)

    def _begin(self, tx: Transaction, record: Record, actor: str) -> tuple[Series, Done]:
        key, now = record.key or "", self.clock.now()
        if tx.announcements.by_key(record.campaign, key):
            raise Refusal(f"key: '{key}' is in the queue already: give the series another one")
        begins = self._begins(tx, record)
        plan = self._first_plan(tx, record, None, begins)
        account = self._account(record)
        series = tx.series.add(NewSeries(record, record.campaign, key, account, begins, actor, now))
        making = self._making(tx, series, actor, now)
        making.journal("series", {"record": record_data(record)})
        return series, making.carry_out(plan)

    def _change(self, tx: Transaction, series: Series, record: Record, actor: str) -> tuple[Series, Done]:
        """What nobody approved, edited or moved is planned anew: it is given another text, cancelled, or left as it is."""
        now, before = self.clock.now(), series.record
        same_times = (record.due, record.timezone) == (before.due, before.timezone)
        begins = series.begins if same_times else self._begins(tx, record)
        plan = self._first_plan(tx, record, series, begins)
        tx.series.change(series.id, record, account=self._account(record), begins=begins, at=now)
        changed = tx.series.get(series.id)
        making = self._making(tx, changed, actor, now)
        fields, old = record_data(record), record_data(before)
        making.journal("series_changed", {"changed": {n: fields[n] for n in fields if fields[n] != old[n]}})
        stays = tuple(why_kept(each) for each in making.coming() if not is_left_to_series(each))
        done = making.carry_out(plan)
        gone = making.cancel_what_is_left("the series was changed", but=[each.wall for each in plan.planned])
        return changed, replace(done, cancelled=gone, kept=stays)

    def _make(self, number: int, actor: str) -> tuple[Series, Done] | None:
        """Plan without the writer's lock, since texts are rendered; then write, if nobody changed the series meanwhile."""
        with self.store.reading() as tx:
            series = tx.series.get(number)
            plan = Plan() if series.stopped else self._plan_or_trouble(tx, series)
        with self.store.writing() as tx:
            current = tx.series.get(number)
            if current.stopped or current.revision != series.revision:
                return None
            return current, self._making(tx, current, actor, self.clock.now()).carry_out(plan)

    def _plan_or_trouble(self, tx: Transaction, series: Series) -> Plan:
        """What is wrong with one series, such as a campaign that is gone, is told and does not stop the others."""
        try:
            return self._plan(tx, series)
        except InputError as error:
            trouble = Missing(series.begins, str(error), trouble=True)
            return Plan(missing=[trouble], wake_at=self.clock.now() + LOOK_AGAIN)

    def _plan(self, tx: Transaction, series: Series) -> Plan:
        """Plan what is to be added to what came of a series already."""
        kept = [each for each in tx.series.occurrences(series.id) if not was_taken_back(each)]
        source = Source(series.record, series.key, series.begins, series.id)
        return self.planner.plan(tx, source, kept, self.clock.now())

    def _first_plan(self, tx: Transaction, record: Record, known: Series | None, begins: datetime) -> Plan:
        """Plan a record that nobody has taken in yet. Raises InputError where a text would repeat, or nothing can be made."""
        kept = tx.series.occurrences(known.id) if known else ()
        kept = [each for each in kept if not (is_left_to_series(each) or was_taken_back(each))]
        source = Source(record, record.key or "", begins, known.id if known else None, thorough=True)
        plan = self.planner.plan(tx, source, kept, self.clock.now())
        repeated = [each for each in plan.missing if each.repeats]
        trouble = [each for each in plan.missing if each.trouble]
        if repeated or (trouble and not plan.planned):
            first = (repeated or trouble)[0]
            more = f" (and {len(repeated) - 1} more)" if len(repeated) > 1 else ""
            raise InputError(f"repeat: {first.why}{more}")
        return plan

    def _begins(self, tx: Transaction, record: Record) -> datetime:
        campaign = self.configuration().campaign(record.campaign)
        due = self.planner.times.due(tx, record, campaign, None)
        if due is None or takes_a_slot(record):
            raise InputError("due: is missing: a series needs the date and time at which it begins")
        return due.wall

    def _account(self, record: Record) -> str:
        configuration = self.configuration()
        return configuration.account_of(configuration.campaign(record.campaign), record).name

    def _making(self, tx: Transaction, series: Series, actor: str, now: datetime) -> Making:
        return Making(tx, self.configuration, self.planner.times, series, actor, now)


def _row(found: FoundRecord, action: Action, done: tuple[Series, Done]) -> Row:
    series, what = done
    count = len(what.added)
    told = (
        *((f"{count} announcement{'' if count == 1 else 's'} made of it",) if count else ()),
        *(f"{name}: changed" for name in what.changed),
        *(f"{name}: cancelled" for name in what.cancelled),
        *what.kept,
        *what.told,
    )
    return Row(found.where, series.key, action, None, made=what.made, told=told)
