"""Whole files come into the queue: each all or nothing, in memory that does not grow with them (decision 0032).

Everything that takes long, the rendering above all, is done before the one transaction that writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.application.families import note_original
from bot.application.giving_way import GiveWay, in_turn
from bot.application.intake import Intake, Plan, content_hash
from bot.application.intake_part import Part, in_parts
from bot.application.intake_rows import Action, Row
from bot.application.last_import import says_what_it_said
from bot.application.ports.record_files import FoundRecord
from bot.application.ports.renderer import Renderer
from bot.application.ports.spool import Spool
from bot.application.ports.store import Transaction
from bot.application.record_times import takes_a_slot
from bot.application.render_check import RenderCheck
from bot.domain.announcement import name_of
from bot.domain.errors import InputError, RecordErrors, RecordProblem, Refusal
from bot.domain.family import key_of
from bot.domain.record_changes import changes_between
from bot.domain.repeats import repeats

Step = Callable[[], None]

EDITED_SINCE = "was edited in the queue since, and the file says what it said before: to go back, `bot queue edit {name}`"
APPROVAL_GONE = "its approval is gone"


@dataclass(frozen=True, slots=True)
class _Looked:
    """A record after the look at it: when it is due, if it is new or changed, or why it cannot be taken."""

    found: FoundRecord
    key: str
    plan: Plan | None = None
    takes_a_slot: bool = False
    refused: str = ""
    told: tuple[str, ...] = ()


class _Rehearsed(Exception):
    """Takes a whole transaction back on purpose."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self.rows = rows


@dataclass(frozen=True, slots=True)
class FileIntake(Intake):
    """The intake, for whole files too. `spool` keeps what is known of their rows, `renderer` renders them."""

    spool: Spool
    renderer: Renderer

    def take_in(
        self,
        found: Sequence[FoundRecord],
        *,
        actor: str,
        step: Step = lambda: None,
        renders: bool = False,
    ) -> Sequence[Row]:
        """Queue the records of a file: all of them or none; what is there already and unchanged stays as it is.

        Where it `renders`, what is new or changed is rendered: a draft that cannot go out so is taken, and its row says why.
        `step` is called after each record, for those who watch. Raises RecordErrors with every row that cannot be taken.
        """
        looked = self.spool(self._look(found, renders, step))

        def take(tx: Transaction, give_way: GiveWay) -> Sequence[Row]:
            taking = _Taking(self, tx, actor, give_way)
            rows = self.spool(taking.rows(looked))
            if taking.has_refused:
                raise RecordErrors(problem for row in rows for problem in row.problems)
            taking.note_originals()
            return rows

        return in_turn(self.store, self.clock, take)

    def rehearse(
        self,
        found: Sequence[FoundRecord],
        *,
        actor: str,
        step: Step = lambda: None,
        renders: bool = False,
    ) -> Sequence[Row]:
        """Tell of each record what `take_in` would do with it, or why it would refuse it; nothing is changed."""
        looked = self.spool(self._look(found, renders, step))

        def rehearse(tx: Transaction, give_way: GiveWay) -> Sequence[Row]:
            raise _Rehearsed(self.spool(_Taking(self, tx, actor, give_way).rows(looked)))

        try:
            return in_turn(self.store, self.clock, rehearse)
        except _Rehearsed as rehearsed:
            rows = rehearsed.rows
        return self.spool(
            replace(row, id=None, made=()) if row.action is Action.ADDED else row for row in rows
        )

    def _look(self, found: Sequence[FoundRecord], renders: bool, step: Step) -> Iterator[_Looked]:
        """Look at each record without keeping anybody from writing."""
        twice = repeats(found, _source_and_key)
        place = 0
        for some in in_parts(found):
            for each in self._planned(some):
                if place in twice:
                    yield replace(each, refused=_stands_twice(each, found[twice[place]].where))
                else:
                    yield replace(each, told=self._problems(each)) if renders else each
                place += 1
                step()

    def _problems(self, looked: _Looked) -> tuple[str, ...]:
        """Say why what is new or changed cannot go out as it is."""
        if looked.plan is None:
            return ()
        found = looked.found
        check = RenderCheck(self.renderer, self.configuration)
        times = looked.plan.times
        findings = check.problems(found.record, times.due, times.embargo.until if times.embargo else None)
        return tuple(f"it cannot go out so: {finding}" for finding in findings)

    def _planned(self, some: Sequence[FoundRecord]) -> list[_Looked]:
        with self.store.reading() as tx:
            part = Part(tx, [_source_and_key(each) for each in some])
            return [self._looked_up(part, each) for each in some]

    def _looked_up(self, part: Part, found: FoundRecord) -> _Looked:
        _, key = _source_and_key(found)
        if found.record.repeat:
            return _Looked(found, key)
        known = part.known(found.record, key)
        try:
            if known:
                found = replace(found, record=self.as_known(known, found.beside(known.record)))
            if known and known.record == found.record:
                return _Looked(found, key)
            return _Looked(found, key, self.plan(part.tx, found.record), takes_a_slot(found.record))
        except InputError as error:
            # A time that was planned once holds until it is changed, whatever would be said of it today.
            return _Looked(found, key, refused="" if known else str(error))


@dataclass(slots=True)
class _Taking:
    """One try to take the records of a file, within a transaction."""

    intake: FileIntake
    tx: Transaction
    actor: str
    give_way: GiveWay
    has_refused: bool = False
    _translations: list[int] = field(default_factory=list)

    def rows(self, looked: Sequence[_Looked]) -> Iterator[Row]:
        """Take each record that can be taken; the row of one that cannot says why."""
        for some in in_parts(looked):
            part = Part(self.tx, [(each.found.record.campaign, each.key) for each in some])
            for each in some:
                yield from self._taken(part, each)
            yield from _added(part)
            self.give_way()

    def note_originals(self) -> None:
        """A translation that came with its file stands for the original of that file, wherever in it the original is."""
        for number in self._translations:
            note_original(self.tx, self.tx.announcements.get(number))

    def _taken(self, part: Part, looked: _Looked) -> Iterator[Row]:
        """Take one record; of those that wait to be written together, the rows come before the next that cannot wait."""
        found, record = looked.found, looked.found.record
        known = part.known(record, looked.key)
        waits = not looked.refused and part.stands_alone(record, looked.key) and not looked.takes_a_slot
        if looked.plan and waits:
            draft = self.intake.draft(found, looked.key, looked.plan, self.actor)
            part.put(replace(draft, told=looked.told) if looked.told else draft)
            return
        yield from _added(part)
        if looked.refused:
            yield self._refused(looked, looked.refused)
        elif known and known.record == record:
            yield Row(found.where, known.name, Action.UNCHANGED, known.id, known.due)
        else:
            yield self._taken_by_itself(looked)
            part.will_have(record)

    def _taken_by_itself(self, looked: _Looked) -> Row:
        try:
            if looked.found.record.repeat:
                return self.intake.series_within(self.tx, looked.found, actor=self.actor)
            return self._written(looked)
        except (InputError, Refusal) as error:
            return self._refused(looked, str(error))

    def _written(self, looked: _Looked) -> Row:
        tx, where, record = self.tx, looked.found.where, looked.found.record
        known = tx.announcements.by_key(record.campaign, looked.key)
        if known is None:
            written = self.intake.add_within(tx, record, looked.key, actor=self.actor, where=where)
        else:
            record = looked.found.beside(known.record)  # as it is by now
            if record == known.record:
                return Row(where, known.name, Action.UNCHANGED, known.id, known.due)
            if says_what_it_said(tx, known, record):
                behind = (EDITED_SINCE.format(name=known.name),)
                return Row(
                    where, known.name, Action.UNCHANGED, known.id, known.due, told=behind, is_behind=True
                )
            written = self.intake.change_within(tx, known, record, actor=self.actor, where=where)
        if record.translation_of:
            self._translations.append(written.id)
        row = Row(where, written.name, Action.ADDED, written.id, written.due, told=looked.told)
        if known is None:
            return row
        told = (*looked.told, APPROVAL_GONE) if known.approvals else looked.told
        return replace(row, action=Action.CHANGED, told=told, changes=changes_between(known.record, record))

    def _refused(self, looked: _Looked, why: str) -> Row:
        self.has_refused = True
        problem = RecordProblem(looked.found.where, None, why)
        return Row(looked.found.where, key_of(looked.found.record), Action.REFUSED, None, problems=(problem,))


def _source_and_key(found: FoundRecord) -> tuple[str, str]:
    """Give the campaign and the key under which a record of a file is known: its own key, or one of what it says."""
    record = found.record
    return record.campaign, key_of(record) or found.known_as or f"auto:{content_hash(record)[:12]}"


def _stands_twice(looked: _Looked, first: str) -> str:
    key = key_of(looked.found.record)
    return f"{f'key {key!r}' if key else 'the same record'} stands at {first} already"


def _added(part: Part) -> Iterator[Row]:
    for draft, number in part.written():
        name = name_of(draft.new.key, number)
        yield Row(draft.where, name, Action.ADDED, number, draft.new.due, told=draft.told)
