"""Posts and pages as X shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.adapters.x_api import answers
from bot.adapters.x_api.classify import is_id
from bot.domain.timeline import TimelinePost

FIELDS_PARAMETER = "tweet.fields"
"""OpenAPI 2.167 calls it `post.fields`, all guides still this (X API notes, section 1). Both names are read in answers."""

FIELDS = ",".join(
    [
        "attachments",
        "author_id",
        "created_at",
        "edit_history_tweet_ids",
        "entities",
        "note_tweet",
        "referenced_tweets",
    ]
)

_EPOCH_OF_IDS = 22
"""An id's upper bits are milliseconds since X's epoch, its lower 22 tell posts of one millisecond apart."""

_MINUTE = 60_000 << _EPOCH_OF_IDS


class Unreadable(Exception):
    """A post or a page is not as X documents it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a timeline. `why_not` says why it proves nothing, or is empty."""

    posts: tuple[TimelinePost, ...] = ()
    next_token: str | None = None
    why_not: str = ""


def lower_bound(since: str | None) -> str | None:
    """Give the id a minute before `since`, for ids made within one second may be out of order.

    None means no bound; also when the id is too small to carry a time.
    """
    if since is None or not is_id(since) or int(since) <= _MINUTE:
        return None
    return str(int(since) - _MINUTE)


def page_of(body: bytes, user_id: str) -> Page:
    """Read a page of the account's own posts."""
    document = answers.document(body)
    if document is None:
        return Page(why_not="a page of the timeline is not JSON")
    if document.get("errors"):
        return Page(why_not=f"X reports errors with the timeline: {answers.words(200, body)}")
    try:
        posts = tuple(post_of(item) for item in _list(document, "data"))
        next_token = _meta(document, len(posts))
    except Unreadable as error:
        return Page(why_not=f"a page of the timeline cannot be read: {error}")
    if any(post.author_id != user_id for post in posts):
        return Page(why_not="the timeline shows another author's posts")
    return Page(posts, next_token)


def post_of(item: object) -> TimelinePost:
    """Read one post. Raises Unreadable."""
    if not isinstance(item, dict):
        raise Unreadable("a post is no object")
    post_id, author_id = item.get("id"), item.get("author_id")
    if not isinstance(post_id, str) or not is_id(post_id):
        raise Unreadable("a post without an id")
    if not isinstance(author_id, str) or not is_id(author_id):
        raise Unreadable("a post without an author")
    return TimelinePost(
        post_id=post_id,
        author_id=author_id,
        text=_text(item),
        created_at=_created_at(item),
        parent_id=_parent(item),
        quote_id=_quoted(item),
        versions=_versions(item, post_id),
        repost=_is_repost(item),
    )


def _list(document: dict[str, Any], *names: str) -> list[Any]:
    """The first of the names that is there; X leaves out what is empty."""
    for name in names:
        found = document.get(name)
        if isinstance(found, list):
            return found
        if found is not None:
            raise Unreadable(f"{name} is no list")
    return []


def _meta(document: dict[str, Any], seen: int) -> str | None:
    meta = document.get("meta")
    if not isinstance(meta, dict) or meta.get("result_count") != seen:
        raise Unreadable("it does not hold as many posts as it says")
    token = meta.get("next_token")
    if token is not None and not (isinstance(token, str) and token):
        raise Unreadable("the link to the next page")
    return token


def _created_at(item: dict[str, Any]) -> datetime | None:
    try:
        found = datetime.fromisoformat(item.get("created_at", ""))
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _parent(item: dict[str, Any]) -> str | None:
    for reference in _list(item, "referenced_tweets", "referenced_posts"):
        if isinstance(reference, dict) and reference.get("type") == "replied_to":
            parent = reference.get("id")
            if not isinstance(parent, str) or not is_id(parent):
                raise Unreadable("a reply without its parent's id")
            return parent
    return None


def _quoted(item: dict[str, Any]) -> str | None:
    for reference in _list(item, "referenced_tweets", "referenced_posts"):
        if isinstance(reference, dict) and reference.get("type") == "quoted":
            quoted = reference.get("id")
            if not isinstance(quoted, str) or not is_id(quoted):
                raise Unreadable("a quote without the quoted post's id")
            return quoted
    return None


def _is_repost(item: dict[str, Any]) -> bool:
    references = _list(item, "referenced_tweets", "referenced_posts")
    return any(
        isinstance(each, dict) and each.get("type") in ("retweeted", "reposted") for each in references
    )


def _versions(item: dict[str, Any], post_id: str) -> tuple[str, ...]:
    found = _list(item, "edit_history_tweet_ids", "edit_history_post_ids")
    versions = [version for version in found if isinstance(version, str) and is_id(version)]
    return tuple(versions) if post_id in versions else (*versions, post_id)


def _text(item: dict[str, Any]) -> str:
    """The whole text, links expanded, the link that stands for attached media dropped; HTML entities stay."""
    note = item.get("note_tweet") or item.get("note_post")
    source = note if isinstance(note, dict) and isinstance(note.get("text"), str) else item
    text = source.get("text")
    if not isinstance(text, str):
        raise Unreadable("a post without text")
    links = _links(item) + (_links(source) if source is not item else [])
    media = {link["url"] for link in links if "media_key" in link}
    expanded = {
        link["url"]: _escaped(link["expanded_url"])
        for link in links
        if link["url"] not in media and isinstance(link.get("expanded_url"), str)
    }
    return _unicode(_expand(_without_media(text, media), expanded))


def _links(item: dict[str, Any]) -> list[dict[str, Any]]:
    entities = item.get("entities")
    found = _list(entities, "urls") if isinstance(entities, dict) else []
    return [
        link for link in found if isinstance(link, dict) and isinstance(link.get("url"), str) and link["url"]
    ]


def _without_media(text: str, media: set[str]) -> str:
    for link in media:
        text = text.rstrip().removesuffix(link) if text.rstrip().endswith(link) else text
    return text.rstrip() if media else text


def _expand(text: str, expanded: dict[str, str]) -> str:
    """Replace by the link itself, never by offsets: their unit is not documented (X API notes, section 2)."""
    if not expanded:
        return text
    longest_first = sorted(expanded, key=len, reverse=True)
    pattern = "|".join(re.escape(link) for link in longest_first)
    return re.sub(pattern, lambda found: expanded[found.group()], text)


def _escaped(link: str) -> str:
    """X escapes `&` in texts but not in the link beside it; one rule for the whole text keeps it readable by one unescape."""
    return link if "&amp;" in link else link.replace("&", "&amp;")


def _unicode(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can hold and no file can."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
