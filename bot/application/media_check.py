"""Look at the media of a record for its preview (design, section 7)."""

from __future__ import annotations

from bot.application.ports.media_files import MediaFiles
from bot.domain.announcement import Record
from bot.domain.card import Finding
from bot.domain.errors import InputError
from bot.domain.media import PostMedia
from bot.domain.media_rules import problems_of_item, problems_of_set


def media_of(record: Record, files: MediaFiles) -> tuple[tuple[PostMedia, ...], list[Finding]]:
    """Inspect every file; what cannot be used, or X would refuse, is a problem."""
    found: list[PostMedia] = []
    problems: list[Finding] = []
    for item in record.media:
        try:
            facts = files.inspect(item)
        except InputError as error:
            problems.append(Finding("media", f"media: {error}"))
            continue
        found.append(PostMedia(item.path, item.alt, facts))
        problems += problems_of_item(item, facts)
    problems += problems_of_set([each.facts.kind for each in found])
    return tuple(found), problems
