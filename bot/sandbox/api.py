"""The endpoints: what X answers when it behaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox import editing, shapes
from bot.sandbox.accounts import SandboxAccount
from bot.sandbox.extras import kept_extras, wrong_extras
from bot.sandbox.faults import Faults
from bot.sandbox.length import weighted_length
from bot.sandbox.posts import Beside, Posts, SandboxPost
from bot.sandbox.uploads import Uploads, kept_of

CREATE_FIELDS = frozenset(
    {
        "text", "reply", "quote_tweet_id", "media", "poll", "reply_settings", "geo", "nullcast", "community_id", "card_uri",
        "made_with_ai", "paid_partnership", "direct_message_deep_link", "for_super_followers_only", "edit_options",
        "share_with_followers",
    }
)  # fmt: skip
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
REACH = 3_200
"""How many of an account's posts its timeline shows at most, the newest ones."""
INVALID = "https://api.twitter.com/2/problems/invalid-request"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the JSON that goes with it."""

    status: int
    body: dict[str, Any]


def refuse(status: int, title: str, detail: str, kind: str = "about:blank") -> Answer:
    """Make an answer that says no."""
    return Answer(status, shapes.problem(status, title, detail, kind=kind))


@dataclass(frozen=True, slots=True)
class Api:
    """Answers requests of a signed-in account."""

    posts: Posts
    faults: Faults
    uploads: Uploads
    refuse_duplicates: bool

    def me(self, account: SandboxAccount) -> Answer:
        """Answer GET /2/users/me."""
        return Answer(200, {"data": shapes.user(account)})

    def check_create(self, account: SandboxAccount, body: Any) -> Answer | None:
        """Say why a create is refused, or None."""
        wrong = self._wrong_fields(body)
        if wrong:
            return refuse(400, "Invalid Request", wrong, INVALID)
        text = body.get("text", "")
        if weighted_length(text) > (25_000 if account.premium else 280):
            return refuse(400, "Invalid Request", "text: your text is too long", INVALID)
        media = body.get("media", {"media_ids": ["0"]})
        ids = media.get("media_ids") if isinstance(media, dict) else None
        wrong = self.uploads.wrong_with(account.user_id, ids) if "media" in body else ""
        if wrong:
            return refuse(400, "Invalid Request", wrong, INVALID)
        return self._forbidden(account, body, text)

    def _wrong_fields(self, body: Any) -> str | None:
        if not isinstance(body, dict):
            return "body: an object is needed"
        unknown = sorted(set(body) - CREATE_FIELDS)
        if unknown:
            return f"$.{unknown[0]}: is not defined in the schema and the schema does not allow additional properties"
        if "media" not in body and not _is_text(body.get("text")):
            return "text: is needed"
        reply = body.get("reply", {"in_reply_to_tweet_id": "0"})
        if not isinstance(reply, dict) or not _is_id(reply.get("in_reply_to_tweet_id")):
            return "reply.in_reply_to_tweet_id: is needed"
        if "edit_options" in body and editing.is_malformed(body["edit_options"]):
            return "edit_options.previous_post_id: is needed"
        return wrong_extras(body)

    def _forbidden(self, account: SandboxAccount, body: Mapping[str, Any], text: str) -> Answer | None:
        enterprise = account.access == "enterprise"
        parent_id = body.get("reply", {}).get("in_reply_to_tweet_id")
        parent = self.posts.find(parent_id) if parent_id else None
        if parent_id and parent is None:
            gone = "You attempted to reply to a Tweet that is deleted or not visible to you."
            return refuse(403, "Forbidden", gone)
        if parent and parent.user_id != account.user_id and not enterprise:
            return refuse(
                403,
                "Forbidden",
                "Reply to this conversation is not allowed because you have not been mentioned.",
            )
        if "quote_tweet_id" in body and not enterprise:
            return refuse(403, "Forbidden", "Quoting this post is not allowed on your access level.")
        if "quote_tweet_id" in body and self.posts.find(body["quote_tweet_id"]) is None:
            gone = "You attempted to quote a Tweet that is deleted or not visible to you."
            return refuse(403, "Forbidden", gone)
        if not enterprise and len(re.findall(r"(?<!\w)\$[A-Za-z]{1,6}\b", text)) > 1:
            return refuse(403, "Forbidden", "Posts may contain one cashtag only.")
        not_edited = editing.why_not(self.posts, account, body) if "edit_options" in body else ""
        if not_edited:
            return refuse(403, "Forbidden", not_edited)
        if self.refuse_duplicates and self.posts.repeats(account.user_id, text, body.get("quote_tweet_id")):
            return refuse(403, "Forbidden", DUPLICATE)
        return None

    def create(self, account: SandboxAccount, body: Mapping[str, Any]) -> Answer:
        """Take a post, or the new version of one, and answer 201."""
        media = [kept_of(self.uploads.uploads[each]) for each in body.get("media", {}).get("media_ids", [])]
        parent = body.get("reply", {}).get("in_reply_to_tweet_id")
        if "edit_options" in body:
            post = self.posts.edit(
                body["edit_options"]["previous_post_id"], body.get("text", ""), media=media, by_hand=False
            )
        else:
            beside = Beside(media, body.get("quote_tweet_id"), kept_extras(body))
            post = self.posts.create(account.user_id, body.get("text", ""), parent, beside=beside)
        text = shapes.full_post(self.posts, post, word="tweet")["text"]
        return Answer(201, {"data": {"id": post.id, "text": text, "edit_history_tweet_ids": post.versions}})

    def delete(self, account: SandboxAccount, post_id: str) -> Answer:
        """Answer DELETE /2/tweets/:id."""
        post = self.posts.find(post_id)
        if post is None:
            return refuse(404, "Not Found Error", f"Could not find tweet with id: [{post_id}].")
        if post.user_id != account.user_id:
            return refuse(403, "Forbidden", "You are not allowed to delete this Tweet.")
        self.posts.delete(post_id)
        return Answer(200, {"data": {"deleted": True}})

    def look_up(self, ids: list[str], query: Mapping[str, str], *, single: bool) -> Answer:
        """Answer GET /2/tweets and /2/tweets/:id: what is missing stands under `errors` in a 200."""
        if len(ids) > 100 or not all(map(_is_id, ids)):
            return refuse(400, "Invalid Request", "ids: 1 to 100 numbers are needed", INVALID)
        word = "post" if "post.fields" in query else "tweet"
        found = [post for post in map(self.posts.find, ids) if post]
        shown = [shapes.full_post(self.posts, post, word=word) for post in found]
        known = {post.id for post in found}
        errors = [shapes.missing(i, parameter="id" if single else "ids") for i in ids if i not in known]
        body: dict[str, Any] = {}
        if shown:
            body["data"] = shown[0] if single else shown
        if errors:
            body["errors"] = errors
        return Answer(200, body)

    def timeline(self, user_id: str, query: Mapping[str, str]) -> Answer:
        """Answer GET /2/users/:id/tweets, newest first, page by page."""
        try:
            size = int(query.get("max_results", "10"))
        except ValueError:
            size = 0
        if not 5 <= size <= 100:
            return refuse(400, "Invalid Request", "max_results: must be between 5 and 100", INVALID)
        try:
            within, start = _cut(query), _page_start(query)
        except ValueError as error:
            return refuse(400, "Invalid Request", f"the query is not valid: {error}", INVALID)
        if self.faults.draw(["errors_200"]):
            return Answer(
                200,
                {"errors": [{"title": "Service Unavailable", "detail": "Try again.", "type": "about:blank"}]},
            )
        shown = self.posts.shown(
            user_id, lag=self.faults.seconds("lag"), stale=self.faults.seconds("stale_reading")
        )
        return self._page([post for post in shown[:REACH] if within(post)], start, size, query)

    def _page(self, wanted: list[SandboxPost], start: int, size: int, query: Mapping[str, str]) -> Answer:
        word = "post" if "post.fields" in query else "tweet"
        resolved = self.faults.draw(["resolved_links"]) is not None
        page = wanted[start : start + size]
        meta: dict[str, Any] = {"result_count": len(page)}
        body: dict[str, Any] = {}
        if page:
            body["data"] = [shapes.full_post(self.posts, post, word=word, resolved=resolved) for post in page]
            meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
        if start + size < len(wanted):
            meta["next_token"] = f"p{start + size}"
        if start:
            meta["previous_token"] = f"p{max(0, start - size)}"
        return Answer(200, {**body, "meta": meta})


def _is_text(text: Any) -> bool:
    """Half a surrogate pair is JSON, but no text."""
    return isinstance(text, str) and bool(text.strip()) and not re.search("[\ud800-\udfff]", text)


def _is_id(given: Any) -> bool:
    return isinstance(given, str) and re.fullmatch("[0-9]{1,19}", given) is not None


def _cut(query: Mapping[str, str]) -> Callable[[SandboxPost], bool]:
    """Read what a timeline is cut by, before any post is looked at. Raises ValueError."""
    since, until = int(query.get("since_id", "0")), int(query.get("until_id", str(1 << 63)))
    start = _moment(query["start_time"]) if "start_time" in query else 0.0
    end = _moment(query["end_time"]) if "end_time" in query else float("inf")
    without_replies = "replies" in query.get("exclude", "").split(",")

    def within(post: SandboxPost) -> bool:
        if without_replies and post.parent:
            return False
        return since < int(post.id) < until and start <= post.at < end

    return within


def _moment(given: str) -> float:
    moment = datetime.fromisoformat(given)
    if moment.tzinfo is None:
        raise ValueError(f"{given} names no zone")
    return moment.timestamp()


def _page_start(query: Mapping[str, str]) -> int:
    token = query.get("pagination_token", "p0")
    if not re.fullmatch("p[0-9]+", token):
        raise ValueError("pagination_token is none that was given")
    return int(token[1:])
