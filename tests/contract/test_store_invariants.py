"""What the database itself refuses, whoever writes to it (design, section 4): shown by SQL past the store."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy.exc import IntegrityError

from bot.adapters.store.store import SqlStore
from bot.domain.announcement import Approved
from bot.domain.states import ATTEMPT_TRANSITIONS, TRANSITIONS, AttemptState, KnownBy, State
from tests.contract.database import NOW, OTHER, Database, begin, queue, schedule

A = AttemptState

COPY = """INSERT INTO attempts SELECT NULL, post, announcement_id, number + 1, account, user_id, text, body, fingerprint,
 reply_to, quote, since, cost_usd, worker, intent_at, edits, 'sending', NULL, NULL, reason, duplicate, NULL, NULL, rechecked,
 evidence
 FROM attempts WHERE id = 1"""


@pytest.fixture
def sending(database: Database, store: SqlStore) -> Database:
    """A database with one attempt, which is being sent."""
    begin(store, schedule(store, "a", "One", "Two")[0])
    store.close()
    return database


@pytest.fixture
def accepted(sending: Database) -> Database:
    """A database with one attempt, accepted by answer."""
    sending.run("UPDATE attempts SET state = 'accepted', post_id = '123', known_by = 'answer'")
    return sending


@pytest.mark.parametrize("state", ["sending", "in_doubt", "accepted"])
def test_a_second_attempt_of_a_post_that_may_be_out_is_refused(sending: Database, state: str) -> None:
    fact = ", post_id = '1', known_by = 'answer'" if state == "accepted" else ""
    sending.run(f"UPDATE attempts SET state = '{state}'{fact}")
    assert "UNIQUE" in sending.refusal(COPY)


def test_a_second_sending_of_an_account_is_refused_for_another_post_too(sending: Database) -> None:
    another = COPY.replace("SELECT NULL, post", "SELECT NULL, 2").replace("user_id, text", "user_id, 'Two'")
    assert sending.refusal(another) == "UNIQUE constraint failed: attempts.account"


def test_a_post_id_belongs_to_one_attempt(accepted: Database) -> None:
    another = COPY.replace("SELECT NULL, post", "SELECT NULL, 2").replace("user_id, text", "user_id, 'Two'")
    accepted.run(another)
    take = "UPDATE attempts SET state = 'accepted', post_id = '123', known_by = 'timeline' WHERE id = 2"
    assert accepted.refusal(take) == "UNIQUE constraint failed: attempts.account, attempts.post_id"


@pytest.mark.parametrize(
    "change",
    [
        "state = 'absent', post_id = NULL, known_by = NULL",
        "post_id = '124'",
        "known_by = 'person'",
    ],
)
def test_an_acceptance_by_answer_is_final(accepted: Database, change: str) -> None:
    assert accepted.refusal(f"UPDATE attempts SET {change}") == "bot: an accepted attempt is final"


def test_an_acceptance_by_a_person_gives_way_to_a_fact(sending: Database) -> None:
    sending.run("UPDATE attempts SET state = 'accepted', post_id = '123', known_by = 'person'")
    assert "only a fact" in sending.refusal("UPDATE attempts SET post_id = '124'")
    sending.run("UPDATE attempts SET post_id = '124', known_by = 'answer'")
    assert "final" in sending.refusal("UPDATE attempts SET post_id = '125'")


@pytest.mark.parametrize(
    "statement", ["DELETE FROM attempts", "DELETE FROM attempts WHERE state = 'sending'"]
)
def test_an_attempt_is_never_deleted(sending: Database, statement: str) -> None:
    assert sending.refusal(statement) == "bot: an attempt is never deleted"


def test_replacing_an_accepted_attempt_is_deleting_it(accepted: Database) -> None:
    with accepted.raw() as connection:
        connection.execute("PRAGMA recursive_triggers = ON")  # as on every connection of the program
        with pytest.raises(Exception, match="an attempt is never deleted"):
            connection.execute(COPY.replace("INSERT", "INSERT OR REPLACE"))


@pytest.mark.parametrize(
    "column",
    [
        "post",
        "announcement_id",
        "account",
        "text",
        "body",
        "fingerprint",
        "reply_to",
        "quote",
        "intent_at",
        "number",
    ],
)
def test_what_an_attempt_sends_is_not_changed(sending: Database, column: str) -> None:
    assert (
        sending.refusal(f"UPDATE attempts SET {column} = '9'") == "bot: what an attempt sends is not changed"
    )


def test_an_attempt_begins_as_sending(sending: Database) -> None:
    sending.run("UPDATE attempts SET state = 'not_sent'")
    begun = COPY.replace("'sending', NULL, NULL", "'accepted', '5', 'answer'")
    assert sending.refusal(begun) == "bot: an attempt begins as sending"


@pytest.mark.parametrize(
    ("column", "other"), [("text", "'Tempered'"), ("account", f"'{OTHER}'"), ("announcement_id", "2")]
)
def test_an_attempt_sends_nothing_but_the_approved_text_for_its_account(
    sending: Database, column: str, other: str
) -> None:
    sending.run("UPDATE attempts SET state = 'not_sent'")
    forged = COPY.replace(f", {column},", f", {other},", 1)
    assert forged != COPY
    assert "sends the approved text of its post" in sending.refusal(forged)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'accepted'",
        "state = 'accepted', post_id = '1'",
        "state = 'in_doubt', post_id = '1', known_by = 'answer'",
    ],
)
def test_only_what_is_accepted_has_an_id_and_somebody_who_knows_it(sending: Database, change: str) -> None:
    assert sending.refusal(f"UPDATE attempts SET {change}").startswith("CHECK constraint failed")


@pytest.mark.parametrize(
    "column",
    [
        "text",
        "fingerprint",
        "account",
        "announcement_id",
        "position",
        "cost_usd",
        "quoted_post_id",
        "quoted_announcement",
        "extras",
    ],
)
def test_an_approved_post_is_frozen(sending: Database, column: str) -> None:
    assert sending.refusal(f"UPDATE posts SET {column} = 9") == "bot: an approved post is frozen"


def test_a_post_that_was_sent_stays(sending: Database) -> None:
    assert sending.refusal("DELETE FROM posts WHERE id = 1") == "bot: a post that was sent stays"


def test_two_unfinished_posts_of_an_account_never_have_one_fingerprint(sending: Database) -> None:
    copy = """INSERT INTO posts SELECT NULL, announcement_id, 7, account, text, fingerprint, cost_usd,
     media, NULL, NULL, NULL, NULL, NULL, extras, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL FROM posts WHERE id = 1"""
    assert sending.refusal(copy) == "UNIQUE constraint failed: posts.account, posts.fingerprint"
    sending.run("UPDATE posts SET finished = 1", copy)


def test_one_announcement_for_each_source_and_key(database: Database, store: SqlStore) -> None:
    queue(store, "a")
    queue(store, "b")
    message = database.refusal("UPDATE announcements SET key = 'a' WHERE key = 'b'")
    assert message == "UNIQUE constraint failed: announcements.source, announcements.key"


def test_an_announcement_begins_as_a_draft(database: Database, store: SqlStore) -> None:
    queue(store)
    columns = [name for (_, name, *_) in database.run("PRAGMA table_info(announcements)")]
    given = {"id": "NULL", "key": "'b'", "state": "'scheduled'"}
    values = ", ".join(given.get(name, name) for name in columns)
    assert "begins as a draft" in database.refusal(
        f"INSERT INTO announcements SELECT {values} FROM announcements"
    )


def bypass(database: Database, table: str, change: str) -> None:
    """Put the row into a state, as only somebody without triggers could; the triggers come back."""
    triggers = database.run(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"
    )
    drop = [f"DROP TRIGGER {name}" for name, _ in triggers]
    database.run(*drop, f"UPDATE {table} SET {change}", *(text for _, text in triggers))


def test_announcements_move_along_the_chart_and_no_other_way(database: Database, store: SqlStore) -> None:
    queue(store)
    for before, after in itertools.permutations(State, 2):
        bypass(database, "announcements", f"state = '{before}'")
        move = f"UPDATE announcements SET state = '{after}'"
        if after in TRANSITIONS[before]:
            database.run(move)
        else:
            assert "does not go from that state" in database.refusal(move), (before, after)


def fact_of(state: A, known_by: KnownBy) -> str:
    post_id, known = ("'1'", f"'{known_by}'") if state is A.ACCEPTED else ("NULL", "NULL")
    return f"post_id = {post_id}, known_by = {known}"


def test_attempts_move_along_the_chart_and_no_other_way(sending: Database) -> None:
    for before, after in itertools.permutations(A, 2):
        bypass(sending, "attempts", f"state = '{before}', {fact_of(before, KnownBy.PERSON)}")
        move = f"UPDATE attempts SET state = '{after}', {fact_of(after, KnownBy.ANSWER)}"
        if after in ATTEMPT_TRANSITIONS[before]:
            sending.run(move)
        else:
            assert "does not go from that state" in sending.refusal(move), (before, after)


def test_the_stored_chart_is_the_one_of_the_domain(database: Database) -> None:
    stored = set(database.run("SELECT kind, before, after FROM state_transitions"))
    charts = (("announcement", TRANSITIONS), ("attempt", ATTEMPT_TRANSITIONS))
    assert stored == {
        (kind, before.value, after.value)
        for kind, chart in charts
        for before, targets in chart.items()
        for after in targets
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET data = '{}' WHERE seq = 1",
        "UPDATE journal SET seq = 9 WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 2",
        "DELETE FROM journal",
    ],
)
def test_no_row_of_the_journal_is_changed_or_deleted(
    database: Database, store: SqlStore, statement: str
) -> None:
    with store.writing() as tx:
        for _ in range(2):
            tx.journal.append("seen", at=NOW, actor="me", data={})
    assert database.refusal(statement).startswith("bot: the journal is append-only")


@pytest.mark.parametrize(
    ("seq", "previous"),
    [
        ("2", "hash"),
        ("4", "hash"),
        ("3", "previous"),
        ("3", "'" + "0" * 64 + "'"),
        ("1", "hash"),
        ("-1", "hash"),
    ],
)
def test_a_row_of_the_journal_follows_the_last_one(
    database: Database, store: SqlStore, seq: str, previous: str
) -> None:
    with store.writing() as tx:
        for _ in range(2):
            tx.journal.append("seen", at=NOW, actor="me", data={})
    row = f"""INSERT OR REPLACE INTO journal
     SELECT {seq}, at, actor, event, announcement_id, data, {previous}, hash FROM journal WHERE seq = 2"""
    assert database.refusal(row) == "bot: a row of the journal follows the last one"


def test_the_program_stores_no_approval_of_nothing(store: SqlStore) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), store.writing() as tx:
        tx.announcements.approve(99, Approved("me", NOW, "d", own=True))
