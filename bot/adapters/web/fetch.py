"""Fetches a body: as much as it may have, in the time that it may take, and never packed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from urllib3 import BaseHTTPResponse
from urllib3.util import Url

from bot.adapters.web.asking import Asker, follow, parsed, redirect_of
from bot.adapters.web.bounds import TimeLeft
from bot.adapters.web.faults import Barred, LinkFault, fault_of_status, shown
from bot.adapters.web.ways import Resolve, Ways, addresses_of, tls_context
from bot.application.ports.clock import Clock
from bot.application.ports.fetcher import Fetched
from bot.domain.errors import InputError, Unreachable
from bot.domain.public_addresses import is_public

HEADERS = {
    "User-Agent": "announcement-bot (makes drafts of news)",
    "Accept": "text/html, application/rss+xml, application/atom+xml, image/*, */*;q=0.5",
    "Connection": "close",
}
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Seconds: until a connection stands, for an address with all its redirects. Then: redirects that are followed, bytes of an
    answer's head."""

    connect: float = 5.0
    altogether: float = 30.0
    redirects: int = 5
    head_bytes: int = 64 * 1024


class HttpsFetcher:
    """Fetches by https, from public addresses only. `resolve` looks names up, and `allows` judges each address."""

    def __init__(  # noqa: PLR0913 - what a connection needs, and the two rules that a test may replace
        self,
        clock: Clock,
        *,
        proxy: str | None = None,
        ca_bundle: str | None = None,
        limits: FetchLimits | None = None,
        resolve: Resolve = addresses_of,
        allows: Callable[[str], bool] = is_public,
    ) -> None:
        self._clock = clock
        self._limits = limits or FetchLimits()
        self._ways = Ways(tls_context(ca_bundle), proxy, resolve, allows)

    def fetch(self, address: str, *, most: int) -> Fetched:
        """Fetch at most so many bytes. Raises InputError for an address that must not be asked, else Unreachable."""
        limits = self._limits
        time = TimeLeft(self._clock, self._clock.running() + limits.altogether, limits.altogether)
        # The pieces of a body carry their lengths with them; what has more of these than of a body is no page.
        asker = Asker(self._ways, HEADERS, limits.connect, limits.head_bytes + 2 * most)

        def hop(where: Url) -> tuple[str | None, Fetched | None]:
            return asker.at(where, time).ask("GET", lambda response: _take(response, where, most))

        name = "the address"
        try:
            first = parsed("", address)
            name = shown(first)
            _, fetched = follow(first, limits.redirects, hop)
        except Barred as fault:
            raise InputError(f"{name} {fault}") from None
        except LinkFault as fault:
            raise Unreachable(f"{name} {fault}") from None
        assert fetched is not None  # noqa: S101 - what does not redirect was read
        return fetched


def _take(response: BaseHTTPResponse, where: Url, most: int) -> tuple[str | None, Fetched | None]:
    if (location := redirect_of(response)) is not None:
        return location, None
    if response.status != 200:
        raise LinkFault(fault_of_status(response.status))
    packed = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in ("", "identity"):
        # A few bytes may be unpacked to any size, and nobody asked for that.
        raise LinkFault("answers packed, though it was asked not to: save it and give the file")
    return None, Fetched(where.url, response.headers.get("Content-Type", ""), _body(response, most))


def _body(response: BaseHTTPResponse, most: int) -> bytes:
    body = bytearray()
    while piece := response.read(_PIECE, decode_content=False):
        body += piece
        if len(body) > most:
            raise LinkFault(f"is larger than {most / 1e6:g} MB, the most that is taken")
    return bytes(body)
