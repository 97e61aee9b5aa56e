"""The four secrets of an account on X, and the text that may leave this package."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, fields
from urllib.parse import quote

from bot.domain.errors import SettingsMissing

MAX_DETAIL = 300
"""Characters of X's words that go into an outcome, an error or a log."""

_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co"}


@dataclass(frozen=True, slots=True)
class Credentials:
    """OAuth 1.0a keys of an app and of the account that it posts for (X API notes, section 8). The repr hides all of them.

    Raises SettingsMissing if one is empty.
    """

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        empty = [each.name for each in fields(self) if not getattr(self, each.name)]
        if empty:
            raise SettingsMissing(f"keys of X: {', '.join(empty)} is empty; set the four keys in .env")

    def values(self) -> tuple[str, ...]:
        """Give the secret values, as they are and as they look inside an Authorization header."""
        plain = tuple(getattr(self, each.name) for each in fields(self))
        return plain + tuple(quote(value, safe="") for value in plain)


def presentable(text: str, credentials: Credentials) -> str:
    """Make text that came from outside fit for people: one line, at most `MAX_DETAIL` characters, no secret."""
    for secret in sorted(credentials.values(), key=len, reverse=True):
        text = text.replace(secret, "***")
    printable = "".join(" " if unicodedata.category(char) in _UNPRINTABLE else char for char in text)
    line = " ".join(printable.split())
    return line if len(line) <= MAX_DETAIL else line[: MAX_DETAIL - 1] + "…"
