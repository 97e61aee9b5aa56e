"""The digest: a short hash of what an approver saw (design, section 2; settled question 12)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from bot.domain.extras import NO_EXTRAS, Extras
from bot.domain.media import PostMedia

LENGTH = 12


def digest_of(  # noqa: PLR0913 - each is a part of what was seen, and given by name
    texts: Sequence[str],
    *,
    account: str,
    reply_to: str | None,
    language: str,
    media: Sequence[PostMedia] = (),
    quote: str | None = None,
    extras: Extras = NO_EXTRAS,
    corrects: str | None = None,
) -> str:
    """Hash the texts of all posts, the account, what the first replies to and quotes, the language, the media with their alt
    texts, what the first carries beside them, and the version that is corrected (its id): twelve hexadecimal digits."""
    seen: dict[str, object] = {
        "texts": list(texts),
        "account": account,
        "reply_to": reply_to,
        "language": language,
    }
    if media:
        seen["media"] = [[each.facts.sha256, each.alt, each.facts.scaled] for each in media]
    if quote:
        seen["quote"] = quote
    if extras.logged:
        seen["extras"] = extras.logged
    if corrects:
        seen["corrects"] = corrects
    canonical = json.dumps(seen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _short(canonical)


def digest_of_translation(digest: str, original: int | None) -> str:
    """Hash what was seen of a translation with the revision of the original's words (None: there is no original), so that
    nobody approves it for words that were changed since they looked."""
    return digest if original is None else _short(f"{digest} {original}")


def _short(seen: str) -> str:
    return hashlib.sha256(seen.encode()).hexdigest()[:LENGTH]
