"""Where requests go, by which way, and for how long."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import PoolManager, ProxyManager
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util import make_headers

from bot.domain.errors import SettingsMissing
from bot.domain.profile import Profile

X_API = "https://api.x.com"


@dataclass(frozen=True, slots=True)
class RequestTimes:
    """Seconds.

    `connect`: until the connection stands; `read`: for each piece of the answer; `total`: from the first byte sent to the
    answer's last; `user_timeout`: how long the kernel goes on sending what nobody acknowledges.
    """

    connect: float = 5.0
    read: float = 30.0
    total: float = 40.0
    user_timeout: float = 40.0

    @classmethod
    def of(cls, profile: Profile) -> RequestTimes:
        """Take those of the protocol's times."""
        return cls(profile.connect, profile.read, profile.total, profile.user_timeout)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The one host that is talked to.

    `proxy` carries https by CONNECT; plain http, which goes only to this machine, takes no proxy. The environment's proxies,
    CA bundles and .netrc count for nothing (settled question 28).
    """

    base_url: str
    proxy: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None

    def pool(self, socket_options: list[tuple[int, int, int | bytes]]) -> HTTPConnectionPool:
        """Give a pool of its own for one request: whatever it opens is new."""
        where_to = urlsplit(self.base_url)
        options: dict[str, Any] = {"socket_options": socket_options, "ssl_context": self.tls}
        manager = PoolManager(**options)
        if self.proxy and self.tls:
            manager = ProxyManager(
                self.proxy,
                proxy_headers=_proxy_headers(self.proxy),
                proxy_ssl_context=self.tls,
                **options,
            )
        return manager.connection_from_host(where_to.hostname, where_to.port, where_to.scheme)


def endpoint(base_url: str, *, proxy: str | None, ca_bundle: str | None) -> Endpoint:
    """Check the settings and make the endpoint. Raises SettingsMissing."""
    base = _checked_base(base_url)
    if proxy is not None:
        _check_proxy(proxy)
    return Endpoint(base, proxy, _tls(ca_bundle) if base.startswith("https:") else None)


def _checked_base(base_url: str) -> str:
    parts = _split(base_url, "X_API_BASE_URL")
    if parts.username or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise SettingsMissing("X_API_BASE_URL: give scheme, host and port only, such as https://api.x.com")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname or ""):
        raise SettingsMissing(
            "X_API_BASE_URL: plain http is for this machine only (127.0.0.1); use https for any other host"
        )
    if parts.scheme not in ("http", "https"):
        raise SettingsMissing("X_API_BASE_URL: it must begin with https://")
    return f"{parts.scheme}://{parts.netloc}"


def _check_proxy(proxy: str) -> None:
    if _split(proxy, "BOT_PROXY").scheme not in ("http", "https"):
        raise SettingsMissing("BOT_PROXY: it must begin with http:// or https://; SOCKS is not supported")


def _split(url: str, setting: str) -> SplitResult:
    """The URL itself is never repeated: a proxy's may hold a password."""
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise SettingsMissing(f"{setting}: this is not a URL with a host; write it as https://host:port")
    return parts


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@lru_cache  # reading the certificates takes longer than anything else here, and accounts share them
def _tls(ca_bundle: str | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies certificate and host name
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # X API notes, section 8
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


def _proxy_headers(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy)
    if not parts.username:
        return {}
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return dict(make_headers(proxy_basic_auth=user))
