"""What is wrong with a link, in words for people; they go on where the link stands: `is not there (404)`."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator

from urllib3 import exceptions as urllib3
from urllib3.util import Url

_GONE = frozenset({404, 410})
_LONGEST_SHOWN = 200
_REFUSED = urllib3.NewConnectionError
"""Its class says that it is a matter of time, too; its cause says what it is."""
_NO_TUNNEL = re.compile(r"Tunnel connection failed: (\d+)")


class LinkFault(Exception):
    """Something is wrong with a link, or it must not be asked; the text says what."""

    def told_as(self, words: str) -> LinkFault:
        """Give a fault of the same kind in other words."""
        return LinkFault(words)


class Barred(LinkFault):
    """A link must not be asked, and nothing was sent."""

    def told_as(self, words: str) -> LinkFault:
        """Give a fault of the same kind in other words."""
        return Barred(words)


class NoAnswer(LinkFault):
    """A connection stood, and nothing that can be read came back."""

    def __init__(self) -> None:
        super().__init__("does not answer: the connection broke")


class TooSlow(LinkFault):
    """The time of the link is over."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"does not answer within {seconds:g} s")


def fault_of_status(status: int) -> str:
    """Say what an answer means that is neither a page nor a redirect."""
    if status in _GONE:
        return f"is not there ({status})"
    if status < 500:
        return f"answers {status}, perhaps because a program asks: open it yourself"
    return f"answers {status}: open it yourself"


def described(error: Exception) -> str:
    """Say why there is no answer."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"shows a certificate that is not valid: {cause.verify_message}"
    if any(isinstance(cause, urllib3.ProxyError) for cause in causes):
        return f"was not asked: the proxy did not connect ({_reason(causes)})"
    return f"does not answer: {_reason(causes)}"


def shown(where: Url) -> str:
    """Write an address for people: without what may be secret in it (user, query), and nothing that steers a terminal."""
    text = f"{where.scheme}://{where.host}{f':{where.port}' if where.port else ''}{where.path or ''}"
    return "".join(char if char.isprintable() else "?" for char in text)[:_LONGEST_SHOWN]


def _reason(causes: list[BaseException]) -> str:
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return "TLS failed"
        if isinstance(cause, TimeoutError | urllib3.TimeoutError) and not isinstance(cause, _REFUSED):
            return "no connection in time"
        if isinstance(cause, OSError) and (refused := _NO_TUNNEL.match(str(cause))):
            return f"it answers {refused[1]}"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
    return "the connection broke"


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """Walk the fault and everything that it wraps, the outermost first."""
    todo: list[object] = [fault]
    seen: set[int] = set()
    while todo:
        each = todo.pop(0)
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            todo += [each.__cause__, each.__context__, getattr(each, "original_error", None), *each.args]
