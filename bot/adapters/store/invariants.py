"""The triggers that hold what an index cannot (design, section 4), for each dialect.

They are put in place anew at the end of every upgrade, so a migration need not know them. Each refusal starts
with `bot: `, by which `faults.py` knows it.
"""

from __future__ import annotations

from sqlalchemy import Connection

MARK = "bot: "
"""How every refusal of a trigger begins."""

_SQLITE: dict[str, str] = {
    "journal_no_update": """
        BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'bot: the journal is append-only: no row of it is changed'); END""",
    "journal_no_delete": """
        BEFORE DELETE ON journal
        BEGIN SELECT RAISE(ABORT, 'bot: the journal is append-only: no row of it is deleted'); END""",
    "journal_in_order": """
        BEFORE INSERT ON journal
        WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM journal)
          OR NEW.previous IS NOT coalesce((SELECT hash FROM journal ORDER BY seq DESC LIMIT 1), printf('%064d', 0))
        BEGIN SELECT RAISE(ABORT, 'bot: a row of the journal follows the last one'); END""",
    "announcements_begin": """
        BEFORE INSERT ON announcements WHEN NEW.state IS NOT 'draft'
        BEGIN SELECT RAISE(ABORT, 'bot: an announcement begins as a draft'); END""",
    "announcements_moves": """
        BEFORE UPDATE OF state ON announcements
        WHEN NEW.state IS NOT OLD.state AND NOT EXISTS (
          SELECT 1 FROM state_transitions
          WHERE kind = 'announcement' AND "before" = OLD.state AND "after" = NEW.state)
        BEGIN SELECT RAISE(ABORT, 'bot: an announcement does not go from that state to this one'); END""",
    "announcements_embargo": """
        BEFORE UPDATE OF embargo_at ON announcements
        WHEN OLD.embargo_at > NEW.updated_at AND OLD.embargo_lifted_by IS NULL
          AND (NEW.embargo_at IS NULL OR NEW.embargo_at < OLD.embargo_at)
        BEGIN SELECT RAISE(ABORT, 'bot: an embargo is lifted by two people, not brought forward'); END""",
    "posts_frozen": """
        BEFORE UPDATE OF id, announcement_id, position, account, text, fingerprint, cost_usd, media,
          parent_post, parent_post_id, parent_announcement, quoted_post_id, quoted_announcement, extras, corrects ON posts
        BEGIN SELECT RAISE(ABORT, 'bot: an approved post is frozen'); END""",
    "posts_sent_stay": """
        BEFORE DELETE ON posts WHEN EXISTS (SELECT 1 FROM attempts WHERE post = OLD.id)
        BEGIN SELECT RAISE(ABORT, 'bot: a post that was sent stays'); END""",
    "attempts_begin": """
        BEFORE INSERT ON attempts WHEN NEW.state IS NOT 'sending'
        BEGIN SELECT RAISE(ABORT, 'bot: an attempt begins as sending'); END""",
    "attempts_of_the_approved": """
        BEFORE INSERT ON attempts WHEN NOT EXISTS (
          SELECT 1 FROM posts WHERE id = NEW.post AND announcement_id = NEW.announcement_id
          AND account = NEW.account AND text = NEW.text)
        BEGIN SELECT RAISE(ABORT, 'bot: an attempt sends the approved text of its post, for its account'); END""",
    "attempts_after_embargo": """
        BEFORE INSERT ON attempts WHEN EXISTS (
          SELECT 1 FROM announcements WHERE id = NEW.announcement_id
          AND embargo_at > NEW.intent_at AND embargo_lifted_by IS NULL)
        BEGIN SELECT RAISE(ABORT, 'bot: nothing is sent before its embargo ends'); END""",
    "attempts_before_expiry": """
        BEFORE INSERT ON attempts WHEN EXISTS (
          SELECT 1 FROM announcements WHERE id = NEW.announcement_id AND expires_at <= NEW.intent_at)
        BEGIN SELECT RAISE(ABORT, 'bot: nothing is sent once it has expired'); END""",
    "attempts_moves": """
        BEFORE UPDATE OF state ON attempts
        WHEN NEW.state IS NOT OLD.state AND NOT EXISTS (
          SELECT 1 FROM state_transitions
          WHERE kind = 'attempt' AND "before" = OLD.state AND "after" = NEW.state)
        BEGIN SELECT RAISE(ABORT, 'bot: an attempt does not go from that state to this one'); END""",
    "attempts_sent_as_stored": """
        BEFORE UPDATE OF id, post, announcement_id, number, account, user_id, text, body, fingerprint,
          reply_to, quote, since, cost_usd, worker, intent_at, edits ON attempts
        BEGIN SELECT RAISE(ABORT, 'bot: what an attempt sends is not changed'); END""",
    "attempts_accepted_final": """
        BEFORE UPDATE OF state, post_id, known_by ON attempts
        WHEN OLD.state = 'accepted' AND OLD.known_by IS NOT 'person' AND (
          NEW.state IS NOT OLD.state OR NEW.post_id IS NOT OLD.post_id OR NEW.known_by IS NOT OLD.known_by)
        BEGIN SELECT RAISE(ABORT, 'bot: an accepted attempt is final'); END""",
    "attempts_person_corrected": """
        BEFORE UPDATE OF state, post_id, known_by ON attempts
        WHEN OLD.state = 'accepted' AND OLD.known_by = 'person' AND NEW.state = 'accepted'
          AND NEW.post_id IS NOT OLD.post_id AND NEW.known_by = 'person'
        BEGIN SELECT RAISE(ABORT, 'bot: only a fact corrects what a person settled'); END""",
    "attempts_no_delete": """
        BEFORE DELETE ON attempts
        BEGIN SELECT RAISE(ABORT, 'bot: an attempt is never deleted'); END""",
}

_TRIGGERS: dict[str, dict[str, str]] = {"sqlite": _SQLITE}


def remove(connection: Connection) -> None:
    """Drop the triggers, those of an older version too, so that a migration can work."""
    for name in (
        connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    ):
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def install(connection: Connection) -> None:
    """Put the triggers in place."""
    for name, rule in _TRIGGERS[connection.dialect.name].items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name}{rule}")
