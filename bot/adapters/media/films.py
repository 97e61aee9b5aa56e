"""MP4 films, read by MediaInfo's library."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from pymediainfo import MediaInfo

from bot.domain.announcement import MediaItem
from bot.domain.errors import InputError
from bot.domain.media import MediaFacts, MediaKind

MP4 = "video/mp4"


def is_film(file: BinaryIO) -> bool:
    """Tell an ISO base media file by its first box; the file is at its beginning again after that."""
    head = file.read(12)
    file.seek(0)
    return head[4:8] == b"ftyp"


def facts_of_film(path: Path, item: MediaItem) -> MediaFacts:
    """Read what X's limits ask for; `sha256` and `size` are left to the caller. Raises InputError."""
    tracks = MediaInfo.parse(path, parse_speed=0.5).tracks
    general = next((track for track in tracks if track.track_type == "General"), None)
    film = next((track for track in tracks if track.track_type == "Video"), None)
    if general is None or film is None or not film.width or not film.height:
        raise InputError(f"{item.path}: this is no film that can be read")
    kind = general.format_profile if general.format_profile == "QuickTime" else general.format
    if kind != "MPEG-4":
        raise InputError(f"{item.path}: the film is {kind}, X takes MP4")
    if general.recorded_location or general.xyz:
        raise InputError(
            f"{item.path}: the film tells where it was taken; export it anew without its location"
        )
    if general.istruncated == "Yes":
        raise InputError(f"{item.path}: the film is cut off; copy it again")
    codecs = tuple(
        track.format or "something unknown" for track in tracks if track.track_type in ("Video", "Audio")
    )
    return MediaFacts(
        sha256="",
        kind=MediaKind.VIDEO,
        mime=MP4,
        size=0,
        width=film.width,
        height=film.height,
        frames=int(film.frame_count or 0) or 1,
        seconds=_seconds(film.duration or general.duration),
        fps=float(film.frame_rate) if film.frame_rate else None,
        codecs=codecs,
        chroma=film.chroma_subsampling or "",
    )


def _seconds(milliseconds: Any) -> float | None:
    return None if milliseconds is None else float(milliseconds) / 1000
