"""One request at an address that was judged, and the way along redirects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse, HTTPSConnectionPool, Timeout
from urllib3 import exceptions as urllib3
from urllib3.util import Url, parse_url

from bot.adapters.web.bounds import BoundedConnection, TimeLeft
from bot.adapters.web.faults import LinkFault, NoAnswer, described, shown
from bot.adapters.web.ways import Way, Ways

_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Answer = TypeVar("Answer")
Hop = Callable[[Url], tuple[str | None, Answer]]
"""Asks at one address; gives where it redirects to, if it does, and what came back."""


@dataclass(frozen=True, slots=True)
class Asker:
    """How to ask: at most `most_bytes` of an answer are read. `connect`: seconds until a connection stands."""

    ways: Ways
    headers: Mapping[str, str]
    connect: float
    most_bytes: int

    def at(self, where: Url, time: TimeLeft) -> Door:
        """Look an address up, once for all that is asked there. Raises LinkFault, Barred if it must not be asked."""
        return Door(self, where, time, self.ways.to(where, min(time.seconds(), self.connect)))


@dataclass(frozen=True, slots=True)
class Door:
    """An address that was looked up and judged."""

    asker: Asker
    where: Url
    time: TimeLeft
    ways: Sequence[Way]

    def ask(self, method: str, take: Callable[[BaseHTTPResponse], Answer]) -> Answer:
        """Ask by the first way on which a connection stands; `take` reads the answer while it does. Raises LinkFault."""
        fault = LinkFault("does not answer")
        for way in self.ways:
            try:
                with way() as pool:
                    return self._exchange(pool, method, take)
            except (urllib3.NewConnectionError, urllib3.ConnectTimeoutError) as error:
                fault = LinkFault(described(error))
            except urllib3.ProtocolError:  # it hung up, or wrote what is no answer
                raise NoAnswer from None
            except (urllib3.HTTPError, OSError) as error:
                raise LinkFault(described(error)) from None
        raise fault

    def _exchange(
        self, pool: HTTPSConnectionPool, method: str, take: Callable[[BaseHTTPResponse], Answer]
    ) -> Answer:
        asker, time = self.asker, self.time
        connection = partial(BoundedConnection, time=time, most_bytes=asker.most_bytes)
        pool.ConnectionCls = cast("Any", connection)  # called, never subclassed
        response = pool.urlopen(
            method,
            self.where.request_uri,
            headers={**asker.headers, "Host": self.where.netloc or ""},
            timeout=Timeout(connect=min(asker.connect, time.seconds()), read=time.seconds()),
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
        )
        try:
            return take(response)
        finally:
            response.close()


def follow(first: Url, redirects: int, hop: Hop[Answer]) -> tuple[Url, Answer]:
    """Ask, and go where the answers point; gives the last address and what came from there. Raises LinkFault."""
    where = first
    for _ in range(redirects + 1):
        try:
            location, answer = hop(where)
        except LinkFault as fault:
            if where is first:
                raise
            raise fault.told_as(f"leads to {shown(where)}, which {fault}") from None
        if location is None:
            return where, answer
        where = parsed(where.url, location)
    raise LinkFault(f"redirects more than {redirects} times")


def redirect_of(response: BaseHTTPResponse) -> str | None:
    """Give where an answer points, if it does."""
    location = response.headers.get("Location") if response.status in _REDIRECTS else None
    return None if location is None else _utf8(location)


def parsed(base: str, link: str) -> Url:
    """Read an address, if need be as seen from another. Raises LinkFault."""
    try:
        found = parse_url(urljoin(base, link))
    except (urllib3.LocationParseError, ValueError):
        found = Url()
    if not found.host or not found.scheme:
        raise LinkFault("is, or leads to, an address that cannot be read")
    return found


def _utf8(location: str) -> str:
    """Headers are read as Latin-1; what is not ASCII in an address is UTF-8."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
