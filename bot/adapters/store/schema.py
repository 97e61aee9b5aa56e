"""The tables and the indexes that hold the invariants (design, section 4). The triggers are in `invariants.py`."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
)

from bot.adapters.store.types import Dollars, ExtrasJson, Instant, Json, MediaJson, RecordJson, WallTime, Word
from bot.application.ports.account_states import PauseKind
from bot.domain.states import BARRING_ATTEMPTS, OPEN_ATTEMPTS, AttemptState, HeldReason, KnownBy, State

VERSIONS = ("0001",)
"""Every revision of the schema, the newest last."""

metadata = MetaData()

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("record", RecordJson, nullable=False),
    Column("begins", WallTime, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("wake_at", Instant),
    Column("trouble", Text, nullable=False),
    Column("stopped_at", Instant),
    Column("stopped_by", Text),
    Column("stopped_reason", Text),
    UniqueConstraint("source", "key", name="series_source_key"),
    sqlite_autoincrement=True,
)
Index("series_wake", series.c.wake_at, sqlite_where=series.c.wake_at.is_not(None))

announcements = Table(
    "announcements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("state", Word(State), nullable=False),
    Column("record", RecordJson, nullable=False),
    Column("search", Text, nullable=False),
    Column("due_wall", WallTime),
    Column("due_zone", Text),
    Column("due_at", Instant),
    Column("due_fixed", Boolean, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("digest", Text),
    Column("held_reason", Word(HeldReason)),
    Column("held_detail", Text),
    Column("released_at", Instant),
    Column("wake_at", Instant),
    Column("claimed_by", Text),
    Column("embargo_wall", WallTime),
    Column("embargo_zone", Text),
    Column("embargo_at", Instant),
    Column("embargo_fixed", Boolean),
    Column("embargo_asked_by", Text),
    Column("embargo_asked_at", Instant),
    Column("embargo_asked_reason", Text),
    Column("embargo_lifted_by", Text),
    Column("embargo_lifted_at", Instant),
    Column("embargo_lifted_reason", Text),
    Column("expires_wall", WallTime),
    Column("expires_zone", Text),
    Column("expires_at", Instant),
    Column("expires_fixed", Boolean),
    Column("family", Text),
    Column("words_revision", Integer, nullable=False),
    Column("original_revision", Integer),
    Column("corrects", Integer),
    Column("series", Integer, ForeignKey("series.id")),
    Column("occurrence", WallTime),
    Column("series_wrote", Integer),
    UniqueConstraint("source", "key", name="announcements_source_key"),
    CheckConstraint(
        "embargo_lifted_by IS NULL OR (embargo_asked_by IS NOT NULL AND embargo_asked_by <> embargo_lifted_by)",
        name="announcements_embargo_two_people",
    ),
    sqlite_autoincrement=True,
)
Index("announcements_key", announcements.c.key)
Index("announcements_due", announcements.c.due_at, announcements.c.id)
Index("announcements_account_due", announcements.c.account, announcements.c.due_at)
Index("announcements_state", announcements.c.state, announcements.c.due_at, announcements.c.id)
Index(
    "announcements_embargo_asked",
    announcements.c.due_at,
    announcements.c.id,
    sqlite_where=announcements.c.embargo_asked_by.is_not(None),
)
Index(
    "announcements_wake",
    announcements.c.account,
    announcements.c.wake_at,
    announcements.c.id,
    sqlite_where=announcements.c.wake_at.is_not(None),
)
Index(
    "announcements_family",
    announcements.c.source,
    announcements.c.family,
    sqlite_where=announcements.c.family.is_not(None),
)

Index(
    "announcements_one_occurrence",
    announcements.c.series,
    announcements.c.occurrence,
    unique=True,
    sqlite_where=announcements.c.series.is_not(None),
)

_FINISHED = (State.CANCELLED, State.MISSED, State.PUBLISHED, State.WITHDRAWN)
Index(
    "announcements_one_correction",
    announcements.c.corrects,
    unique=True,
    sqlite_where=announcements.c.corrects.is_not(None)
    & announcements.c.state.not_in([literal_column(f"'{state.value}'") for state in _FINISHED]),
)

approvals = Table(
    "approvals",
    metadata,
    Column("announcement_id", Integer, ForeignKey("announcements.id"), primary_key=True),
    Column("by", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("digest", Text, nullable=False),
    Column("own", Boolean, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("announcement_id", Integer, ForeignKey("announcements.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("account", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("cost_usd", Dollars, nullable=False),
    Column("media", MediaJson, nullable=False),
    Column("parent_post", Integer, ForeignKey("posts.id")),
    Column("parent_post_id", Text),
    Column("parent_announcement", Integer, ForeignKey("announcements.id")),
    Column("quoted_post_id", Text),
    Column("quoted_announcement", Integer, ForeignKey("announcements.id")),
    Column("extras", ExtrasJson, nullable=False),
    Column("corrects", Integer, ForeignKey("posts.id")),
    Column("finished", Boolean, nullable=False),
    Column("superseded", Boolean, nullable=False),
    Column("withdraw_asked_at", Instant),
    Column("withdraw_asked_by", Text),
    Column("withdraw_reason", Text),
    Column("withdraw_cost_usd", Dollars),
    Column("withdrawn_at", Instant),
    sqlite_autoincrement=True,
)
Index("posts_parent_post", posts.c.parent_post)
Index("posts_announcement", posts.c.announcement_id)
Index("posts_fingerprint", posts.c.account, posts.c.fingerprint)

WITHDRAWAL_ASKED: ColumnElement[bool] = posts.c.withdraw_asked_at.is_not(None)
Index("posts_withdrawals", posts.c.account, posts.c.withdraw_asked_at, sqlite_where=WITHDRAWAL_ASKED)

Index("posts_corrections", posts.c.corrects, sqlite_where=posts.c.corrects.is_not(None))

LATER_POST: ColumnElement[bool] = posts.c.position > literal_column("0")
Index("posts_later", posts.c.account, sqlite_where=LATER_POST)

CURRENT_POST: ColumnElement[bool] = posts.c.superseded.is_(false())
Index(
    "posts_position",
    posts.c.announcement_id,
    posts.c.position,
    unique=True,
    sqlite_where=CURRENT_POST,
    postgresql_where=CURRENT_POST,
)

UNFINISHED_POST: ColumnElement[bool] = posts.c.finished.is_(false())
Index(
    "posts_one_text",
    posts.c.account,
    posts.c.fingerprint,
    unique=True,
    sqlite_where=UNFINISHED_POST,
)

uploads = Table(
    "uploads",
    metadata,
    Column("account", Text, primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("scaled", Boolean, primary_key=True),
    Column("alt", Text, primary_key=True),
    Column("media_id", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ready", Boolean, nullable=False),
    Column("check_at", Instant),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post", Integer, ForeignKey("posts.id"), nullable=False),
    Column("announcement_id", Integer, ForeignKey("announcements.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("account", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("reply_to", Text),
    Column("quote", Text),
    Column("since", Text),
    Column("cost_usd", Dollars, nullable=False),
    Column("worker", Text, nullable=False),
    Column("intent_at", Instant, nullable=False),
    Column("edits", Text),
    Column("state", Word(AttemptState), nullable=False),
    Column("post_id", Text),
    Column("known_by", Word(KnownBy)),
    Column("reason", Text, nullable=False),
    Column("duplicate", Boolean, nullable=False),
    Column("doubt_at", Instant),
    Column("settled_at", Instant),
    Column("rechecked", Boolean, nullable=False),
    Column("evidence", Json, nullable=False),
    UniqueConstraint("post", "number", name="attempts_number"),
    CheckConstraint("(state = 'accepted') = (post_id IS NOT NULL)", name="attempts_accepted_has_post_id"),
    CheckConstraint("(state = 'accepted') = (known_by IS NOT NULL)", name="attempts_accepted_is_known_by"),
    sqlite_autoincrement=True,
)


def _state_among(states: frozenset[AttemptState]) -> ColumnElement[bool]:
    # Literals, not bound values: only so can SQLite see that a partial index serves the query.
    return attempts.c.state.in_([literal_column(f"'{state.value}'") for state in sorted(states)])


OPEN: ColumnElement[bool] = _state_among(OPEN_ATTEMPTS)
BARRING: ColumnElement[bool] = _state_among(BARRING_ATTEMPTS)
SENDING: ColumnElement[bool] = attempts.c.state == literal_column("'sending'")
HAS_POST_ID: ColumnElement[bool] = attempts.c.post_id.is_not(None)
ACCEPTED: ColumnElement[bool] = attempts.c.state == literal_column("'accepted'")
TO_RECHECK: ColumnElement[bool] = (
    ACCEPTED & (attempts.c.number > literal_column("1")) & attempts.c.rechecked.is_(false())
)

Index("attempts_one_per_post", attempts.c.post, unique=True, sqlite_where=BARRING)
Index("attempts_one_sending", attempts.c.account, unique=True, sqlite_where=SENDING)
Index(
    "attempts_post_id",
    attempts.c.account,
    attempts.c.post_id,
    unique=True,
    sqlite_where=HAS_POST_ID,
)
Index("attempts_open", attempts.c.account, attempts.c.id, sqlite_where=OPEN)
Index("attempts_to_recheck", attempts.c.account, sqlite_where=TO_RECHECK)
Index("attempts_settled", attempts.c.settled_at, attempts.c.id, sqlite_where=ACCEPTED)
EDITS: ColumnElement[bool] = attempts.c.edits.is_not(None)
Index("attempts_edits", attempts.c.account, attempts.c.edits, sqlite_where=EDITS)
Index("attempts_announcement", attempts.c.announcement_id)
Index(
    "attempts_account_intent",
    attempts.c.account,
    attempts.c.intent_at,
    attempts.c.state,
    attempts.c.cost_usd,
)

accounts = Table(
    "accounts",
    metadata,
    Column("account", Text, primary_key=True),
    Column("newest_post_id", Text),
    Column("wait_until", Instant),
)

pauses = Table(
    "pauses",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("kind", Word(PauseKind), primary_key=True),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("since", Instant, nullable=False),
)

campaign_stops = Table(
    "campaign_stops",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("since", Instant, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("actor", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("announcement_id", Integer),
    Column("data", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
Index("journal_announcement", journal.c.announcement_id, journal.c.seq)
Index("journal_event", journal.c.event, journal.c.at)

workers = Table(
    "workers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended", Boolean, nullable=False),
)

kept_records = Table(
    "kept_records",
    metadata,
    Column("announcement_id", Integer, ForeignKey("announcements.id"), primary_key=True, autoincrement=False),
    Column("folder", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("revision", Integer),
)
Index("kept_records_folder", kept_records.c.folder)

state_transitions = Table(
    "state_transitions",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("before", String(20), primary_key=True),
    Column("after", String(20), primary_key=True),
)
