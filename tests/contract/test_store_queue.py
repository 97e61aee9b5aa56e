"""The queue: announcements by number and by key."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.application.ports.announcements import Filter, NewAnnouncement
from bot.application.ports.store import Store
from bot.domain.announcement import Approved, Due, Held, MediaItem, Poll, Record, ReplySettings, Split
from bot.domain.errors import InputError, Refusal
from bot.domain.states import HeldReason, State
from tests.contract.database import DRAFT, NOW, OTHER, RSO, SCHEDULED, Database, due, minutes, queue, schedule

WALL = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001 - a wall time has no zone

FULL = Record(
    campaign="tenyears",
    title="สิบปี",
    body="Ten years & counting <b>\n---\nมิตรภาพ 🎉",
    link="https://www.baliprocess.net/?a=1&b=2",
    due="2026-10-25 01:30+01:00",
    timezone="Europe/London",
    language="th",
    media=(MediaItem("media/ten.png", "A cake"), MediaItem("media/two.png")),
    template="t.txt.j2",
    variables={"city": "Bangkok"},
    thread=True,
    reply_to="first",
    quote="123",
    poll=Poll(("yes", "no"), 60),
    reply_settings=ReplySettings.MENTIONED,
    made_with_ai=True,
    paid_partnership=True,
    embargo="2026-10-24",
    notes="ask Somchai",
    key="ten",
    account="thai",
    translation_of="ten-years",
)


def test_a_record_comes_back_as_it_was_queued_field_by_field(store: Store) -> None:
    when = Due(WALL, "Europe/London", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True)
    new = NewAnnouncement(FULL, "a.yaml", "ten", RSO, when, "mali", NOW)
    with store.writing() as tx:
        added = tx.announcements.add(new)
    with store.reading() as tx:
        found = tx.announcements.get(added.id)
    assert found == added
    assert (found.record, found.due, found.author, found.state) == (FULL, when, "mali", DRAFT)
    assert (found.revision, found.epoch, found.approvals, found.held) == (1, 0, (), None)


@pytest.mark.parametrize("thread", [False, True, Split.PLAIN, Split.NUMBERED])
def test_what_a_record_says_of_its_thread_comes_back(store: Store, thread: bool | Split) -> None:
    record = replace(FULL, thread=thread)
    with store.writing() as tx:
        added = tx.announcements.add(NewAnnouncement(record, "a.yaml", "ten", RSO, None, "mali", NOW))
    with store.reading() as tx:
        found = tx.announcements.get(added.id).record.thread
    assert (found, type(found)) == (thread, type(thread))


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 7, 0, 0, 1, tzinfo=timezone(timedelta(hours=7))),
        datetime(2026, 10, 25, 0, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_the_same_and_in_utc(store: Store, at: datetime) -> None:
    announcement = queue(store, at=None)
    with store.writing() as tx:
        tx.announcements.set_due(announcement.id, Due(WALL, "UTC", at), at=at)
        found = tx.announcements.get(announcement.id)
    assert found.due is not None
    assert (found.due.at, found.updated_at) == (at, at)
    assert found.due.at.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_never_stored(store: Store) -> None:
    announcement = queue(store)
    with pytest.raises(Exception, match="an instant needs its time zone"), store.writing() as tx:
        tx.announcements.set_due(announcement.id, due(NOW), at=WALL)


def test_an_announcement_is_found_by_its_number_and_by_its_key(store: Store) -> None:
    first, second = queue(store, "ten"), queue(store, "7")
    with store.reading() as tx:
        assert tx.announcements.find("ten") == first
        assert tx.announcements.find(str(second.id)) == second
        assert tx.announcements.find("7") == second
        assert tx.announcements.by_key("file.yaml", "ten") == first
        assert tx.announcements.by_key("another.yaml", "ten") is None


@pytest.mark.parametrize("name", ["nothing", "99", "9" * 40, "", "²"])
def test_a_name_that_nothing_has_is_said_in_one_line(store: Store, name: str) -> None:
    with pytest.raises(InputError, match=f"there is no announcement '{name}'"), store.reading() as tx:
        tx.announcements.find(name)


def test_a_number_that_nothing_has_is_said_in_one_line(store: Store) -> None:
    with pytest.raises(InputError, match="there is no announcement 5"), store.reading() as tx:
        tx.announcements.get(5)


def test_a_key_that_two_files_use_asks_for_the_number(store: Store) -> None:
    record = Record(campaign="tenyears")
    with store.writing() as tx:
        for source in ("a.yaml", "b.yaml"):
            tx.announcements.add(NewAnnouncement(record, source, "ten", RSO, None, "mali", NOW))
    with (
        pytest.raises(InputError, match=r"several announcements have the key 'ten': .*\(1, 2\)"),
        store.reading() as tx,
    ):
        tx.announcements.find("ten")


def test_the_same_key_of_the_same_source_is_refused_and_the_rest_of_the_block_goes_on(store: Store) -> None:
    queue(store, "ten")
    again = NewAnnouncement(FULL, "file.yaml", "ten", RSO, None, "mali", NOW)
    with store.writing() as tx:
        with pytest.raises(Refusal, match="a record with this key is queued already"):
            tx.announcements.add(again)
        tx.announcements.add(replace(again, key="eleven"))
    with store.reading() as tx:
        assert tx.announcements.count(Filter()) == 2


def test_the_list_is_by_due_time_then_number_and_those_without_a_time_come_last(store: Store) -> None:
    for key, at in (("none", None), ("late", minutes(9)), ("soon", minutes(1)), ("soon too", minutes(1))):
        queue(store, key, at=at)
    with store.reading() as tx:
        assert [a.key for a in tx.announcements.list(Filter())] == ["soon", "soon too", "late", "none"]
        assert [a.key for a in tx.announcements.list(Filter(), limit=2)] == ["soon", "soon too"]


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (Filter(), {"a", "b", "c", "d"}),
        (Filter(states=[SCHEDULED]), {"d"}),
        (Filter(states=[SCHEDULED, DRAFT], account=RSO), {"a", "c", "d"}),
        (Filter(account=OTHER), {"b"}),
        (Filter(campaign="other"), {"c"}),
        (Filter(due_until=minutes(1)), {"a", "d"}),
        (Filter(due_from=minutes(1), due_until=minutes(1)), {"d"}),
        (Filter(ids=[1, 4]), {"a", "d"}),
        (Filter(text="STRASSE"), {"a"}),
        (Filter(text="สิบปี"), {"b"}),
        (Filter(text="title of c"), {"c"}),
        (Filter(text="100%"), {"c"}),
        (Filter(text="%"), {"c"}),
        (Filter(text="_"), set()),
        (Filter(text="a", account=OTHER, states=[SCHEDULED]), set()),
    ],
)
def test_a_filter_gives_what_fits_all_of_it_and_the_count_agrees(
    store: Store, wanted: Filter, keys: set[str]
) -> None:
    queue(store, "a", body="Die Straße", at=NOW)
    queue(store, "b", account=OTHER, body="ครบรอบสิบปี", at=minutes(2))
    queue(store, "c", campaign="other", body="100% of it", at=None)
    schedule(store, "d", at=minutes(1))
    with store.reading() as tx:
        assert {a.key for a in tx.announcements.list(wanted)} == keys
        assert tx.announcements.count(wanted) == len(keys)


def test_the_counts_are_by_state(store: Store) -> None:
    queue(store, "a")
    schedule(store, "b")
    schedule(store, "c")
    with store.reading() as tx:
        assert tx.announcements.counts() == {DRAFT: 1, SCHEDULED: 2}


def test_an_edit_puts_another_record_in_place_and_is_searched_by_its_new_text(store: Store) -> None:
    announcement = queue(store, "a", body="old")
    with store.writing() as tx:
        tx.announcements.edit(announcement.id, FULL, due(minutes(5)), account=OTHER, at=minutes(1))
        found = tx.announcements.get(announcement.id)
        assert (found.record, found.due, found.account) == (FULL, due(minutes(5)), OTHER)
        assert (found.revision, found.epoch, found.updated_at) == (2, 1, minutes(1))
        assert tx.announcements.count(Filter(text="old")) == 0
        assert tx.announcements.count(Filter(text="counting")) == 1
        tx.announcements.edit(announcement.id, FULL, None, account=OTHER, at=minutes(1))
        assert tx.announcements.get(announcement.id).due is None


def test_a_new_time_moves_the_wake_of_what_is_scheduled_and_voids_a_claim(store: Store) -> None:
    schedule(store)
    with store.writing() as tx:
        tx.announcements.set_due(1, due(minutes(30)), at=minutes(1))
        assert tx.announcements.next_wake(RSO) == minutes(30)
        assert tx.announcements.get(1).epoch == 2


def test_a_new_time_does_not_wake_a_draft(store: Store) -> None:
    announcement = queue(store)
    with store.writing() as tx:
        tx.announcements.set_due(announcement.id, due(minutes(30)), at=minutes(1))
        assert tx.announcements.next_wake(RSO) is None


def test_a_move_needs_one_of_the_states_before(store: Store) -> None:
    schedule(store)
    with store.writing() as tx:
        assert not tx.announcements.move(1, [DRAFT, State.HELD], State.CANCELLED, {"at": minutes(1)})
        assert not tx.announcements.move(99, [DRAFT], State.CANCELLED, {})
        assert tx.announcements.get(1).state is SCHEDULED


def test_a_move_off_the_chart_is_refused(store: Store) -> None:
    queue(store)
    with pytest.raises(Refusal, match="does not go from that state"), store.writing() as tx:
        tx.announcements.move(1, [DRAFT], State.PUBLISHED, {})


def test_why_it_is_held_stays_until_it_goes_on(store: Store) -> None:
    schedule(store)
    held = Held(HeldReason.LATE, "late by 2h")
    with store.writing() as tx:
        tx.announcements.move(1, [SCHEDULED], State.HELD, {"held": held, "wake_at": None, "at": minutes(1)})
        found = tx.announcements.get(1)
        assert (found.held, found.updated_at) == (held, minutes(1))
        assert tx.announcements.next_wake(RSO) is None
        facts = {"wake_at": minutes(3), "released_at": minutes(2), "digest": "abc"}
        tx.announcements.move(1, [State.HELD], SCHEDULED, facts)
        found = tx.announcements.get(1)
        assert (found.held, found.released_at, found.digest) == (None, minutes(2), "abc")
        assert tx.announcements.next_wake(RSO) == minutes(3)


def test_a_fact_that_no_move_has_is_a_mistake_of_the_program(store: Store) -> None:
    queue(store)
    with pytest.raises(ValueError, match="not facts of a move: wakeat"), store.writing() as tx:
        tx.announcements.move(1, [DRAFT], State.CANCELLED, {"wakeat": NOW})


def test_approvals_come_with_the_announcement_one_for_each_person(store: Store) -> None:
    queue(store)
    first, again = Approved("noor", NOW, "d1", own=True), Approved("noor", minutes(2), "d2", own=False)
    other = Approved("sam", minutes(1), "d2", own=False)
    with store.writing() as tx:
        for approved in (first, other, again):
            tx.announcements.approve(1, approved)
        assert tx.announcements.get(1).approvals == (other, again)
        assert tx.announcements.list(Filter())[0].approvals == (other, again)
        tx.announcements.void_approvals(1)
        assert tx.announcements.get(1).approvals == ()


def test_taken_are_the_due_times_of_the_account_that_are_not_cancelled(store: Store) -> None:
    for number in range(4):
        queue(store, f"a{number}", at=minutes(number))
    queue(store, "other", account=OTHER, at=minutes(1))
    with store.writing() as tx:
        tx.announcements.move(2, [DRAFT], State.CANCELLED, {})
        assert tx.announcements.taken(RSO, NOW, minutes(2)) == [NOW, minutes(2)]


def test_due_between_leaves_out_what_will_not_go_out(store: Store) -> None:
    for number in range(4):
        schedule(store, f"a{number}", at=minutes(number))
    with store.writing() as tx:
        tx.announcements.move(1, [SCHEDULED], State.MISSED, {})
        tx.announcements.move(2, [SCHEDULED], State.CANCELLED, {})
        assert [a.key for a in tx.announcements.due_between(RSO, NOW, minutes(2))] == ["a2"]


def test_the_list_of_fifty_reads_an_index_and_sorts_nothing(database: Database, store: Store) -> None:
    with database.plans() as plans, store.reading() as tx:
        tx.announcements.list(Filter(), limit=50)
        tx.announcements.list(Filter(states=[SCHEDULED]), limit=50)
    assert "SCAN announcements USING INDEX announcements_due" in plans
    assert any("announcements_state (state=?)" in step for step in plans)
    assert not [step for step in plans if "TEMP B-TREE" in step]


def test_standing_tells_which_announcements_are_in_which_of_these_states(store: Store) -> None:
    for key in ("a", "b", "c"):
        schedule(store, key)
    with store.writing() as tx:
        tx.announcements.move(2, [SCHEDULED], State.MISSED, {})
        tx.announcements.move(3, [SCHEDULED], State.CANCELLED, {})
        assert tx.announcements.standing({State.MISSED, State.CANCELLED}) == {
            2: State.MISSED,
            3: State.CANCELLED,
        }
        assert tx.announcements.standing({State.DRAFT}) == {}
