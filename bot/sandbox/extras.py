"""What a create carries beside its text and media, checked as X checks it (X API notes, section 1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

REPLY_SETTINGS = frozenset({"following", "mentionedUsers", "subscribers", "verified"})
ONE_OF = ("media", "poll", "quote_tweet_id", "card_uri", "direct_message_deep_link")
FLAGS = ("made_with_ai", "paid_partnership", "for_super_followers_only", "nullcast", "share_with_followers")
KEPT = ("poll", "reply_settings", "made_with_ai", "paid_partnership")


def wrong_extras(body: Mapping[str, Any]) -> str | None:
    """Say what X would refuse, or None."""
    beside = [name for name in ONE_OF if name in body]
    if len(beside) > 1:
        return f"{', '.join(beside)}: only one of them may be given"
    if "reply_settings" in body and body["reply_settings"] not in REPLY_SETTINGS:
        return f"reply_settings: must be one of {', '.join(sorted(REPLY_SETTINGS))}"
    flag = next((name for name in FLAGS if not isinstance(body.get(name, False), bool)), None)
    if flag:
        return f"{flag}: a boolean is needed"
    quote = body.get("quote_tweet_id", "0")
    if not isinstance(quote, str) or not re.fullmatch("[0-9]{1,19}", quote):
        return "quote_tweet_id: a number as a string is needed"
    return _wrong_poll(body["poll"]) if "poll" in body else None


def _wrong_poll(poll: Any) -> str | None:
    if not isinstance(poll, dict) or set(poll) != {"options", "duration_minutes"}:
        return "poll: options and duration_minutes are needed, and nothing else is allowed"
    options, minutes = poll["options"], poll["duration_minutes"]
    if not isinstance(options, list) or not 2 <= len(options) <= 4:
        return "poll.options: 2 to 4 are needed"
    if not all(isinstance(option, str) and 1 <= len(option) <= 25 for option in options):
        return "poll.options: each has 1 to 25 characters"
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 5 <= minutes <= 10_080:
        return "poll.duration_minutes: must be between 5 and 10080"
    return None


def kept_extras(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the judge keeps of a create that was taken."""
    return {name: body[name] for name in KEPT if name in body}
