"""Posts in X's JSON shapes: links as t.co with entities, HTML entities, both spellings of the field names."""

from __future__ import annotations

import hashlib
import html
import re
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.accounts import SandboxAccount
from bot.sandbox.posts import Posts, SandboxPost

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]", re.I)


def instant(moment: float) -> str:
    """Write an instant as X does."""
    return (
        datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{int(moment * 1000) % 1000:03d}Z"
    )


def full_post(posts: Posts, post: SandboxPost, *, word: str, resolved: bool = False) -> dict[str, Any]:
    """Give a post with every field; `word` is `tweet` or `post`, as the request spelt it."""
    text, urls = _with_short_links(post.text, resolved=resolved)
    text, urls = _with_media(text, urls, post)
    text, urls = _with_quote(text, urls, post)
    shape: dict[str, Any] = {
        "id": post.id,
        "text": html.escape(text, quote=False),
        "author_id": post.user_id,
        "created_at": instant(post.at),
        "conversation_id": _root(posts, post),
        f"edit_history_{word}_ids": post.versions,
    }
    if urls:
        shape["entities"] = {"urls": urls}
    if "poll" in post.extras:
        shape["attachments"] = {"poll_ids": [post.id]}
    references = [("replied_to", post.parent), ("quoted", post.quote)]
    if post.parent or post.quote:
        shape[f"referenced_{word}s"] = [{"type": kind, "id": other} for kind, other in references if other]
    if post.parent:
        parent = posts.posts.get(post.parent)
        shape["in_reply_to_user_id"] = parent.user_id if parent else post.user_id
    return shape


def user(account: SandboxAccount) -> dict[str, Any]:
    """Give an account as users/me does."""
    return {"id": account.user_id, "name": account.name, "username": account.handle}


def problem(status: int, title: str, detail: str, *, kind: str = "about:blank") -> dict[str, Any]:
    """Give an error as problem JSON."""
    return {"title": title, "detail": detail, "type": kind, "status": status}


def missing(post_id: str, *, parameter: str) -> dict[str, Any]:
    """Give the error that stands in a 200 for a post that is not there."""
    return {
        "value": post_id,
        "detail": f"Could not find tweet with {parameter}: [{post_id}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": parameter,
        "resource_id": post_id,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }


def _with_media(text: str, urls: list[dict[str, Any]], post: SandboxPost) -> tuple[str, list[dict[str, Any]]]:
    """Attached media add one link at the end, with an entity for each of them."""
    if not post.media:
        return text, urls
    short = "https://t.co/" + hashlib.sha256(post.id.encode()).hexdigest()[:10]
    start = len(text) + bool(text)
    shown = [
        {
            "start": start,
            "end": start + len(short),
            "url": short,
            "expanded_url": f"https://x.com/i/status/{post.id}/photo/1",
            "display_url": f"pic.x.com/{short[-10:]}",
            "media_key": f"3_{each['id']}",
        }
        for each in post.media
    ]
    return f"{text} {short}".strip(), [*urls, *shown]


def _with_quote(text: str, urls: list[dict[str, Any]], post: SandboxPost) -> tuple[str, list[dict[str, Any]]]:
    """A quote adds a link to the quoted post at the end."""
    if not post.quote:
        return text, urls
    target = f"https://twitter.com/i/web/status/{post.quote}"
    short = "https://t.co/" + hashlib.sha256(target.encode()).hexdigest()[:10]
    start = len(text) + 1
    shown = {
        "start": start,
        "end": start + len(short),
        "url": short,
        "expanded_url": target,
        "display_url": f"{target[8:34]}…",
    }
    return f"{text} {short}", [*urls, shown]


def _with_short_links(text: str, *, resolved: bool) -> tuple[str, list[dict[str, Any]]]:
    parts: list[str] = []
    urls: list[dict[str, Any]] = []
    end = 0
    for found in _LINK.finditer(text):
        target = found[0]
        expanded = f"{target.rstrip('/')}/resolved" if resolved else target
        short = "https://t.co/" + hashlib.sha256(target.encode()).hexdigest()[:10]
        parts += [text[end : found.start()], short]
        start = sum(len(part) for part in parts) - len(short)
        display = re.sub(r"^https?://(?:www\.)?", "", expanded)
        urls.append(
            {
                "start": start,
                "end": start + len(short),
                "url": short,
                "expanded_url": expanded,
                "display_url": display if len(display) <= 26 else display[:26] + "…",
                "unwound_url": expanded,
            }
        )
        end = found.end()
    parts.append(text[end:])
    return "".join(parts), urls


def _root(posts: Posts, post: SandboxPost) -> str:
    seen = {post.id}
    while post.parent and post.parent in posts.posts and post.parent not in seen:
        post = posts.posts[post.parent]
        seen.add(post.id)
    return post.id
