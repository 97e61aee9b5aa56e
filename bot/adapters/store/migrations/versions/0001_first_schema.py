"""The first schema.

Revision ID: 0001
Revises:
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.String(27)
WORD = sa.String(20)


def upgrade() -> None:
    series()
    announcements()
    announcement_indexes()
    approvals()
    posts()
    uploads()
    attempts()
    campaign_stops()
    others()
    state_chart()


def time_columns(name: str) -> list[sa.Column[Any]]:
    """A time that an announcement may have: as it is written, and its instant."""
    return [
        sa.Column(f"{name}_wall", sa.String(32)),
        sa.Column(f"{name}_zone", sa.Text),
        sa.Column(f"{name}_at", INSTANT),
        sa.Column(f"{name}_fixed", sa.Boolean),
    ]


def series() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("begins", sa.String(32), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("wake_at", INSTANT),
        sa.Column("trouble", sa.Text, nullable=False),
        sa.Column("stopped_at", INSTANT),
        sa.Column("stopped_by", sa.Text),
        sa.Column("stopped_reason", sa.Text),
        sa.UniqueConstraint("source", "key", name="series_source_key"),
        sqlite_autoincrement=True,
    )
    partial("series_wake", "series", ["wake_at"], "wake_at IS NOT NULL")


def announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("due_wall", sa.String(32)),
        sa.Column("due_zone", sa.Text),
        sa.Column("due_at", INSTANT),
        sa.Column("due_fixed", sa.Boolean, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text),
        sa.Column("held_reason", WORD),
        sa.Column("held_detail", sa.Text),
        sa.Column("released_at", INSTANT),
        sa.Column("wake_at", INSTANT),
        sa.Column("claimed_by", sa.Text),
        *time_columns("embargo"),
        sa.Column("embargo_asked_by", sa.Text),
        sa.Column("embargo_asked_at", INSTANT),
        sa.Column("embargo_asked_reason", sa.Text),
        sa.Column("embargo_lifted_by", sa.Text),
        sa.Column("embargo_lifted_at", INSTANT),
        sa.Column("embargo_lifted_reason", sa.Text),
        *time_columns("expires"),
        sa.Column("family", sa.Text),
        sa.Column("words_revision", sa.Integer, nullable=False),
        sa.Column("original_revision", sa.Integer),
        sa.Column("corrects", sa.Integer),
        sa.Column("series", sa.Integer, sa.ForeignKey("series.id")),
        sa.Column("occurrence", sa.String(32)),
        sa.Column("series_wrote", sa.Integer),
        sa.UniqueConstraint("source", "key", name="announcements_source_key"),
        sa.CheckConstraint(
            "embargo_lifted_by IS NULL OR (embargo_asked_by IS NOT NULL AND embargo_asked_by <> embargo_lifted_by)",
            name="announcements_embargo_two_people",
        ),
        sqlite_autoincrement=True,
    )


def announcement_indexes() -> None:
    op.create_index("announcements_key", "announcements", ["key"])
    op.create_index("announcements_due", "announcements", ["due_at", "id"])
    op.create_index("announcements_account_due", "announcements", ["account", "due_at"])
    op.create_index("announcements_state", "announcements", ["state", "due_at", "id"])
    partial("announcements_embargo_asked", "announcements", ["due_at", "id"], "embargo_asked_by IS NOT NULL")
    partial("announcements_wake", "announcements", ["account", "wake_at", "id"], "wake_at IS NOT NULL")
    partial("announcements_family", "announcements", ["source", "family"], "family IS NOT NULL")
    one_occurrence = ["series", "occurrence"]
    partial("announcements_one_occurrence", "announcements", one_occurrence, "series IS NOT NULL", unique=True)
    unfinished = "corrects IS NOT NULL AND (state NOT IN ('cancelled', 'missed', 'published', 'withdrawn'))"
    partial("announcements_one_correction", "announcements", ["corrects"], unfinished, unique=True)


def approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("announcement_id", sa.Integer, sa.ForeignKey("announcements.id"), primary_key=True),
        sa.Column("by", sa.Text, primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
    )


def posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("announcement_id", sa.Integer, sa.ForeignKey("announcements.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("cost_usd", sa.BigInteger, nullable=False),
        sa.Column("media", sa.Text, nullable=False),
        sa.Column("parent_post", sa.Integer, sa.ForeignKey("posts.id")),
        sa.Column("parent_post_id", sa.Text),
        sa.Column("parent_announcement", sa.Integer, sa.ForeignKey("announcements.id")),
        sa.Column("quoted_post_id", sa.Text),
        sa.Column("quoted_announcement", sa.Integer, sa.ForeignKey("announcements.id")),
        sa.Column("extras", sa.Text, nullable=False),
        sa.Column("corrects", sa.Integer, sa.ForeignKey("posts.id")),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.Column("superseded", sa.Boolean, nullable=False),
        sa.Column("withdraw_asked_at", INSTANT),
        sa.Column("withdraw_asked_by", sa.Text),
        sa.Column("withdraw_reason", sa.Text),
        sa.Column("withdraw_cost_usd", sa.BigInteger),
        sa.Column("withdrawn_at", INSTANT),
        sqlite_autoincrement=True,
    )
    op.create_index("posts_parent_post", "posts", ["parent_post"])
    op.create_index("posts_announcement", "posts", ["announcement_id"])
    op.create_index("posts_fingerprint", "posts", ["account", "fingerprint"])
    partial("posts_withdrawals", "posts", ["account", "withdraw_asked_at"], "withdraw_asked_at IS NOT NULL")
    partial("posts_corrections", "posts", ["corrects"], "corrects IS NOT NULL")
    partial("posts_later", "posts", ["account"], "position > 0")
    partial("posts_position", "posts", ["announcement_id", "position"], "superseded IS 0", unique=True)
    partial("posts_one_text", "posts", ["account", "fingerprint"], "finished IS 0", unique=True)


def uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("scaled", sa.Boolean, primary_key=True),
        sa.Column("alt", sa.Text, primary_key=True),
        sa.Column("media_id", sa.Text, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ready", sa.Boolean, nullable=False),
        sa.Column("check_at", INSTANT),
    )


def attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("post", sa.Integer, sa.ForeignKey("posts.id"), nullable=False),
        sa.Column("announcement_id", sa.Integer, sa.ForeignKey("announcements.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("reply_to", sa.Text),
        sa.Column("quote", sa.Text),
        sa.Column("since", sa.Text),
        sa.Column("cost_usd", sa.BigInteger, nullable=False),
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("intent_at", INSTANT, nullable=False),
        sa.Column("edits", sa.Text),
        sa.Column("state", WORD, nullable=False),
        sa.Column("post_id", sa.Text),
        sa.Column("known_by", WORD),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("duplicate", sa.Boolean, nullable=False),
        sa.Column("doubt_at", INSTANT),
        sa.Column("settled_at", INSTANT),
        sa.Column("rechecked", sa.Boolean, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.UniqueConstraint("post", "number", name="attempts_number"),
        sa.CheckConstraint("(state = 'accepted') = (post_id IS NOT NULL)", name="attempts_accepted_has_post_id"),
        sa.CheckConstraint("(state = 'accepted') = (known_by IS NOT NULL)", name="attempts_accepted_is_known_by"),
        sqlite_autoincrement=True,
    )
    barring = "state IN ('accepted', 'in_doubt', 'sending')"
    partial("attempts_one_per_post", "attempts", ["post"], barring, unique=True)
    partial("attempts_one_sending", "attempts", ["account"], "state = 'sending'", unique=True)
    partial("attempts_post_id", "attempts", ["account", "post_id"], "post_id IS NOT NULL", unique=True)
    partial("attempts_open", "attempts", ["account", "id"], "state IN ('in_doubt', 'sending')")
    resent = "state = 'accepted' AND number > 1 AND rechecked IS 0"
    partial("attempts_to_recheck", "attempts", ["account"], resent)
    partial("attempts_settled", "attempts", ["settled_at", "id"], "state = 'accepted'")
    partial("attempts_edits", "attempts", ["account", "edits"], "edits IS NOT NULL")
    op.create_index("attempts_announcement", "attempts", ["announcement_id"])
    op.create_index("attempts_account_intent", "attempts", ["account", "intent_at", "state", "cost_usd"])


def campaign_stops() -> None:
    op.create_table(
        "campaign_stops",
        sa.Column("campaign", sa.Text, primary_key=True),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
    )


def others() -> None:
    op.create_table(
        "accounts",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("newest_post_id", sa.Text),
        sa.Column("wait_until", INSTANT),
    )
    op.create_table(
        "pauses",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("kind", WORD, primary_key=True),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
    )
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("announcement_id", sa.Integer),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("journal_announcement", "journal", ["announcement_id", "seq"])
    op.create_index("journal_event", "journal", ["event", "at"])
    op.create_table(
        "workers",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
    )
    op.create_table(
        "kept_records",
        sa.Column(
            "announcement_id", sa.Integer, sa.ForeignKey("announcements.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer),
    )
    op.create_index("kept_records_folder", "kept_records", ["folder"])


STATE_CHART = {
    "announcement": {
        "draft": "submitted scheduled cancelled",
        "submitted": "draft scheduled cancelled",
        "scheduled": "draft submitted publishing published held missed cancelled",
        "publishing": "scheduled published held missed partly_published",
        "published": "withdrawn partly_published",
        "held": "draft submitted scheduled publishing published partly_published cancelled",
        "missed": "draft submitted scheduled publishing published partly_published cancelled",
        "cancelled": "draft published partly_published",
        "partly_published": "publishing published withdrawn",
    },
    "attempt": {
        "sending": "accepted not_sent refused in_doubt",
        "in_doubt": "accepted absent not_sent refused",
        "absent": "accepted not_sent refused",
        "not_sent": "accepted",
        "refused": "accepted",
        "accepted": "absent",
    },
}


def state_chart() -> None:
    table = op.create_table(
        "state_transitions",
        sa.Column("kind", WORD, primary_key=True),
        sa.Column("before", WORD, primary_key=True),
        sa.Column("after", WORD, primary_key=True),
    )
    op.bulk_insert(
        table,
        [
            {"kind": kind, "before": before, "after": after}
            for kind, moves in STATE_CHART.items()
            for before, targets in moves.items()
            for after in targets.split()
        ],
    )


def partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where))
