"""The digest: a short hash of what an approver saw (design, section 2; settled question 12)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

LENGTH = 12


def digest_of(texts: Sequence[str], *, account: str, reply_to: str | None, language: str) -> str:
    """Hash the texts of all posts, the account, what the first replies to, and the language: twelve hexadecimal digits."""
    seen = {"texts": list(texts), "account": account, "reply_to": reply_to, "language": language}
    canonical = json.dumps(seen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:LENGTH]
