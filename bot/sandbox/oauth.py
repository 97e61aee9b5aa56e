"""OAuth 1.0a: the signature of every request is really checked."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

from oauthlib.oauth1.rfc5849 import signature
from oauthlib.oauth1.rfc5849.utils import parse_authorization_header

from bot.sandbox.accounts import SandboxAccount

SKEW = 300.0
"""Seconds that X lets a request's timestamp be off."""


class Signatures:
    """Knows the accounts' keys and the nonces that were used; `skew` is how many seconds a timestamp may be off."""

    skew: float = SKEW

    def __init__(self, accounts: Iterable[SandboxAccount]) -> None:
        self._by_token = {account.access_token: account for account in accounts}
        self._nonces: set[tuple[str, str, str]] = set()
        self._guard = threading.Lock()

    def signer(
        self, method: str, url: str, headers: Mapping[str, str], clock: float
    ) -> SandboxAccount | None:
        """Give the account that signed a request, None if its signature, time or nonce does not hold."""
        authorization = headers.get("Authorization", "")
        if not authorization.startswith("OAuth "):
            return None
        given = {name: unquote(value) for name, value in parse_authorization_header(authorization)}
        account = self._by_token.get(given.get("oauth_token", ""))
        if account is None or given.get("oauth_consumer_key") != account.api_key:
            return None
        if not self._fresh(given, clock):
            return None
        parameters = signature.collect_parameters(
            uri_query=urlsplit(url).query,
            headers={"Authorization": authorization},
            exclude_oauth_signature=True,
        )
        request = SimpleNamespace(
            uri=url, http_method=method, params=parameters, signature=given.get("oauth_signature", "")
        )
        good = signature.verify_hmac_sha1(request, account.api_secret, account.access_token_secret)  # type: ignore[arg-type]  # it asks for these four only
        return account if good else None

    def _fresh(self, given: Mapping[str, str], clock: float) -> bool:
        stamp = given.get("oauth_timestamp", "")
        if not given.get("oauth_nonce"):
            return False
        if not stamp.isdigit() or abs(int(stamp) - clock) > self.skew:
            return False
        used = (given.get("oauth_token", ""), stamp, given.get("oauth_nonce", ""))
        with self._guard:
            if used in self._nonces:
                return False
            self._nonces.add(used)
        return True
