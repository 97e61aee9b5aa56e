"""Uploads of media, in pieces (X API notes, section 7): what X checks of a file, it checks here, with libraries of its own."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image
from pymediainfo import MediaInfo

MB = 1_000_000
LARGEST = {"tweet_image": 5 * MB, "tweet_gif": 15 * MB, "tweet_video": 512 * MB}
TYPES = {
    "tweet_image": {"image/jpeg", "image/png", "image/webp", "image/gif"},
    "tweet_gif": {"image/gif"},
    "tweet_video": {"video/mp4"},
}
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
LARGEST_PIECE = 5 * MB
MOST_PIECES = 1000
LONGEST_ALT = 1000


class Refused(Exception):
    """X answers 400 with these words."""


@dataclass(slots=True)
class Upload:
    """One upload: `expires` and `ready_at` by the running clock; `alt` None until it was given."""

    id: str
    user_id: str
    media_type: str
    category: str
    total: int
    expires: float
    pieces: dict[int, bytes] = field(default_factory=dict)
    finalized: bool = False
    ready_at: float = 0.0
    failed: str = ""
    alt: str | None = None

    @property
    def data(self) -> bytes:
        """What has come so far, in the order of the pieces."""
        return b"".join(self.pieces[index] for index in sorted(self.pieces))


class Uploads:
    """Every upload of every account. `keep` is how long X keeps one, in seconds; `processing` how long a film takes."""

    def __init__(self) -> None:
        self.keep = 86_400.0
        self.processing = 0.2
        self.uploads: dict[str, Upload] = {}
        self._guard = threading.Lock()
        # X never gives an id twice, also not after a restart, which forgets the uploads themselves.
        self._last = 1_800_000_000_000_000_000 + time.time_ns() // 1000

    def initialize(self, user_id: str, wish: Any) -> Upload:
        """Begin an upload. Raises Refused."""
        if not isinstance(wish, dict) or set(wish) - {
            "media_type",
            "total_bytes",
            "media_category",
            "shared",
        }:
            raise Refused("the body holds what the schema does not allow")
        category, kind, total = wish.get("media_category"), wish.get("media_type"), wish.get("total_bytes")
        if category not in TYPES or kind not in TYPES[category]:
            raise Refused(f"media_type {kind!r} does not go with media_category {category!r}")
        if not isinstance(total, int) or not 0 < total <= LARGEST[category]:
            raise Refused(f"total_bytes: {total} is more than {LARGEST[category]}")
        with self._guard:
            self._last += 1
            upload = Upload(str(self._last), user_id, kind, category, total, time.monotonic() + self.keep)
            self.uploads[upload.id] = upload
        return upload

    def append(self, user_id: str, upload_id: str, index: int, piece: bytes) -> None:
        """Take one piece; the same piece again takes its own place. Raises Refused."""
        upload = self._own(user_id, upload_id)
        if upload.finalized:
            raise Refused("the upload is finalized")
        if not 0 <= index < MOST_PIECES or not 0 < len(piece) <= LARGEST_PIECE:
            raise Refused("segment_index or the segment's size is out of bounds")
        upload.pieces[index] = piece

    def finalize(self, user_id: str, upload_id: str) -> Upload:
        """End an upload and look at what came. Raises Refused."""
        upload = self._own(user_id, upload_id)
        if sorted(upload.pieces) != list(range(len(upload.pieces))) or len(upload.data) != upload.total:
            raise Refused("segments are missing: the sizes do not add up to total_bytes")
        upload.finalized = True
        if upload.category == "tweet_video":
            upload.ready_at = time.monotonic() + self.processing
            upload.failed = _wrong_film(upload.data)
        else:
            wrong = _wrong_picture(upload)
            if wrong:
                raise Refused(wrong)
        return upload

    def status(self, user_id: str, upload_id: str) -> Upload:
        """Give an upload that is finalized. Raises Refused."""
        upload = self._own(user_id, upload_id)
        if not upload.finalized:
            raise Refused("the upload is not finalized")
        return upload

    def describe(self, user_id: str, wish: Any) -> None:
        """Set the alt text. Raises Refused."""
        try:
            upload, text = self._own(user_id, wish["id"]), wish["metadata"]["alt_text"]["text"]
        except (KeyError, TypeError):
            raise Refused("id and metadata.alt_text.text are needed") from None
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_ALT:
            raise Refused(f"alt_text: 1 to {LONGEST_ALT} characters are needed")
        upload.alt = text

    def wrong_with(self, user_id: str, ids: Any) -> str:
        """Say why these ids cannot go with a post, or nothing."""
        if not isinstance(ids, list) or not 1 <= len(ids) <= 4 or len(set(map(str, ids))) != len(ids):
            return "media.media_ids: 1 to 4 different ids are needed"
        try:
            found = [self._own(user_id, each) for each in ids]
        except Refused:
            return "Your media IDs are invalid."
        if any(not each.finalized or each.failed or state_of(each) != "succeeded" for each in found):
            return "Your media IDs are invalid."
        if len(found) > 1 and any(each.category != "tweet_image" for each in found):
            return "media.media_ids: a GIF or a film goes alone"
        return ""

    def _own(self, user_id: str, upload_id: Any) -> Upload:
        upload = self.uploads.get(upload_id) if isinstance(upload_id, str) else None
        if upload is None or upload.user_id != user_id or upload.expires < time.monotonic():
            raise Refused("there is no such media id")
        return upload


def kept_of(upload: Upload) -> dict[str, Any]:
    """What the judge keeps of a picture that went with a post."""
    return {
        "id": upload.id,
        "sha256": hashlib.sha256(upload.data).hexdigest(),
        "type": upload.media_type,
        "alt": upload.alt,
    }


def state_of(upload: Upload) -> str:
    """Name the state of processing as X does."""
    if time.monotonic() < upload.ready_at:
        return "in_progress"
    return "failed" if upload.failed else "succeeded"


def _wrong_picture(upload: Upload) -> str:
    try:
        image = Image.open(BytesIO(upload.data))
        frames = getattr(image, "n_frames", 1)
        image.load()
    except (OSError, ValueError, SyntaxError):
        return "the media is not a picture"
    if image.format != FORMATS[upload.media_type]:
        return "the media is not what media_type says"
    if upload.category == "tweet_image" and frames > 1:
        return "an animation is no tweet_image"
    large = image.width > 1280 or image.height > 1080 or frames > 350
    return "the GIF is too large" if upload.category == "tweet_gif" and large else ""


def _wrong_film(data: bytes) -> str:
    tracks = MediaInfo.parse(BytesIO(data)).tracks
    films = [track for track in tracks if track.track_type == "Video"]
    if len(films) != 1 or films[0].format != "AVC" or films[0].chroma_subsampling != "4:2:0":
        return "InvalidMedia"
    seconds, sides = float(films[0].duration or 0) / 1000, sorted((films[0].width, films[0].height))
    fits = 0.5 <= seconds <= 140 and sides[0] >= 32 and sides[1] <= 1280 and sides[0] <= 1024
    return (
        "" if fits and sides[1] <= 3 * sides[0] and float(films[0].frame_rate or 0) <= 60 else "InvalidMedia"
    )
