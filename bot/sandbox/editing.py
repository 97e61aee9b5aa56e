"""Edits through the API: what X takes as one (docs.x.com, edit posts; changelog: Premium accounts, within the last hour)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.accounts import SandboxAccount
from bot.sandbox.posts import Posts, SandboxPost

WINDOW = 3_600.0
"""For how many seconds after its first version a post may be edited."""

MOST = 5
"""How often a post may be edited."""


def is_malformed(options: Any) -> bool:
    """Tell whether `edit_options` is not what the schema says: an object with the id of the version to replace."""
    if not isinstance(options, dict) or set(options) != {"previous_post_id"}:
        return True
    previous = options["previous_post_id"]
    return not (
        isinstance(previous, str) and previous.isascii() and previous.isdigit() and len(previous) <= 19
    )


def why_not(posts: Posts, account: SandboxAccount, body: Mapping[str, Any]) -> str:
    """Say why X does not edit a post, or nothing. Each of these is a 403; what X really says is not documented."""
    old = posts.find(body["edit_options"]["previous_post_id"])
    if not account.premium:
        return "Editing posts is not allowed for this account."
    if old is None or old.user_id != account.user_id:
        return "You are not permitted to edit this Tweet."
    if old.id != old.versions[-1]:
        return "This version of the Tweet is not the latest one."
    first = posts.posts[old.versions[0]]
    if posts.clock() - first.at > WINDOW:
        return "This Tweet can no longer be edited."
    if len(old.versions) > MOST:
        return "This Tweet has been edited as often as is allowed."
    return _wrong_shape(posts, account, body, old)


def _wrong_shape(posts: Posts, account: SandboxAccount, body: Mapping[str, Any], old: SandboxPost) -> str:
    parent = posts.find(old.parent) if old.parent else None
    if "poll" in old.extras or "poll" in body or "card_uri" in body:
        return "Tweets with polls cannot be edited."
    if parent and parent.user_id != account.user_id:
        return "Replies to others cannot be edited."
    if body.get("reply", {}).get("in_reply_to_tweet_id") != old.parent:
        return "An edit cannot move a Tweet to another conversation."
    return ""
