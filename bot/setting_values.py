"""What the value of a setting may be: text in, checked value out. Every reader raises InputError in one line.

No message repeats a URL, because it may hold a password.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from bot.domain.durations import format_duration, parse_duration
from bot.domain.errors import InputError

T = TypeVar("T")

LONGEST = timedelta(days=30)
SHORTEST_SETTLING = timedelta(seconds=60)
"""Below this, on the real X, a post could still appear after it was taken for absent (design, section 5)."""


def one_of(*choices: str) -> Callable[[str], str]:
    """Make a reader of one of some words, in any case."""

    def read(text: str) -> str:
        word = text.lower()
        if word in choices:
            return word
        near = get_close_matches(word, choices, n=1)
        advice = f"did you mean {near[0]}?" if near else f"write one of {', '.join(choices)}"
        raise InputError(f"'{text}' is not known: {advice}")

    return read


def optional(read: Callable[[str], T]) -> Callable[[str], T | None]:
    """Make a reader that takes an empty text for none."""
    return lambda text: read(text) if text else None


def duration(text: str) -> timedelta:
    """Read a duration of 30 days at most."""
    try:
        found = parse_duration(text)
    except OverflowError:
        found = timedelta.max
    if found > LONGEST:
        raise InputError(f"'{text[:40]}' is longer than {format_duration(LONGEST)}: write less")
    return found


def settling_time(text: str, *, loopback: bool) -> timedelta:
    """Read the settling time; a short one is for a sandbox on this machine only."""
    found = duration(text)
    if found < SHORTEST_SETTLING and not loopback:
        raise InputError(
            f"'{text}' is too short for X, where a post could still appear: write {format_duration(SHORTEST_SETTLING)} or more"
        )
    return found


def time_scale(text: str, *, loopback: bool) -> float:
    """Read what the times of the publishing protocol are multiplied by: above 0 and up to 1."""
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 0 < scale <= 1:
        raise InputError(f"'{text}' is not a factor above 0 and up to 1: write 1")
    if scale != 1 and not loopback:
        raise InputError("another factor than 1 is for a sandbox on this machine only: write 1")
    return scale


def readable_file(path: Path) -> Path:
    """Check that a file is there."""
    if not path.is_file():
        raise InputError(f"there is no file {path}: mend the path")
    return path


def database_url(text: str, folder: Path) -> str:
    """Read the database's URL; the path of an SQLite file is relative to the project folder."""
    scheme, mark, rest = text.partition("://")
    kind = scheme.partition("+")[0]
    if not mark or kind not in ("sqlite", "postgresql"):
        raise InputError("write sqlite:///bot.db for a file, or postgresql://user:password@host/name")
    if kind == "postgresql":
        _split(text)
        return text
    path, question, options = rest.removeprefix("/").partition("?")
    if not rest.startswith("/") or path in ("", ":memory:") or path.startswith("file:"):
        raise InputError("write sqlite:/// and the path of a file, such as sqlite:///bot.db")
    return f"{scheme}:///{folder / path}{question}{options}"


def proxy_url(text: str) -> str:
    """Read the URL of an HTTP proxy."""
    parts = _split(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError("write the proxy as http://host:port or https://host:port")
    return text


def base_url(text: str) -> str:
    """Read the URL of X's API: https, or plain http to this machine only. Ends without a slash."""
    parts = _split(text)
    if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        raise InputError("write a plain URL such as https://api.x.com")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise InputError("write https:// (plain http:// only to this machine, such as http://127.0.0.1:8080)")
    return text.rstrip("/")


def is_loopback(host: str | None) -> bool:
    """Tell whether a host's name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def password_of(url: str) -> str | None:
    """Give the password that a URL holds, as it is written there; None if it holds none or is no URL."""
    try:
        return urlsplit(url).password
    except ValueError:
        return None


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it is what checks it
    except ValueError:
        raise InputError("is not a URL: mend its host and port") from None
    return parts
