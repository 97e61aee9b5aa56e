"""Uploads of pictures and films by X's API v2, which tweepy lacks (X API notes, section 7).

A repeated or broken upload shows nowhere: so, unlike a create, every request of it may be sent again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from urllib3.filepost import encode_multipart_formdata

from bot.adapters.x_api import answers
from bot.adapters.x_api.classify import is_id
from bot.adapters.x_api.flight import Answer
from bot.application.ports.channel import ChannelUnreachable
from bot.domain.media import MediaKind
from bot.domain.uploads import MediaUpload, Uploaded

PIECE = 1 << 20
"""Bytes of a segment: small enough for a slow line within the time of one request."""

TRIES = 3
_UPLOAD = "/2/media/upload"
_CATEGORIES = {MediaKind.IMAGE: "tweet_image", MediaKind.GIF: "tweet_gif", MediaKind.VIDEO: "tweet_video"}
_JSON = "application/json"
_ASK_AGAIN = (1.0, 30.0)
"""The least and the most seconds between two questions whether a film is processed."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The body of a request and its type."""

    body: bytes
    kind: str = _JSON


Ask = Callable[[str, str, dict[str, str], Letter | None], Answer]
"""Sends one request (method, route, query, body) and gives an answer of success; raises what the channel raises."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Uploads whole files, and asks how they are."""

    ask: Ask

    def upload(self, media: MediaUpload) -> Uploaded:
        """Upload a file and its alt text. Raises ChannelRefused or ChannelUnreachable, and what reading the file raises."""
        begun = _data(self._post(f"{_UPLOAD}/initialize", _document(_opening(media))))
        media_id = _id(begun)
        for index, piece in enumerate(media.pieces(PIECE)):
            segment = ("media", ("media", piece, "application/octet-stream"))
            body, kind = encode_multipart_formdata([("segment_index", str(index)), segment])
            self._post(f"{_UPLOAD}/{media_id}/append", Letter(body, kind))
        ended = _data(self._post(f"{_UPLOAD}/{media_id}/finalize", Letter(b"")))
        if media.alt:
            alt = {"id": media_id, "metadata": {"alt_text": {"text": media.alt}}}
            self._post("/2/media/metadata", _document(alt))
        return _uploaded(media_id, ended)

    def state(self, media_id: str) -> Uploaded:
        """Ask how an upload is. Raises ChannelRefused or ChannelUnreachable."""
        query = {"command": "STATUS", "media_id": media_id}
        return _uploaded(media_id, _data(self._again(lambda: self.ask("GET", _UPLOAD, query, None))))

    def _post(self, route: str, letter: Letter) -> Answer:
        return self._again(lambda: self.ask("POST", route, {}, letter))

    def _again(self, request: Callable[[], Answer]) -> Answer:
        for _ in range(TRIES - 1):
            try:
                return request()
            except ChannelUnreachable:
                continue
        return request()


def _opening(media: MediaUpload) -> dict[str, Any]:
    return {
        "media_type": media.facts.mime,
        "total_bytes": media.facts.size,
        "media_category": _CATEGORIES[media.facts.kind],
    }


def _document(found: dict[str, Any]) -> Letter:
    return Letter(json.dumps(found, ensure_ascii=False).encode())


def _data(answer: Answer) -> dict[str, Any]:
    found = (answers.document(answer.body) or {}).get("data")
    if not isinstance(found, dict):
        raise ChannelUnreachable("X's answer to an upload cannot be read; it is tried again later")
    return found


def _id(data: dict[str, Any]) -> str:
    media_id = data.get("id")
    if not isinstance(media_id, str) or not is_id(media_id):
        raise ChannelUnreachable("X gave an upload no id that can be read; it is tried again later")
    return media_id


def _uploaded(media_id: str, data: dict[str, Any]) -> Uploaded:
    """Read the state; every unknown one means to ask again (X API notes, section 7)."""
    expires_in = _number(data.get("expires_after_secs"), 86_400.0)
    info = data.get("processing_info")
    if not isinstance(info, dict) or info.get("state") == "succeeded":
        return Uploaded(media_id, expires_in, ready=True)
    if info.get("state") == "failed":
        return Uploaded(media_id, expires_in, ready=False, failed=_why(info))
    least, most = _ASK_AGAIN
    check_after = min(max(_number(info.get("check_after_secs"), least), least), most)
    return Uploaded(media_id, expires_in, ready=False, check_after=check_after)


def _why(info: dict[str, Any]) -> str:
    error = info.get("error")
    words = [error.get(key) for key in ("name", "message")] if isinstance(error, dict) else []
    return ": ".join(word for word in words if isinstance(word, str) and word) or "no reason given"


def _number(found: Any, otherwise: float) -> float:
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else otherwise
