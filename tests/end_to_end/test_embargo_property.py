"""Whatever people do in whatever order, nothing goes out before an embargo that nobody lifted (decision 0021)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from bot.application.ports.record_files import FoundRecord
from bot.application.work import Work
from bot.bootstrap import Program
from bot.domain.announcement import Record
from bot.domain.errors import BotError
from tests.end_to_end.stage import Stage
from tests.end_to_end.test_embargo import make_due
from tests.office import HANDLE

Deed = tuple[str, object]
NUMBERS = count(1)

minutes = st.integers(-30, 240)
deeds = st.one_of(
    st.tuples(st.sampled_from(["edit", "import", "copy"]), st.one_of(st.none(), minutes)),
    st.tuples(st.just("due"), minutes),
    st.tuples(st.just("reschedule"), st.one_of(st.sampled_from(["now", "next"]), minutes)),
    st.tuples(st.just("lift"), st.sampled_from(["ann", "bob", "carol"])),
    st.tuples(st.sampled_from(["body", "approve", "forge", "work"]), st.none()),
    st.tuples(st.just("wait"), st.integers(1, 90)),
)


@dataclass
class Rehearsal:
    """One announcement, what people do to it, and what is known of its embargo without asking the program."""

    stage: Stage
    program: Program
    work: Work
    text: str
    key: str = ""
    until: datetime | None = None
    asked: str | None = None
    lifted: bool = False
    bodies: list[str] = field(default_factory=list)

    def begin(self, embargo: int, due: int) -> None:
        self.key, self.until = f"report-{next(NUMBERS)}", self.after(embargo)
        self.bodies.append(self.text)
        record = Record("test", key=self.key, body=self.text, due=self.after(due).isoformat())
        self.program.intake.add(replace(record, embargo=self.until.isoformat()), actor="ann")

    def after(self, number: int) -> datetime:
        return self.stage.clock.now().replace(microsecond=0) + timedelta(minutes=number)

    @property
    def holds(self) -> bool:
        return bool(self.until and not self.lifted and self.stage.clock.now() < self.until)

    def do(self, deed: str, what: object) -> None:
        getattr(self, f"do_{deed}")(what)

    def do_edit(self, number: int | None) -> None:
        self._other_embargo(
            number, lambda new: self.program.intake.edit(self.key, {"embargo": new}, actor="ann")
        )

    def do_import(self, number: int | None) -> None:
        def take_in(new: str | None) -> None:
            record = self.program.report.show(self.key).announcement.record
            self.program.intake.take_in([FoundRecord(replace(record, embargo=new), "f:1")], actor="ann")

        self._other_embargo(number, take_in)

    def do_copy(self, number: int | None) -> None:
        new = self.after(number) if number is not None else None
        if self._takes(lambda: self.program.intake.copy(self.key, {"embargo": _iso(new)}, actor="ann")):
            assert not self._forward(new)

    def do_due(self, number: int) -> None:
        edit = {"due": self.after(number).isoformat()}
        if self._takes(lambda: self.program.intake.edit(self.key, edit, actor="ann")):
            self.asked = self.asked if self.lifted else None

    def do_body(self, _: object) -> None:
        body = f"{self.bodies[0]} Version {len(self.bodies)}."
        if self._takes(lambda: self.program.intake.edit(self.key, {"body": body}, actor="ann")):
            self.bodies.append(body)
            self.asked = self.asked if self.lifted else None

    def do_reschedule(self, due: str | int) -> None:
        text = due if isinstance(due, str) else self.after(due).isoformat()
        if self._takes(lambda: self.program.control.reschedule(self.key, text, actor="bob")):
            given = self.program.report.show(self.key).announcement.due
            assert given is not None
            assert not (self.holds and self.until and given.at <= self.until)

    def do_lift(self, person: str) -> None:
        if not self._takes(lambda: self.program.embargoes.lift(self.key, "It is public.", actor=person)):
            return
        assert self.holds
        assert self.asked != person
        self.asked, self.lifted = self.asked or person, self.asked is not None

    def do_approve(self, _: object) -> None:
        def approve() -> None:
            found = self.program.report.show(self.key).announcement
            digest = self.program.previewer.card(found).digest
            self.program.approval.approve(self.key, digest, actor="bob")

        self._takes(approve)

    def do_forge(self, _: object) -> None:
        """A fault of the program, or of whoever writes past it, makes it due."""
        make_due(self.stage, self.stage.clock.now() - timedelta(minutes=1))

    def do_work(self, _: object) -> None:
        for _ in range(2):
            self.work.turn(HANDLE)

    def do_wait(self, number: int) -> None:
        self.stage.clock.leap(number * 60)
        self.work.turn(HANDLE)

    def judge(self) -> None:
        """X's own record: every post of ours came after the embargo, or two people had lifted that."""
        for post in self.stage.sandbox.state.posts.posts.values():
            if post.text in self.bodies and self.until and not self.lifted:
                event("went out after its embargo")
                assert datetime.fromtimestamp(post.at, UTC) >= self.until
            elif post.text in self.bodies:
                event("went out, lifted")

    def _other_embargo(self, number: int | None, deed: Callable[[str | None], object]) -> None:
        new = self.after(number) if number is not None else None
        forward = self._forward(new)
        if self._takes(lambda: deed(_iso(new))):
            assert not forward
            if new != self.until:
                self.until, self.asked, self.lifted = new, None, False
            self.asked = self.asked if self.lifted else None

    def _forward(self, new: datetime | None) -> bool:
        return bool(self.holds and self.until and (new is None or new < self.until))

    def _takes(self, deed: Callable[[], object]) -> bool:
        try:
            deed()
        except BotError:
            return False
        return True


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@pytest.fixture
def at_work(stage: Stage) -> tuple[Stage, Program, Work]:
    every_hour = ", ".join(f'"{hour:02}:00"' for hour in range(24))
    stage.campaign(on_late='"publish"', late_window='"1m"', slots=f"[{every_hour}]")
    program = stage.program()
    return stage, program, stage.start(program)


LIFTED: list[Deed] = [("lift", "ann"), ("lift", "bob"), ("reschedule", "now"), ("approve", None)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(-10, 180), st.integers(-10, 240), st.lists(deeds, max_size=14))
@example(120, 180, [("approve", None), ("forge", None), ("work", None), ("wait", 90), ("wait", 90)])
@example(120, 180, [*LIFTED, ("forge", None), ("work", None)])
@example(
    120,
    180,
    [("lift", "ann"), ("body", None), ("lift", "bob"), ("approve", None), ("forge", None), ("work", None)],
)
def test_nothing_goes_out_before_an_embargo_that_two_people_have_not_lifted(
    at_work: tuple[Stage, Program, Work], embargo: int, due: int, plan: list[Deed]
) -> None:
    stage, program, work = at_work
    rehearsal = Rehearsal(stage, program, work, text=f"Report {next(NUMBERS)}.")
    rehearsal.begin(embargo, due)
    for deed, what in plan:
        rehearsal.do(deed, what)
        rehearsal.judge()
    with suppress(BotError):
        program.control.cancel(rehearsal.key, "The rehearsal is over.", actor="ann")
