"""The ways to a link: its name looked up, every address judged, and a connection to one that was judged."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPSConnectionPool, ProxyManager
from urllib3.util import Url, make_headers

from bot.adapters.web.faults import Barred, LinkFault
from bot.domain.errors import SettingsMissing
from bot.domain.public_addresses import is_public

PORT = 443
MOST_ADDRESSES = 3
"""Of a name that has more, the first ones are tried."""

Resolve = Callable[[str, int], Sequence[str]]
Way = Callable[[], HTTPSConnectionPool]


def addresses_of(host: str, port: int) -> Sequence[str]:
    """Look a name up, as every other program on this machine would. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Ways:
    """Finds the ways to a link. `resolve` looks names up, `allows` judges an address.

    With `proxy` it is the proxy that looks the name up and connects, and what the name leads to from there cannot be seen. A
    name that this machine finds in its own network is refused nevertheless.
    """

    tls: ssl.SSLContext
    proxy: str | None = field(default=None, repr=False)
    resolve: Resolve = addresses_of
    allows: Callable[[str], bool] = is_public

    def to(self, where: Url, seconds: float) -> list[Way]:
        """Judge a link and every address that it has; its name is looked up for so long. Raises Barred, or LinkFault."""
        if where.scheme != "https":
            raise Barred(f"is {where.scheme}: only https is asked, which nobody reads or changes on its way")
        if where.auth:
            raise Barred("was not asked: it holds a user's name, perhaps a password")
        host, port = str(where.host).strip("[]"), where.port or PORT
        addresses = self._addresses(host, port, seconds)
        for address in addresses:
            if not self.allows(address):
                raise Barred(f"was not asked: it leads to an address that is not public ({address})")
        if self.proxy:
            return [partial(_by_proxy, self.proxy, self.tls, host, port)]
        return [partial(_directly, self.tls, address, host, port) for address in addresses[:MOST_ADDRESSES]]

    def _addresses(self, host: str, port: int, seconds: float) -> Sequence[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            found = self._looked_up(host, port, seconds)
        if not found and not self.proxy:  # many an office knows outer names at its proxy only
            raise LinkFault("does not answer: its name is not known")
        return found

    def _looked_up(self, host: str, port: int, seconds: float) -> Sequence[str]:
        """A look-up cannot be broken off: a thread does it, which nobody waits for once the time is over."""
        answer: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

        def look() -> None:
            try:
                answer.put(self.resolve(host, port))
            except (OSError, UnicodeError):
                answer.put([])

        threading.Thread(target=look, daemon=True, name="look-up").start()
        try:
            return answer.get(timeout=seconds)
        except queue.Empty:
            return []


def tls_context(ca_bundle: str | None) -> ssl.SSLContext:
    """Give what checks certificate and host name, against the certificates of BOT_CA_BUNDLE or the usual ones."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    bundle = Path(ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    try:
        if bundle.is_dir():
            context.load_verify_locations(capath=str(bundle))
        else:
            context.load_verify_locations(cafile=str(bundle))
    except (OSError, ssl.SSLError) as error:
        raise SettingsMissing(
            f"BOT_CA_BUNDLE: {bundle} holds no certificates that can be read; give a PEM file"
        ) from error
    return context


def _directly(tls: ssl.SSLContext, address: str, host: str, port: int) -> HTTPSConnectionPool:
    """A connection to the address that was judged, which must show the certificate of the host."""
    return HTTPSConnectionPool(address, port, ssl_context=tls, server_hostname=host)


def _by_proxy(proxy: str, tls: ssl.SSLContext, host: str, port: int) -> HTTPSConnectionPool:
    parts, headers = urlsplit(proxy), {}
    if parts.username:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = dict(make_headers(proxy_basic_auth=user))
    manager = ProxyManager(proxy, proxy_headers=headers, proxy_ssl_context=tls, ssl_context=tls)
    return cast("HTTPSConnectionPool", manager.connection_from_host(host, port, "https"))
