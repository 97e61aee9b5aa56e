"""A text that counts the days to its time: another time is another text, and its approval goes (settled question 12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import Refusal
from tests.end_to_end.stage import Stage

DAY = timedelta(days=1)


def count_down(stage: Stage) -> str:
    """Schedule a text for tomorrow that counts the days until ten days from now."""
    (stage.folder / "templates" / "plain.txt.j2").write_text("{{ body }} {{ days_left }} days to go.\n")
    until = f"{stage.clock.now() + 10 * DAY:%Y-%m-%d}"
    due_in = DAY.total_seconds()
    (name,) = stage.queue("The forum opens:", due_in=due_in, wait=False, variables={"countdown_to": until})
    return name


def reschedule(stage: Stage, name: str, days: int, minutes: int = 0) -> str:
    """Let its approver, whose new time leaves an approval alone, give it another one; gives the state after it."""
    due = f"{stage.clock.now() + days * DAY + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"
    return stage.program().control.reschedule(name, due, actor="bob").state.value


def test_another_day_is_another_text_so_that_even_the_approvers_new_time_voids_the_approval(
    stage: Stage,
) -> None:
    name = count_down(stage)
    assert reschedule(stage, name, 3) == "submitted"
    assert stage.rows("SELECT count(*) FROM posts WHERE superseded = 0") == [(0,)]
    program = stage.program()
    with program.store.reading() as tx:
        card = program.previewer.card(tx.announcements.find(name))
    assert card.posts[0].text == "The forum opens: 7 days to go."
    program.approval.approve(name, card.digest, actor="bob")
    stage.clock.leap(3 * DAY.total_seconds())
    stage.play()
    assert stage.texts() == ["The forum opens: 7 days to go."]


def test_another_hour_of_the_same_day_keeps_it(stage: Stage) -> None:
    name = count_down(stage)
    with stage.program().store.reading() as tx:
        due = tx.announcements.find(name).due
    assert due is not None
    noon, one = (f"{due.wall:%Y-%m-%d} {hour}:00" for hour in (12, 13))
    other = noon if due.wall.hour != 12 else one
    assert stage.program().control.reschedule(name, other, actor="bob").state == "scheduled"


def test_a_text_that_does_not_count_keeps_its_approval_on_another_day(stage: Stage) -> None:
    (name,) = stage.queue("The forum opens.", due_in=DAY.total_seconds(), wait=False)
    assert reschedule(stage, name, 3) == "scheduled"


def test_a_day_after_the_date_is_told_and_cannot_be_approved(stage: Stage) -> None:
    name = count_down(stage)
    assert reschedule(stage, name, 12) == "submitted"
    with pytest.raises(Refusal, match="it is due 2 days after countdown_to"):
        stage.program().approval.approve(name, "whatever", actor="bob")
