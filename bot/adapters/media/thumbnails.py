"""Small pictures for pages: pixels and nothing else, so that neither a place nor a camera's number travels with them."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

LONGEST_SIDE = 480
"""Pixels; twice what the page shows, for screens with fine dots."""


def thumbnail(data: bytes) -> tuple[str, bytes]:
    """Make a picture that X takes small, the right way up; of an animation the first frame. Gives media type and bytes."""
    with Image.open(BytesIO(data)) as image:
        turned = ImageOps.exif_transpose(image)
        see_through = turned.has_transparency_data
        pixels = turned.convert("RGBA" if see_through else "RGB")
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    kind = "PNG" if see_through else "JPEG"
    target = BytesIO()
    bare.save(target, format=kind, quality=82)
    return f"image/{kind.lower()}", target.getvalue()
