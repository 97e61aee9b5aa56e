"""The endpoints of media: what X answers to uploads."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from email.parser import BytesParser
from typing import Any

from bot.sandbox.accounts import SandboxAccount
from bot.sandbox.api import INVALID, Answer, refuse
from bot.sandbox.uploads import Refused, Upload, Uploads, state_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A request below /2/media; `kind` is its content type."""

    path: str
    query: dict[str, str]
    body: bytes
    kind: str


def answer(uploads: Uploads, account: SandboxAccount, asked: Asked) -> Answer:
    """Answer a request."""
    *_, before, last = asked.path.rstrip("/").split("/")
    try:
        if last == "initialize":
            return Answer(200, {"data": _shape(uploads.initialize(account.user_id, _document(asked.body)))})
        if last == "append":
            uploads.append(account.user_id, before, *_piece(asked.body, asked.kind))
            return Answer(204, {})
        if last == "finalize":
            return Answer(200, {"data": _shape(uploads.finalize(account.user_id, before))})
        if last == "metadata":
            wish = _document(asked.body)
            uploads.describe(account.user_id, wish)
            return Answer(200, {"data": {"id": wish["id"], "associated_metadata": wish["metadata"]}})
        if asked.query.get("command") != "STATUS":
            raise Refused("command: STATUS is needed")
        return Answer(200, {"data": _shape(uploads.status(account.user_id, asked.query.get("media_id", "")))})
    except Refused as refused:
        return refuse(400, "Invalid Request", str(refused), INVALID)


def _shape(upload: Upload) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": upload.id,
        "media_key": f"3_{upload.id}",
        "expires_after_secs": max(0, int(upload.expires - time.monotonic())),
    }
    if upload.finalized:
        shape["size"] = upload.total
    if upload.finalized and upload.ready_at:
        state = state_of(upload)
        info: dict[str, Any] = {"state": state}
        if state == "in_progress":
            info |= {"check_after_secs": 1, "progress_percent": 50}
        if state == "failed":
            info["error"] = {"code": 1, "name": upload.failed, "message": "file is currently unsupported"}
        shape["processing_info"] = info
    return shape


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Refused("the body is not JSON") from None


def _piece(body: bytes, kind: str) -> tuple[int, bytes]:
    """Read a segment: multipart, or JSON with base64."""
    if kind.startswith("multipart/form-data"):
        message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        parts = {part.get_param("name", header="content-disposition"): part for part in message.walk()}
        fields = {
            name: part.get_payload(decode=True) for name, part in parts.items() if isinstance(name, str)
        }
    else:
        wish = _document(body)
        fields = {
            "segment_index": str(wish.get("segment_index", "")).encode(),
            "media": base64.b64decode(wish.get("media", ""), validate=True),
        }
    index, piece = fields.get("segment_index", b""), fields.get("media")
    if not isinstance(index, bytes) or not index.isdigit() or not isinstance(piece, bytes):
        raise Refused("segment_index and media are needed")
    return int(index), piece
