"""The requests to create posts: every change of state is a compare-and-set."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.application.ports.store import Store
from bot.domain.attempt import Attempt
from bot.domain.errors import InputError, Refusal
from bot.domain.states import AttemptState, KnownBy
from tests.contract.database import NOW, OTHER, RSO, Database, begin, minutes, new_attempt, schedule

A = AttemptState
ANSWER = {"post_id": "123", "known_by": KnownBy.ANSWER, "settled_at": NOW}


def move(store: Store, attempt: Attempt, after: A, **facts: object) -> bool:
    with store.writing() as tx:
        return tx.attempts.move(attempt.id, list(A), after, facts)


def test_an_intent_is_stored_as_sending_with_every_byte(store: Store) -> None:
    (post,) = schedule(store, "a", "สิบปี 🎉")
    new = replace(new_attempt(post), body=b"\x00\xff{}", reply_to="5", cost_usd=Decimal("0.2"))
    with store.writing() as tx:
        begun = tx.attempts.begin(new)
    with store.reading() as tx:
        found = tx.attempts.get(begun.id)
    assert found == begun
    assert (found.state, found.body, found.post_id, found.evidence) == (A.SENDING, b"\x00\xff{}", None, {})


def test_a_move_needs_one_of_the_states_before(store: Store) -> None:
    (post,) = schedule(store)
    attempt = begin(store, post)
    with store.writing() as tx:
        assert not tx.attempts.move(attempt.id, [A.IN_DOUBT, A.ABSENT], A.ACCEPTED, ANSWER)
        assert tx.attempts.move(attempt.id, [A.SENDING], A.ACCEPTED, ANSWER)
        assert not tx.attempts.move(attempt.id, [A.SENDING], A.NOT_SENT, {})
        found = tx.attempts.get(attempt.id)
    assert (found.state, found.post_id, found.known_by, found.settled_at) == (
        A.ACCEPTED,
        "123",
        KnownBy.ANSWER,
        NOW,
    )


def test_facts_are_stored_with_the_state(store: Store) -> None:
    (post,) = schedule(store)
    attempt = begin(store, post)
    evidence = {"status": 503, "age": 0.25, "near": [{"post_id": "1", "text": "สิบ"}], "none": None}
    move(store, attempt, A.IN_DOUBT, reason="503", duplicate=True, doubt_at=minutes(1), evidence=evidence)
    with store.writing() as tx:
        found = tx.attempts.get(attempt.id)
        assert (found.reason, found.duplicate, found.doubt_at) == ("503", True, minutes(1))
        assert found.evidence == evidence
        tx.attempts.amend(attempt.id, {"evidence": {}, "rechecked": True})
        found = tx.attempts.get(attempt.id)
        assert (found.evidence, found.rechecked, found.state) == ({}, True, A.IN_DOUBT)


def test_a_field_that_is_no_fact_is_a_mistake_of_the_program(store: Store) -> None:
    (post,) = schedule(store)
    attempt = begin(store, post)
    with pytest.raises(ValueError, match="not facts of an attempt: text"):
        move(store, attempt, A.NOT_SENT, text="another")


@pytest.mark.parametrize("state", [A.SENDING, A.IN_DOUBT, A.ACCEPTED])
def test_an_attempt_that_may_be_out_bars_another_of_the_same_post(store: Store, state: A) -> None:
    (post,) = schedule(store)
    first = begin(store, post)
    if state is not A.SENDING:
        move(store, first, state, **(ANSWER if state is A.ACCEPTED else {}))
    with pytest.raises(Refusal, match=r"another (attempt of this post|post of this account) is being sent"):
        begin(store, post, 2)


@pytest.mark.parametrize("state", [A.NOT_SENT, A.REFUSED, A.ABSENT])
def test_an_attempt_that_is_known_not_to_be_out_bars_nothing(store: Store, state: A) -> None:
    (post,) = schedule(store)
    first = begin(store, post)
    move(store, first, A.IN_DOUBT)
    move(store, first, state)
    assert begin(store, post, 2).state is A.SENDING


def test_an_account_sends_one_post_at_a_time_and_another_account_goes_on(store: Store) -> None:
    (first,), (second,) = schedule(store, "a"), schedule(store, "b")
    (other,) = schedule(store, "c", account=OTHER)
    attempt = begin(store, first)
    with pytest.raises(Refusal, match="another post of this account is being sent"):
        begin(store, second)
    begin(store, other)
    move(store, attempt, A.IN_DOUBT)
    begin(store, second)


def test_a_late_fact_overrules_absent(store: Store) -> None:
    (post,) = schedule(store)
    attempt = begin(store, post)
    move(store, attempt, A.IN_DOUBT)
    move(store, attempt, A.ABSENT)
    assert move(store, attempt, A.ACCEPTED, **ANSWER)


def test_a_late_fact_that_another_attempt_bars_is_refused_and_the_transaction_lives_on(store: Store) -> None:
    (post,) = schedule(store)
    first = begin(store, post)
    move(store, first, A.IN_DOUBT)
    move(store, first, A.ABSENT)
    begin(store, post, 2)
    with store.writing() as tx:
        with pytest.raises(
            Refusal, match="another attempt of this post is being sent, is in doubt or is accepted"
        ):
            tx.attempts.move(first.id, [A.ABSENT], A.ACCEPTED, ANSWER)
        tx.attempts.amend(first.id, {"evidence": {"late_fact": "123"}})
    with store.reading() as tx:
        found = tx.attempts.get(first.id)
    assert (found.state, found.evidence) == (A.ABSENT, {"late_fact": "123"})


def test_one_id_of_the_channel_never_belongs_to_two_attempts(store: Store) -> None:
    (first,), (second,) = schedule(store, "a"), schedule(store, "b")
    (other,) = schedule(store, "c", account=OTHER)
    move(store, begin(store, first), A.ACCEPTED, **ANSWER)
    with pytest.raises(Refusal, match="this post id belongs to another attempt"):
        move(store, begin(store, second), A.ACCEPTED, **ANSWER)
    move(store, begin(store, other), A.ACCEPTED, **ANSWER)


@pytest.mark.parametrize("known_by", [KnownBy.ANSWER, KnownBy.TIMELINE])
def test_an_acceptance_that_is_a_fact_is_final(store: Store, known_by: KnownBy) -> None:
    (post,) = schedule(store)
    attempt = begin(store, post)
    move(store, attempt, A.ACCEPTED, **{**ANSWER, "known_by": known_by})
    with pytest.raises(Refusal, match="an accepted attempt is final"):
        move(store, attempt, A.ABSENT)
    with pytest.raises(Refusal, match="an accepted attempt is final"):
        move(store, attempt, A.ACCEPTED, post_id="124")


def test_the_word_of_a_person_is_corrected_by_a_fact_only(store: Store) -> None:
    (post,) = schedule(store)
    attempt = begin(store, post)
    move(store, attempt, A.ACCEPTED, **{**ANSWER, "known_by": KnownBy.PERSON})
    with pytest.raises(Refusal, match="only a fact corrects what a person settled"):
        move(store, attempt, A.ACCEPTED, post_id="124", known_by=KnownBy.PERSON)
    assert move(store, attempt, A.ACCEPTED, post_id="124", known_by=KnownBy.TIMELINE)
    with store.reading() as tx:
        assert tx.attempts.owned(RSO, ["123", "124"]) == {"124": attempt.id}


def test_what_a_person_took_for_out_and_is_not_gives_its_id_back(store: Store) -> None:
    (post,) = schedule(store)
    attempt = begin(store, post)
    move(store, attempt, A.ACCEPTED, **{**ANSWER, "known_by": KnownBy.PERSON})
    move(store, attempt, A.ABSENT)
    with store.reading() as tx:
        found = tx.attempts.get(attempt.id)
        assert (found.post_id, found.known_by) == (None, None)
        assert tx.attempts.owned(RSO, ["123"]) == {}


def test_open_are_those_sending_or_in_doubt_the_oldest_first(store: Store) -> None:
    (first,), (second,), (third,) = schedule(store, "a"), schedule(store, "b"), schedule(store, "c")
    doubtful = begin(store, first)
    move(store, doubtful, A.IN_DOUBT)
    gone = begin(store, second)
    move(store, gone, A.NOT_SENT)
    sending = begin(store, third)
    with store.reading() as tx:
        assert [a.id for a in tx.attempts.open(RSO)] == [doubtful.id, sending.id]
        assert tx.attempts.open(OTHER) == []


def test_attempts_are_given_by_post_and_by_announcement_in_order(store: Store) -> None:
    first, second = schedule(store, "a", "One", "Two")
    one = begin(store, first)
    move(store, one, A.NOT_SENT)
    two = begin(store, first, 2)
    move(store, two, A.ACCEPTED, **ANSWER)
    three = begin(store, second)
    with store.reading() as tx:
        assert [a.id for a in tx.attempts.of_post(first.id)] == [one.id, two.id]
        assert [a.id for a in tx.attempts.of_announcement(1)] == [one.id, two.id, three.id]


def test_accepted_lists_what_was_settled_in_a_span_the_oldest_first(store: Store) -> None:
    for number in range(3):
        (post,) = schedule(store, f"a{number}")
        facts = {"post_id": str(number), "known_by": KnownBy.ANSWER, "settled_at": minutes(3 - number)}
        move(store, begin(store, post), A.ACCEPTED, **facts)
    begin(store, schedule(store, "open")[0])
    with store.reading() as tx:
        assert [a.post_id for a in tx.attempts.accepted(None, None)] == ["2", "1", "0"]
        assert [a.post_id for a in tx.attempts.accepted(minutes(2), minutes(3))] == ["1"]


def test_resent_are_acceptances_after_an_absent_one_until_they_are_read_again(store: Store) -> None:
    for key, earlier in (("a", A.ABSENT), ("b", A.NOT_SENT)):
        (post,) = schedule(store, key)
        first = begin(store, post)
        move(store, first, A.IN_DOUBT)
        move(store, first, earlier)
        move(store, begin(store, post, 2), A.ACCEPTED, **{**ANSWER, "post_id": key})
    move(store, begin(store, schedule(store, "c")[0]), A.ACCEPTED, **ANSWER)
    with store.writing() as tx:
        (resent,) = tx.attempts.resent(RSO)
        assert resent.post_id == "a"
        tx.attempts.amend(resent.id, {"rechecked": True})
        assert tx.attempts.resent(RSO) == []


def test_what_x_may_have_counted_and_billed_is_added_up_exactly(store: Store) -> None:
    states = [A.NOT_SENT, A.REFUSED, A.ABSENT, A.IN_DOUBT, A.ACCEPTED, A.SENDING]
    for number, state in enumerate(states):
        (post,) = schedule(store, f"a{number}")
        attempt = begin(store, post, at=minutes(number))
        if state is A.ABSENT:
            move(store, attempt, A.IN_DOUBT)
        if state is not A.SENDING:
            move(store, attempt, state, **(ANSWER if state is A.ACCEPTED else {}))
    with store.reading() as tx:
        assert tx.attempts.created_since(RSO, NOW) == 5
        assert tx.attempts.created_since(RSO, minutes(4)) == 2
        assert tx.attempts.spent_since(RSO, NOW) == Decimal("0.045")
        assert tx.attempts.spent_since(RSO, minutes(5)) == Decimal("0.015")
        assert tx.attempts.spent_since(OTHER, NOW) == 0
        assert tx.attempts.created_since(OTHER, NOW) == 0


def test_the_nth_latest_request_counts_all_that_may_have_left(store: Store) -> None:
    for number, state in enumerate([A.REFUSED, A.IN_DOUBT, A.NOT_SENT, A.SENDING]):
        attempt = begin(store, schedule(store, f"a{number}")[0], at=minutes(number))
        if state is not A.SENDING:
            move(store, attempt, state)
    with store.reading() as tx:
        latest = tx.attempts.nth_latest(RSO, (1, 2, 3, 4))
        assert list(latest) == [minutes(3), minutes(1), minutes(0), None]
        assert list(tx.attempts.nth_latest(OTHER, [1])) == [None]


def test_the_last_start_is_the_intent_of_the_last_first_post_that_may_be_out(store: Store) -> None:
    with store.reading() as tx:
        assert tx.attempts.last_first_post(RSO) is None
    first, second = schedule(store, "a", "One", "Two")
    move(store, begin(store, first, at=minutes(1)), A.ACCEPTED, **ANSWER)
    move(store, begin(store, second, at=minutes(2)), A.IN_DOUBT)
    move(store, begin(store, schedule(store, "b")[0], at=minutes(3)), A.NOT_SENT)
    with store.reading() as tx:
        assert tx.attempts.last_first_post(RSO) == minutes(1)


def test_an_account_has_sent_something_unless_all_that_is_known_not_to_have_left(store: Store) -> None:
    (post,) = schedule(store)
    first = begin(store, post)
    with store.reading() as tx:
        assert tx.attempts.any(RSO)
    move(store, first, A.NOT_SENT)
    with store.reading() as tx:
        assert not tx.attempts.any(RSO)
        assert not tx.attempts.any(OTHER)


def test_owned_takes_more_ids_than_a_statement_may_carry(store: Store) -> None:
    (post,) = schedule(store)
    attempt = begin(store, post)
    move(store, attempt, A.ACCEPTED, **ANSWER)
    with store.reading() as tx:
        assert tx.attempts.owned(RSO, [str(number) for number in range(40_000)]) == {"123": attempt.id}
        assert tx.attempts.owned(OTHER, ["123"]) == {}


def test_an_attempt_that_is_not_there_is_said_in_one_line(store: Store) -> None:
    with pytest.raises(InputError, match="there is no attempt 7"), store.reading() as tx:
        tx.attempts.get(7)


def test_what_is_asked_before_each_send_walks_an_index(database: Database, store: Store) -> None:
    (post,) = schedule(store)
    begin(store, post)
    with database.plans() as plans, store.reading() as tx:
        tx.attempts.open(RSO)
        tx.attempts.resent(RSO)
        tx.attempts.created_since(RSO, NOW)
        tx.attempts.spent_since(RSO, NOW)
        tx.attempts.last_first_post(RSO)
        tx.attempts.nth_latest(RSO, (1, 3))
        tx.attempts.any(RSO)
        tx.attempts.of_post(post.id)
        tx.attempts.of_announcement(1)
        tx.posts.of(1)
        tx.posts.published_at(1)
    assert plans
    assert not [step for step in plans if step.startswith("SCAN") and step != "SCAN CONSTANT ROW"], plans


def test_all_walks_every_attempt_of_every_account_over_its_pages(database: Database, store: Store) -> None:
    (post,) = schedule(store)
    (other,) = schedule(store, "b", account=OTHER)
    begin(store, post)
    begin(store, other)
    copies = (
        "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) "
        "INSERT INTO attempts SELECT {} FROM attempts, n WHERE id = 1"
    )
    columns = [name for _, name, *_ in database.run("PRAGMA table_info(attempts)")]
    new = {"id": "i", "number": "i", "state": "'absent'"}
    database.disarm()
    database.run(copies.format(", ".join(new.get(name, f'"{name}"') for name in columns)))
    with store.reading() as tx:
        found = list(tx.attempts.all())
    assert [attempt.id for attempt in found] == list(range(1, 2501))
    assert {attempt.account for attempt in found} == {RSO, OTHER}


def test_the_first_that_went_out_is_the_first_by_its_intent_and_of_its_account(store: Store) -> None:
    (later,) = schedule(store, "a")
    (earlier,) = schedule(store, "b")
    (refused,) = schedule(store, "c")
    with store.reading() as tx:
        assert tx.attempts.first_accepted(RSO) is None
    move(store, begin(store, later, at=minutes(9)), A.ACCEPTED, **ANSWER)
    move(store, begin(store, earlier, at=minutes(5)), A.ACCEPTED, **{**ANSWER, "post_id": "124"})
    move(store, begin(store, refused, at=minutes(1)), A.REFUSED, reason="no")
    with store.reading() as tx:
        first = tx.attempts.first_accepted(RSO)
        assert first is not None
        assert first.post_id == "124"
        assert tx.attempts.first_accepted(OTHER) is None
