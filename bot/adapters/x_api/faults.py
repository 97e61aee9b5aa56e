"""What went wrong with a connection, in words for people.

The exceptions themselves go no further: they hold requests, and those hold keys.
"""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator

from urllib3 import exceptions as urllib3

from bot.adapters.x_api.flight import Flight
from bot.adapters.x_api.transport import TooLong

_NO_TUNNEL = re.compile(r"Tunnel connection failed: (.*)", re.DOTALL)
_BROKEN = (http.client.HTTPException, urllib3.HTTPError, OSError)


def describe(fault: Exception, flight: Flight) -> str:
    """Say what happened to this flight, in one line without a secret."""
    causes = list(_causes(fault))
    if flight.first_byte_at is None:
        return _by_proxy(causes) or _before_sending(causes, flight)
    return _after_sending(causes, flight)


def _by_proxy(causes: list[BaseException]) -> str:
    """A CONNECT that was answered with no; the standard library tells of it by a bare OSError."""
    for cause in causes:
        found = _NO_TUNNEL.match(str(cause)) if type(cause) is OSError else None
        if found:
            return f"the proxy did not connect: {found[1]}"
    return ""


def _before_sending(causes: list[BaseException], flight: Flight) -> str:
    for cause in causes:
        if isinstance(cause, urllib3.NameResolutionError):
            return "the host's name cannot be resolved"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"TLS failed: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return f"TLS failed: {cause.reason or 'no reason given'}"
        if isinstance(cause, TimeoutError):
            return f"no connection within {flight.times.connect:g} s"
    by_proxy = any(isinstance(cause, urllib3.ProxyError) for cause in causes)
    words = _of_the_system(causes) or f"no connection came about ({type(causes[0]).__name__})"
    return f"the proxy cannot be reached: {words}" if by_proxy else words


def _after_sending(causes: list[BaseException], flight: Flight) -> str:
    so_far = "" if flight.status is None else f" after the status {flight.status}"
    for cause in causes:
        if isinstance(cause, TooLong):
            return f"the answer is longer than {flight.max_answer} bytes"
        if isinstance(cause, TimeoutError):
            return f"no whole answer in time{so_far}"
        if isinstance(cause, urllib3.DecodeError):
            return f"the answer cannot be decoded{so_far}"
    if any(isinstance(cause, _BROKEN) for cause in causes):
        return f"the connection broke before the whole answer was read{so_far}"
    return f"the answer could not be read ({type(causes[0]).__name__}){so_far}"


def _of_the_system(causes: list[BaseException]) -> str:
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno and cause.strerror:
            return f"the connection failed: {cause.strerror}"
    return ""


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """Walk the fault and everything that it wraps, the outermost first."""
    todo: list[object] = [fault]
    seen: set[int] = set()
    while todo:
        each = todo.pop(0)
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            todo += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
