"""What X takes of pictures and films (X API notes, section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.announcement import MediaItem
from bot.domain.card import Finding
from bot.domain.media import MediaFacts, MediaKind

MB = 1_000_000
"""X does not say whether its megabytes are decimal; the smaller ones are safe."""

MOST_IMAGES = 4
LONGEST_ALT = 1_000
IMAGE_BYTES = 5 * MB
GIF_BYTES, GIF_SIZE, GIF_FRAMES, GIF_PIXELS = 15 * MB, (1280, 1080), 350, 300_000_000
VIDEO_BYTES, VIDEO_FPS, VIDEO_ASPECT = 512 * MB, 60.0, 3.0
VIDEO_SECONDS = (0.5, 140.0)
VIDEO_SIDES = ((32, 32), (1280, 1024))


def problems_of_item(item: MediaItem, facts: MediaFacts) -> Iterator[Finding]:
    """Find what X would refuse of one file."""
    rules = {MediaKind.IMAGE: _image, MediaKind.GIF: _gif, MediaKind.VIDEO: _video}
    for message in rules[facts.kind](facts):
        yield Finding("media", f"{item.path}: {message}")
    if len(item.alt) > LONGEST_ALT:
        yield Finding(
            "alt", f"{item.path}: the alt text has {len(item.alt):,} characters, X takes {LONGEST_ALT:,}"
        )


def problems_of_set(kinds: Sequence[MediaKind]) -> Iterator[Finding]:
    """Find what X would refuse of all that goes with one post."""
    if len(kinds) > MOST_IMAGES:
        yield Finding("media", f"{len(kinds)} files: X takes {MOST_IMAGES} images, or one GIF, or one film")
    elif len(kinds) > 1 and set(kinds) != {MediaKind.IMAGE}:
        yield Finding("media", "an animated GIF or a film goes alone: X takes nothing beside it")


def _image(facts: MediaFacts) -> Iterator[str]:
    if facts.size > IMAGE_BYTES:
        yield (
            f"the image has {_mb(facts.size)}, X takes {_mb(IMAGE_BYTES)}: make it smaller, or write `scale: true` beside it"
        )


def _gif(facts: MediaFacts) -> Iterator[str]:
    if facts.size > GIF_BYTES:
        yield f"the GIF has {_mb(facts.size)}, X takes {_mb(GIF_BYTES)}"
    if facts.width > GIF_SIZE[0] or facts.height > GIF_SIZE[1]:
        yield f"the GIF is {facts.width}×{facts.height}, X takes {GIF_SIZE[0]}×{GIF_SIZE[1]}"
    if facts.frames > GIF_FRAMES:
        yield f"the GIF has {facts.frames} frames, X takes {GIF_FRAMES}"
    elif facts.width * facts.height * facts.frames > GIF_PIXELS:
        yield f"the GIF has more than {GIF_PIXELS:,} pixels in all its frames"


def _video(facts: MediaFacts) -> Iterator[str]:
    if facts.size > VIDEO_BYTES:
        yield f"the film has {_mb(facts.size)}, X takes {_mb(VIDEO_BYTES)}"
    if facts.seconds is None or not VIDEO_SECONDS[0] <= facts.seconds <= VIDEO_SECONDS[1]:
        lasts = "does not say how long it lasts" if facts.seconds is None else f"lasts {facts.seconds:.1f} s"
        yield f"the film {lasts}, X takes {VIDEO_SECONDS[0]} to {VIDEO_SECONDS[1]:.0f} s"
    yield from _video_picture(facts)
    for codec in facts.codecs:
        if codec not in ("AVC", "AAC"):
            yield f"the film holds {codec}: X takes H.264 pictures and AAC sound"


def _video_picture(facts: MediaFacts) -> Iterator[str]:
    short, long = sorted((facts.width, facts.height))
    least, most = VIDEO_SIDES
    if short < least[0] or short > most[1] or long > most[0]:
        yield f"the film is {facts.width}×{facts.height}, X takes 32×32 to 1280×1024"
    elif long > VIDEO_ASPECT * short:
        yield f"the film is {facts.width}×{facts.height}: one side is more than three times the other"
    if facts.fps is not None and facts.fps > VIDEO_FPS:
        yield f"the film has {facts.fps:.0f} pictures a second, X takes {VIDEO_FPS:.0f}"
    if facts.chroma and facts.chroma != "4:2:0":
        yield f"the film's colours are {facts.chroma}, X takes 4:2:0"


def _mb(size: int) -> str:
    return f"{size / MB:.1f} MB"
