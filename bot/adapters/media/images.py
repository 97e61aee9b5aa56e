"""Pictures: JPEG, PNG, WebP and GIF, read whole, so that a broken one is found before anybody approves it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from bot.domain.announcement import MediaItem
from bot.domain.errors import InputError
from bot.domain.media import MediaFacts, MediaKind
from bot.domain.media_rules import IMAGE_BYTES

_MIME = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
_MOST_PIXELS = 200_000_000
_LONGEST_SIDES = (4096, 3072, 2048, 1600, 1200)
"""To what a picture is made smaller, one after the other, until X takes it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture as it will be sent; `facts.sha256` is left to the caller."""

    data: bytes
    facts: MediaFacts


def prepare(data: bytes, item: MediaItem) -> Prepared:
    """Read a picture, take the place out of it, and make it smaller if the record asks for that. Raises InputError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(BytesIO(data), formats=list(_MIME))
            if image.width * image.height > _MOST_PIXELS:
                raise InputError(f"{item.path}: the picture has more than {_MOST_PIXELS:,} pixels")
            frames = getattr(image, "n_frames", 1)
            image.load()
    except UnidentifiedImageError:
        raise InputError(f"{item.path}: this is no JPEG, PNG, WebP or GIF picture and no MP4 film") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InputError(f"{item.path}: the picture has too many pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputError(f"{item.path}: the picture is broken ({error}); copy it again") from None
    place = _has_place(image)
    kind = MediaKind.GIF if image.format == "GIF" and frames > 1 else MediaKind.IMAGE
    if kind is MediaKind.IMAGE and frames > 1:
        raise InputError(f"{item.path}: X takes an animation as GIF or MP4 only")
    sent, scaled = data, False
    if place and kind is MediaKind.IMAGE:
        sent = _written(image)
    if item.scale and kind is MediaKind.IMAGE and len(sent) > IMAGE_BYTES:
        image, sent = _smaller(image)
        scaled = True
    facts = MediaFacts(
        sha256="",
        kind=kind,
        mime=_MIME[image.format or "JPEG"],
        size=len(sent),
        width=image.width,
        height=image.height,
        frames=frames,
        place_removed=place,
        scaled=scaled,
    )
    return Prepared(sent, facts)


def _has_place(image: Image.Image) -> bool:
    """A camera writes where it was into the EXIF part, editing programs into the XMP part."""
    if image.getexif().get_ifd(ExifTags.IFD.GPSInfo):
        return True
    xmp = image.info.get("xmp", image.info.get("XML:com.adobe.xmp", b""))
    return b"GPSL" in (xmp.encode() if isinstance(xmp, str) else xmp)


def _written(image: Image.Image) -> bytes:
    """Write a picture anew with its pixels and colours, the way up, and nothing else of what a camera wrote."""
    same: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": "keep", "subsampling": "keep"},
        "WEBP": {"lossless": True},
    }
    return _saved(image, image, same.get(image.format or "", {}))


def _smaller(image: Image.Image) -> tuple[Image.Image, bytes]:
    smaller, data = image, b""
    for side in _LONGEST_SIDES:
        smaller = image.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        smaller.format = image.format
        data = _saved(smaller, image, {"quality": 90} if image.format in ("JPEG", "WEBP") else {})
        if len(data) <= IMAGE_BYTES:
            break
    return smaller, data


def _way_up(image: Image.Image) -> bytes:
    kept = Image.Exif()
    turned = image.getexif().get(ExifTags.Base.Orientation)
    if turned:
        kept[ExifTags.Base.Orientation] = turned
    return kept.tobytes()


def _saved(image: Image.Image, original: Image.Image, options: Mapping[str, Any]) -> bytes:
    """Write an image as the original's kind, with the original's way up and colour profile and nothing else of it."""
    target, profile = BytesIO(), original.info.get("icc_profile")
    image.save(target, format=original.format, exif=_way_up(original), icc_profile=profile, **options)
    return target.getvalue()
