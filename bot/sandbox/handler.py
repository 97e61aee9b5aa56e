"""HTTP for the sandbox, on the standard library's server: it lets the socket be broken at any moment."""

from __future__ import annotations

import json
import ssl
import time
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from bot.sandbox import media_api, misbehaviour, page
from bot.sandbox.accounts import SandboxAccount
from bot.sandbox.api import Answer, refuse
from bot.sandbox.creating import Creating
from bot.sandbox.deleting import Deleting
from bot.sandbox.faults import MEDIA
from bot.sandbox.state import State

LARGEST_BODY = 6_000_000
"""A segment of an upload is the largest thing that comes."""


class _Counted:
    """A reader that counts what it gave."""

    def __init__(self, reader: BufferedIOBase) -> None:
        self._reader = reader
        self.count = 0

    def readline(self, size: int = -1) -> bytes:
        line = self._reader.readline(size)
        self.count += len(line)
        return line

    def read(self, size: int = -1) -> bytes:
        data = self._reader.read(size)
        self.count += len(data)
        return data

    def close(self) -> None:
        self._reader.close()

    @property
    def closed(self) -> bool:
        return self._reader.closed


class Handler(BaseHTTPRequestHandler):
    """One connection; `state` is set on the class that a server makes of it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    state: State

    def setup(self) -> None:
        """Count the connection and what is read on it."""
        super().setup()
        self.state.counters.connection()
        self.whole_requests = 0
        self.counted = _Counted(self.rfile)
        self.rfile = cast(Any, self.counted)
        silence = self.state.faults.seconds("silent_close")
        if silence:
            self.connection.settimeout(silence)

    def finish(self) -> None:
        """Note a connection on which no whole request came."""
        if self.whole_requests == 0:
            self.state.counters.ended_silent(self.counted.count)
        try:
            super().finish()
        except (OSError, ValueError):
            self.rfile.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what matters is counted."""

    def do_GET(self) -> None:
        """Serve a GET."""
        self._serve("GET")

    def do_POST(self) -> None:
        """Serve a POST."""
        self._serve("POST")

    def do_DELETE(self) -> None:
        """Serve a DELETE."""
        self._serve("DELETE")

    def _serve(self, method: str) -> None:
        given = self.headers.get("content-length") or "0"
        if not given.isdecimal():
            self.close_connection = True
            self._send_answer(refuse(400, "Bad Request", "content-length: a number is needed"))
            return
        length = int(given)
        raw = self.rfile.read(min(length, LARGEST_BODY))
        if len(raw) < length:
            self.close_connection = True
            return
        self.whole_requests += 1
        path = urlsplit(self.path).path
        if path == "/":
            html = page.render(self.state.posts, self.state.accounts).encode()
            self._send(self.whole_answer(200, html, {"content-type": "text/html; charset=utf-8"}))
        elif path.startswith("/_sandbox/"):
            self._send_answer(self._control(method, path, raw))
        else:
            self._serve_api(method, path, raw)

    def _serve_api(self, method: str, path: str, raw: bytes) -> None:
        endpoint = endpoint_of(method, path)
        if endpoint is None:
            self._send_answer(refuse(404, "Not Found", "there is no such endpoint in the sandbox"))
            return
        self.state.counters.request(endpoint)
        pause = self.state.faults.seconds("latency")
        if pause:
            time.sleep(pause)
        clock = self.state.posts.clock()
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        url = f"{scheme}://{self.headers.get('host', '')}{self.path}"
        account = self.state.signatures.signer(method, url, dict(self.headers), clock)
        if account is None:
            self._send_answer(refuse(401, "Unauthorized", "Unauthorized"))
            return
        allowance = self.state.limits.take(endpoint, account.user_id, clock)
        if not allowance.allowed:
            self._send_answer(refuse(429, "Too Many Requests", "Too Many Requests"), allowance.headers())
            return
        answer = self._answer(endpoint, account, path, raw)
        headers = allowance.headers()
        if isinstance(answer, Answer) and answer.status == 429:
            headers |= {
                "x-rate-limit-remaining": "0",
                "x-rate-limit-reset": str(int(clock + self._seconds_of_429()) + 1),
            }
        if isinstance(answer, Answer):
            self._send_answer(answer, headers)
        elif answer is not None:
            self._send(answer)
        else:
            self.close_connection = True

    def _answer(self, endpoint: str, account: SandboxAccount, path: str, raw: bytes) -> Answer | bytes | None:
        query = dict(parse_qsl(urlsplit(self.path).query))
        last = path.rsplit("/", 1)[-1]
        api = self.state.api
        if endpoint.startswith("media"):
            return self._media(account, path, query, raw)
        match endpoint:
            case "create":
                return Creating(self.state, self.connection, self.whole_answer).run(account, raw)
            case "delete":
                return Deleting(self.state, self.connection).run(account, last)
            case "me":
                gone = self.state.faults.draw(["identity_401"])
                return refuse(401, "Unauthorized", "Unauthorized") if gone else api.me(account)
            case "timeline":
                return self._timeline(path.split("/")[3], query)
        if self.state.faults.draw(["look_up_503"]):
            return refuse(503, "Service Unavailable", "Service Unavailable")
        ids = query["ids"].split(",") if "ids" in query else [last]
        return api.look_up(ids, query, single="ids" not in query)

    def _media(self, account: SandboxAccount, path: str, query: dict[str, str], raw: bytes) -> Answer | None:
        fault = self.state.faults.draw([*MEDIA])
        if fault and fault.kind == "upload_503":
            return refuse(503, "Service Unavailable", "Service Unavailable")
        asked = media_api.Asked(path, query, raw, self.headers.get("content-type", ""))
        given = media_api.answer(self.state.uploads, account, asked)
        if fault and fault.kind == "upload_break":
            misbehaviour.reset(self.connection)
            return None
        return given

    def _timeline(self, user_id: str, query: dict[str, str]) -> Answer:
        fault = self.state.faults.draw(["timeline_503", "timeline_429"])
        if fault and fault.kind == "timeline_503":
            return refuse(503, "Service Unavailable", "Service Unavailable")
        if fault:
            return refuse(429, "Too Many Requests", "Too Many Requests")
        return self.state.api.timeline(user_id, query)

    def _seconds_of_429(self) -> float:
        return self.state.faults.last_seconds("429")

    def _control(self, method: str, path: str, raw: bytes) -> Answer:
        """What tests and people ask of the sandbox itself."""
        state = self.state
        if (method, path) == ("GET", "/_sandbox/stats"):
            return Answer(200, state.stats())
        if (method, path) == ("GET", "/_sandbox/posts"):
            return Answer(200, {"posts": state.listed()})
        try:
            wish = json.loads(raw or b"{}")
            if (method, path) == ("POST", "/_sandbox/faults"):
                state.faults.set(wish["faults"])
            elif (method, path) == ("POST", "/_sandbox/clock"):
                state.posts.offset = float(wish["offset"])
            elif (method, path) == ("POST", "/_sandbox/hand"):
                return Answer(200, by_hand(state, wish))
            else:
                return refuse(404, "Not Found", "there is no such page in the sandbox")
        except (KeyError, ValueError, TypeError) as error:
            return refuse(400, "Invalid Request", str(error))
        return Answer(200, {})

    def whole_answer(self, status: int, body: bytes, headers: dict[str, str]) -> bytes:
        """Make a whole answer, so that it leaves in one write."""
        given = {
            "date": formatdate(self.state.posts.clock(), usegmt=True),
            "content-type": "application/json; charset=utf-8",
            "content-length": str(len(body)),
            **headers,
        }
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            *(f"{name}: {value}" for name, value in given.items()),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def _send_answer(self, answer: Answer, headers: dict[str, str] | None = None) -> None:
        kind = {} if answer.status < 400 else {"content-type": "application/problem+json"}
        body = b"" if answer.status == 204 else json.dumps(answer.body, ensure_ascii=False).encode()
        self._send(self.whole_answer(answer.status, body, {**kind, **(headers or {})}))

    def _send(self, answer: bytes) -> None:
        try:
            self.connection.sendall(answer)
        except OSError:
            misbehaviour.reset(self.connection)
            self.close_connection = True


def endpoint_of(method: str, path: str) -> str | None:
    """Name the endpoint of a request."""
    parts = path.strip("/").split("/")
    if parts[:1] != ["2"]:
        return None
    if parts[1:] == ["users", "me"] and method == "GET":
        return "me"
    if len(parts) == 4 and parts[1] == "users" and parts[3] == "tweets" and method == "GET":
        return "timeline"
    if parts[1:2] == ["media"]:
        return _media_endpoint(method, parts[2:])
    if parts[1:2] == ["tweets"] and len(parts) <= 3:
        return {
            ("POST", 2): "create",
            ("GET", 2): "lookup",
            ("GET", 3): "lookup",
            ("DELETE", 3): "delete",
        }.get((method, len(parts)))
    return None


def _media_endpoint(method: str, parts: list[str]) -> str | None:
    match method, parts:
        case "POST", ["metadata"]:
            return "media_metadata"
        case "GET", ["upload"]:
            return "media_status"
        case "POST", ["upload", "initialize"] | ["upload", _, "append" | "finalize"]:
            return f"media_{parts[-1]}"
    return None


def by_hand(state: State, wish: dict[str, Any]) -> dict[str, Any]:
    """Do what the owner of the account does in the app: post, edit or delete."""
    handles = {account.handle: account.user_id for account in state.accounts}
    if wish["do"] == "post":
        user_id = handles[wish.get("handle", state.accounts[0].handle)]
        return {"id": state.posts.create(user_id, wish["text"], wish.get("reply_to"), by_hand=True).id}
    if wish["do"] == "edit":
        return {"id": state.posts.edit(wish["id"], wish["text"]).id}
    if wish["do"] == "delete":
        return {"deleted": state.posts.delete(wish["id"])}
    raise ValueError("do: post, edit or delete")
