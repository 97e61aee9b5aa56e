"""The JSON shapes of what commands show; their keys are a contract (`docs/cli.md`)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.post import Post, link_of
from bot.domain.walltime import show, to_the_second
from bot.entrypoints.cli import limits
from bot.entrypoints.cli.choices import choices

if TYPE_CHECKING:
    from bot.application.compare import Compared
    from bot.application.doubt import Doubt, Near
    from bot.application.ports.series import Waiting
    from bot.application.report import LogRow, Shown, Status
    from bot.application.verify import Verified
    from bot.domain.announcement import Announcement, Due
    from bot.domain.attempt import Attempt
    from bot.domain.card import Card, CorrectionCard
    from bot.domain.journal import Event
    from bot.domain.media import PostMedia
    from bot.domain.series import Series


def instant(moment: datetime | None) -> str | None:
    """Write an instant as ISO 8601 in UTC, ending with Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def shown(due: Due | None) -> str:
    """Write a due time for people: local time, zone and UTC."""
    return "no time" if due is None else show(to_the_second(due))


def announcement(each: Announcement) -> dict[str, Any]:
    """Give the shape of an announcement."""
    return {
        "id": each.id,
        "key": None if each.key.startswith("auto:") else each.key,
        "name": each.name,
        "state": each.state,
        "held": asdict(each.held) if each.held else None,
        "campaign": each.record.campaign,
        "account": each.account,
        "title": each.record.title,
        "language": each.record.language,
        "translation_of": each.record.translation_of,
        "due_at": instant(each.due.at) if each.due else None,
        "due": shown(each.due) if each.due else None,
        "digest": each.digest,
        "revision": each.revision,
        "original_revision": each.original_revision,
        "author": each.author,
        "approved_by": [approved.by for approved in each.approvals],
        **limits.keys(each.embargo, each.expires),
    }


def card(each: Card) -> dict[str, Any]:
    """Give the shape of a card: exactly what will go out."""
    return {
        "name": each.name,
        "campaign": each.campaign,
        "title": each.title,
        "account": each.account,
        "handle": each.handle,
        "language": each.language,
        "due_at": instant(each.due.at) if each.due else None,
        "due": shown(each.due) if each.due else None,
        **limits.keys(each.embargo, each.expires),
        "reply_to": each.reply_to,
        "quote": each.quote,
        "digest": each.digest,
        "frozen": each.frozen,
        "family": [asdict(member) for member in each.family],
        "posts": [
            {
                "text": post.text,
                "weighted_length": post.weighted_length,
                "limit": post.limit,
                "links": list(post.links),
                "cost_usd": float(post.cost_usd),
                "media": [media(item) for item in post.media],
                **asdict(post.extras),
            }
            for post in each.posts
        ],
        "cost_usd": float(each.cost_usd),
        "corrects": correction(each.corrects) if each.corrects else None,
        "problems": [asdict(finding) for finding in each.problems],
        "warnings": [asdict(finding) for finding in each.warnings],
    }


def correction(each: CorrectionCard) -> dict[str, Any]:
    """Give the shape of what a card corrects."""
    return {
        "announcement": each.name,
        "number": each.number,
        "post_id": each.post_id,
        "text": each.text,
        "changes": [{"kind": change.kind, "text": change.text} for change in each.changes],
        "until": instant(each.until),
    }


def media(each: PostMedia) -> dict[str, Any]:
    """Give the shape of a picture or film that goes with a post."""
    facts = each.facts
    return {
        "path": each.path,
        "alt": each.alt,
        "type": facts.mime,
        "bytes": facts.size,
        "width": facts.width,
        "height": facts.height,
        "seconds": facts.seconds,
        "sha256": facts.sha256,
        "place_removed": facts.place_removed,
        "scaled": facts.scaled,
    }


def attempt(each: Attempt) -> dict[str, Any]:
    """Give the shape of an attempt, with what the timeline showed."""
    return {
        "id": each.id,
        "post": each.post,
        "number": each.number,
        "state": each.state,
        "post_id": each.post_id,
        "known_by": each.known_by,
        "reason": each.reason,
        "intent_at": instant(each.intent_at),
        "doubt_at": instant(each.doubt_at),
        "settled_at": instant(each.settled_at),
        "reply_to": each.reply_to,
        "quote": each.quote,
        "body": each.body.decode(),
        "evidence": dict(each.evidence),
    }


def doubt(found: Doubt) -> dict[str, Any]:
    """Give the shape of something in doubt, with what a person may say of it."""
    sent = found.attempt
    return {
        "name": found.announcement.name,
        "account": sent.account,
        "handle": found.handle,
        "post": found.position + 1,
        "posts": found.posts,
        "attempt": sent.number,
        "state": sent.state,
        "why": sent.reason,
        "text": sent.text,
        "body": sent.body.decode(),
        "reply_to": sent.reply_to,
        "sent_at": instant(sent.intent_at),
        "doubt_at": instant(sent.doubt_at),
        "opens_at": instant(found.opens_at),
        "seconds_left": round(found.left.total_seconds(), 3),
        "needs_a_person": found.handed_over,
        "readings": [{**asdict(look), "at": instant(look.at)} for look in found.looks],
        "near": [_near(each) for each in found.near],
        "choices": [{"command": each.command, "effect": each.effect} for each in choices(found)],
    }


def _near(found: Near) -> dict[str, Any]:
    return {
        **asdict(found),
        "created_at": instant(found.created_at),
        "differences": [{"ours": ours, "theirs": theirs} for ours, theirs in found.differences],
    }


def everything(found: Shown) -> dict[str, Any]:
    """Give the shape of one announcement with all that happened to it."""
    return {
        "announcement": {**announcement(found.announcement), "record": asdict(found.announcement.record)},
        "corrects": _linked(*found.corrects) if found.corrects else None,
        "corrections": [_linked(post, each) for post, each in found.corrections],
        "posts": [
            {
                "position": post.position,
                "text": post.text,
                "post_id": post.post_id,
                "withdrawn": post.withdrawn,
                "withdrawal": withdrawal(post),
                **asdict(post.extras),
            }
            for post in found.posts
        ],
        "attempts": [attempt(each) for each in found.attempts],
        "events": [event(each) for each in found.events],
        "doubts": [doubt(each) for each in found.doubts],
        "family": [announcement(each) for each in found.family],
    }


def _linked(post: Post, each: Announcement) -> dict[str, Any]:
    return {
        "announcement": each.name,
        "state": each.state,
        "number": post.position + 1,
        "post_id": post.post_id,
    }


def event(each: Event) -> dict[str, Any]:
    """Give the shape of one row of the journal."""
    return {
        "seq": each.seq,
        "at": instant(each.at),
        "actor": each.actor,
        "event": each.event,
        "data": dict(each.data),
        "hash": each.hash,
    }


def log_row(row: LogRow) -> dict[str, Any]:
    """Give the shape of one post that went out."""
    return {
        "announcement": row.announcement.name,
        "id": row.announcement.id,
        "position": row.post.position,
        "text": row.post.text,
        "post_id": row.post_id,
        "link": row.link,
        "account": row.account,
        "published_at": instant(row.at),
        "known_by": row.known_by,
        "approved_by": list(row.approved_by),
        "cost_usd": float(row.post.cost_usd),
        "corrects": row.corrects,
        "corrected_by": row.corrected_by,
        "withdrawn": row.post.withdrawn,
        "withdrawal": withdrawal(row.post),
        **limits.keys(row.announcement.embargo, row.announcement.expires),
    }


def withdrawal(post: Post) -> dict[str, Any] | None:
    """Give the shape of somebody's wish that a post be deleted; `done_at` says since when it is."""
    wish = post.withdrawal
    if wish is None:
        return None
    return {**asdict(wish), "asked_at": instant(wish.asked_at), "done_at": instant(wish.done_at)}


def verified(found: Verified) -> dict[str, Any]:
    """Give the shape of what a look at the log found; `ok` and `broken` say `verified` and the first finding once more."""
    findings = [{"seq": each.seq, "what": each.what} for each in found.findings]
    first = {"row": findings[0]["seq"], "what": findings[0]["what"]} if findings else None
    return {
        "verified": found.holds,
        "findings": findings,
        "rows": found.rows,
        "head": found.head,
        "ok": found.holds,
        "broken": first,
    }


def compared(found: Compared) -> dict[str, Any]:
    """Give the shape of a comparison of one account with the log. `back_to`: from when on X showed posts."""
    return {
        "account": found.account.name,
        "since": instant(found.since),
        "back_to": instant(found.back_to),
        "posts_read": found.posts,
        "reposts": found.reposts,
        "unreadable": found.unreadable or None,
        "findings": [
            {
                "kind": each.kind,
                "post_id": each.post_id,
                "link": link_of(found.account.handle, each.post_id),
                "at": instant(each.at),
                "announcement": each.name,
                "sent": each.sent,
                "shown": each.shown,
                "other": each.other,
                "what": each.what,
                "what_to_do": each.what_to_do,
            }
            for each in found.findings
        ],
    }


def series(each: Series, waiting: Waiting | None) -> dict[str, Any]:
    """Give the shape of a series, and of how much of it waits for approval."""
    stopped = each.stopped
    return {
        "name": each.key,
        "campaign": each.source,
        "account": each.account,
        "author": each.author,
        "revision": each.revision,
        "begins": each.begins.isoformat(),
        "repeat": asdict(each.repeat),
        "next_look_at": instant(each.wake_at),
        "trouble": each.trouble.splitlines(),
        "stopped_by": stopped.by if stopped else None,
        "stopped_at": instant(stopped.at) if stopped else None,
        "stopped_reason": stopped.reason if stopped else None,
        "waiting": waiting.count if waiting else 0,
        "first_waiting_at": instant(waiting.first) if waiting else None,
    }


def status(found: Status) -> dict[str, Any]:
    """Give the shape of the status."""
    return {
        "needs_a_person": found.needs_a_person,
        "next": [announcement(each) for each in found.upcoming],
        "late": [announcement(each) for each in found.late],
        "held": [announcement(each) for each in found.held],
        "missed": [announcement(each) for each in found.missed],
        "submitted": [announcement(each) for each in found.submitted],
        "lifts_asked": [announcement(each) for each in found.lifts_asked],
        "series": [series(each, waiting) for each, waiting in found.series],
        "failing": [{**announcement(a), "attempt": attempt(t)} for a, t in found.failing],
        "in_doubt": [{**announcement(a), "attempt": attempt(t)} for a, t in found.in_doubt],
        "pauses": [{**asdict(pause), "since": instant(pause.since)} for pause in found.pauses],
        "pause_file": found.pause_file,
        "stopped_campaigns": [{**asdict(each), "since": instant(each.since)} for each in found.stopped],
        "accounts": [
            {
                "name": each.account.name,
                "handle": each.account.handle,
                "posts_15_minutes": each.used_15_minutes,
                "posts_15_minutes_limit": each.account.limits.per_15_minutes,
                "posts_day": each.used_day,
                "posts_day_limit": each.account.limits.per_day,
                "spent_usd": float(each.spent_usd),
                "budget_usd": float(each.account.budget_usd) if each.account.budget_usd is not None else None,
                "wait_until": instant(each.wait_until),
                "lock_holder": {**asdict(each.holder), "since": instant(each.holder.since)}
                if each.holder
                else None,
                "lock_held_seconds": round(each.held_for, 3) if each.holder else None,
                "lock_frozen": each.frozen,
            }
            for each in found.accounts
        ],
        "workers": [
            {**asdict(w), "started_at": instant(w.started_at), "seen_at": instant(w.seen_at)}
            for w in found.workers
        ],
        "worker_alive": found.worker_alive,
        "breaches": [event(each) for each in found.breaches],
        "differences": [event(each) for each in found.differences],
        "withdrawing": [
            {**announcement(a), "number": p.position + 1, "post_id": p.post_id, "withdrawal": withdrawal(p)}
            for a, p in found.withdrawing
        ],
        "schedules_problem": found.schedules_problem,
    }
