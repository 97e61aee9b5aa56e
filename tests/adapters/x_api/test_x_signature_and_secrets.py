"""Requests are signed with the account's keys, and the keys show up nowhere else."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import time
import traceback
from typing import ClassVar
from urllib.parse import quote

import pytest
from oauthlib import oauth1

from bot.adapters.x_api.client import XChannel
from bot.adapters.x_api.credentials import Credentials
from bot.domain.errors import BotError, SettingsMissing
from tests.adapters.x_api.conftest import MakeChannel
from tests.adapters.x_api.fault_server import Behaviour, FaultServer, Request, Visit, answering
from tests.adapters.x_api.given import BODY, CREDENTIALS, free_to_go

USER = "2244994945"
KEYS = [
    CREDENTIALS.api_key,
    CREDENTIALS.api_secret,
    CREDENTIALS.access_token,
    CREDENTIALS.access_token_secret,
]
SECRETS = [*KEYS, *(quote(key, safe="") for key in KEYS)]


class Verifier(oauth1.RequestValidator):
    """X's side of OAuth 1.0a, by the library's own verification; it knows one app and one account."""

    enforce_ssl = False
    client_key_length = (5, 50)
    access_token_length = (5, 50)
    nonce_length = (5, 50)
    safe_characters: ClassVar[set[str]] = {*oauth1.RequestValidator().safe_characters, *"-+/="}
    dummy_client = dummy_access_token = "nobody"

    def validate_client_key(self, client_key: str, request: object) -> bool:
        return client_key == CREDENTIALS.api_key

    def validate_access_token(self, client_key: str, token: str, request: object) -> bool:
        return token == CREDENTIALS.access_token

    def validate_timestamp_and_nonce(self, *_: object, **__: object) -> bool:
        return True

    def validate_realms(self, *_: object, **__: object) -> bool:
        return True

    def get_client_secret(self, client_key: str, request: object) -> str:
        return CREDENTIALS.api_secret

    def get_access_token_secret(self, client_key: str, token: str, request: object) -> str:
        return CREDENTIALS.access_token_secret


def is_signed(server: FaultServer, request: Request) -> bool:
    endpoint = oauth1.ResourceEndpoint(Verifier())
    headers = {"Authorization": request.headers["authorization"], "Content-Type": "application/json"}
    valid, _ = endpoint.validate_protected_resource_request(
        server.url + request.target, http_method=request.method, headers=headers, realms=[]
    )
    return bool(valid)


def test_a_create_is_signed_for_the_address_that_it_goes_to(make_channel: MakeChannel) -> None:
    with FaultServer(answering(201, {"data": {"id": "1"}})) as server:
        make_channel(server.url).create(BODY, free_to_go)
    (request,) = server.requests
    assert is_signed(server, request)
    forged = Request("DELETE", request.target, request.headers, request.body)
    assert not is_signed(server, forged)


def test_reads_and_deletes_are_signed_with_their_query(make_channel: MakeChannel) -> None:
    page = {"meta": {"result_count": 0}}
    with FaultServer(answering(200, page), answering(200, {"data": {"deleted": True}})) as server:
        channel = make_channel(server.url)
        channel.own_posts(USER, since="1871234567890123456")
        channel.delete("1871234567890123456")
    assert [is_signed(server, request) for request in server.requests] == [True, True]
    assert "since_id=" in server.requests[0].target


def test_the_signature_is_made_before_the_look(make_channel: MakeChannel) -> None:
    """Its time stamp is the proof: during the look the next second begins, and the signature is of an earlier one."""
    seen: list[int] = []

    def look() -> None:
        time.sleep(1.01 - time.time() % 1)
        seen.append(int(time.time()))

    with FaultServer(answering(201, {"data": {"id": "1"}})) as server:
        make_channel(server.url).create(BODY, look)
    stamp = re.search(r'oauth_timestamp="(\d+)"', server.requests[0].headers["authorization"])
    assert stamp is not None
    assert int(stamp[1]) < seen[0]


def echoing(status: int) -> Behaviour:
    """A server that says back all that it was told, and the secrets on top."""

    def behave(visit: Visit) -> None:
        request = visit.read_request()
        told = " ".join([*SECRETS, *request.headers.values()])
        visit.answer_json(status, {"title": told, "detail": told, "errors": [{"message": told}]})
        visit.wait_until_hung_up()

    return behave


def breaking(visit: Visit) -> None:
    visit.read_request()
    visit.reset()


BEHAVIOURS = [echoing(status) for status in (200, 201, 302, 400, 401, 402, 403, 404, 429, 500, 503)] + [
    breaking
]


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_no_secret_gets_into_an_outcome_an_error_or_a_log(
    make_channel: MakeChannel, caplog: pytest.LogCaptureFixture, behaviour: Behaviour
) -> None:
    caplog.set_level(logging.DEBUG)
    with FaultServer(behaviour) as server:
        channel = make_channel(server.url)
        for name in TALKATIVE:
            caplog.set_level(logging.DEBUG, logger=name)
        shown = [
            repr(channel.create(BODY, free_to_go)),
            *told_by_reads(channel),
            repr(channel),
            repr(vars(channel)),
        ]
    assert server.requests
    for secret in SECRETS:
        assert secret not in caplog.text
        for text in shown:
            assert secret not in text


TALKATIVE = [
    "tweepy.client",
    "oauthlib.oauth1.rfc5849",
    "requests_oauthlib.oauth1_auth",
    "urllib3.connectionpool",
]
"""The loggers that print what is sent, set to DEBUG one by one as somebody might who looks for a fault."""


def test_what_the_test_above_looks_for_is_there_to_be_found(caplog: pytest.LogCaptureFixture) -> None:
    """Without the filter these libraries do print keys; run apart, for the filter is for good."""
    program = "\n".join(
        [
            "import logging, tweepy",
            "logging.basicConfig(level=logging.DEBUG)",
            "client = tweepy.Client(None, 'key-of-the-app', 's', 'the-token', 's')",
            "client.session.trust_env = False",
            "client.session.proxies = {'https': 'http://127.0.0.1:1'}",
            "try: client.request('GET', '/2/users/me', user_auth=True)",
            "except Exception: pass",
        ]
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "the-token" in done.stderr


def told_by_reads(channel: XChannel) -> list[str]:
    """Everything that the errors of reads and deletes show, with all they hang together with."""
    shown: list[str] = []
    errors: list[BotError] = []
    for read in (
        channel.identity,
        lambda: channel.own_posts(USER, since=None),
        lambda: channel.newest_own_post(USER),
        lambda: channel.look_up("1"),
        lambda: channel.delete("1"),
    ):
        try:
            shown.append(repr(read()))
        except BotError as error:
            errors.append(error)
    for each in errors:
        shown += [str(each), repr(each), repr(vars(each)), "".join(traceback.format_exception(each))]
    assert {(each.__cause__, each.__context__) for each in errors} <= {(None, None)}
    return shown


def test_credentials_show_none_of_their_values() -> None:
    shown = f"{CREDENTIALS!r} {CREDENTIALS!s} {[CREDENTIALS]}"
    assert not [secret for secret in SECRETS if secret in shown]


@pytest.mark.parametrize("missing", ["api_key", "api_secret", "access_token", "access_token_secret"])
def test_an_empty_key_is_named_in_one_line(missing: str) -> None:
    keys = dict.fromkeys(["api_key", "api_secret", "access_token", "access_token_secret"], "x") | {
        missing: ""
    }
    with pytest.raises(SettingsMissing, match=rf"{missing} is empty") as raised:
        Credentials(**keys)
    assert "\n" not in str(raised.value)
