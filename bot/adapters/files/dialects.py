"""Tables as other tools write and take them, as data: by which columns each is told, and what its columns are to us.

The names come from the tools' help pages as they were read in November 2026, Hootsuite's and GoHighLevel's from copies of them
by others (`docs/howto/tables-of-other-tools.md` has the table). What no page names is not here: it is the user's to map.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.application.ports.record_files import DateOrder

NO_BOARD = "is for another network than X"
NO_COMMENT = (
    "would be a comment below the post, which X has not: write it into the text, or leave the column out"
)

Names = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One tool's table.

    `told_by`: columns that must be there, of a tuple one. `columns`: what each is to us (`headers.py`). `left_out`: columns
    without a meaning on X; a notice says that they are filled. `refused`: filled, they bar the import; this says what to do.
    `words`: what may stand in a column that says nothing to us. In `left_out` and `refused` a name may end with *.
    `by_place`: targets by place, of a table that may come without a header; `order`: the tool's own order of day and month;
    `without_due`: what a row without a time gets.
    """

    tool: str
    told_by: tuple[Names, ...]
    columns: Mapping[str, str]
    left_out: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    by_place: tuple[str, ...] = ()
    order: DateOrder | None = None
    is_utc: bool = False
    needs_offset: bool = False
    without_due: str = ""
    one_kind_of_media: bool = False
    link_hides_media: bool = False

    @property
    def called(self) -> str:
        """What a table of it is called."""
        return f"{'an' if self.tool[0] in 'AEIOU' else 'a'} {self.tool} table"


PUBLER = Dialect(
    "Publer",
    ("Date", ("Text", "Message"), "Link(s)", "Media URL(s)"),
    {
        "Date": "due",
        "Text": "body",
        "Message": "body",
        "Link(s)": "link",
        "Media URL(s)": "media",
        "Alt text": "media.alt",
        "Title": "title",
        "Labels": "notes.Labels",
    },
    left_out={"Board": NO_BOARD, "CTA": NO_BOARD},
    refused={"Comments": NO_COMMENT},
    without_due="next",
)
SPROUT = Dialect(
    "Sprout Social",
    ("date", "time_24hr", "message_text"),
    {"date": "due.date", "time_24hr": "due.time", "message_text": "body"},
)
GOHIGHLEVEL = Dialect(
    "GoHighLevel",
    ("postAtSpecificTime", "content", ("imageUrls", "gifUrl", "videoUrls")),
    {
        "postAtSpecificTime": "due",
        "content": "body",
        "link (OGmetaUrl)": "link",
        "imageUrls": "media.image",
        "gifUrl": "media.gif",
        "videoUrls": "media.video",
        "category": "notes.category",
    },
    left_out={
        "watermark": "is not put on pictures here",
        "gbp*": NO_BOARD,
        "youtube*": NO_BOARD,
        "pinterestBoardId": NO_BOARD,
        "linkedInDocumentUrl": NO_BOARD,
    },
    refused={"followUpComment": NO_COMMENT},
    words={"postType": frozenset({"post"})},
    order=DateOrder.MDY,
    one_kind_of_media=True,
)
SOCIALBEE = Dialect(
    "SocialBee",
    ("postAtSpecificTime", "text", ("imageUrls", "gifUrls", "videoUrls")),
    {
        "postAtSpecificTime": "due",
        "text": "body",
        "link": "link",
        "imageUrls": "media.image",
        "gifUrls": "media.gif",
        "videoUrls": "media.video",
    },
    link_hides_media=True,
)
AYRSHARE = Dialect(
    "Ayrshare",
    ("post", "platforms", "scheduleDate"),
    {"post": "body", "platforms": "networks", "mediaUrls": "media", "scheduleDate": "due"},
    is_utc=True,
)
ZERNIO = Dialect(
    "Zernio (Late)",
    ("post_content", "platforms"),
    {
        "post_content": "body",
        "platforms": "networks",
        "schedule_time": "due",
        "schedule_time_x": "due.x",
        "schedule_time_twitter": "due.x",
        "use_queue": "due.queue",
        "publish_now": "due.now",
        "title": "title",
        "media_urls": "media",
        "tz": "timezone",
        "timezone": "timezone",
    },
    left_out={
        "profiles": "names profiles of Zernio: the campaign says which account it is",
        "is_draft": "needs no word: whatever comes in is a draft",
        "schedule_time_*": NO_BOARD,
    },
)
POSTFAST = Dialect(
    "PostFast",
    ("scheduled_at", "account_id", "content"),
    {"scheduled_at": "due", "content": "body", "media_urls": "media"},
    refused={
        "account_id": "does not say which network it is: keep the rows for X alone",
        "first_comment": NO_COMMENT,
    },
    needs_offset=True,
)
POSTCRON = Dialect(
    "Postcron",
    ("text", "year", "month", "day", "hour", "minute"),
    {
        "text": "body",
        "year": "due.year",
        "month": "due.month",
        "day": "due.day",
        "hour": "due.hour",
        "minute": "due.minute",
        "image URL": "media.image",
        "link": "link",
    },
    by_place=(
        "body",
        "due.year",
        "due.month",
        "due.day",
        "due.hour",
        "due.minute",
        "media.image",
        "link",
    ),
)
BRIGHTBEAN = Dialect(
    "BrightBean",
    (
        ("date", "publish_date", "scheduled_date"),
        ("platform", "platforms", "channel", "channels"),
        ("caption", "text", "content", "message", "body"),
    ),
    {
        **dict.fromkeys(("date", "publish_date", "scheduled_date"), "due.date"),
        "time": "due.time",
        **dict.fromkeys(("platform", "platforms", "channel", "channels"), "networks"),
        **dict.fromkeys(("caption", "text", "content", "message", "body"), "body"),
        **dict.fromkeys(("media_url", "image_url"), "media"),
        "category": "notes.category",
        "tags": "notes.tags",
        "labels": "notes.labels",
    },
    refused={"first_comment": NO_COMMENT},
)
HOOTSUITE = Dialect("Hootsuite", (), {}, by_place=("due", "body", "link"))

DIALECTS = (
    HOOTSUITE,
    PUBLER,
    SPROUT,
    GOHIGHLEVEL,
    SOCIALBEE,
    AYRSHARE,
    ZERNIO,
    POSTFAST,
    POSTCRON,
    BRIGHTBEAN,
)
"""In the order in which they are tried; BrightBean takes names that anybody might have, and comes last."""

OF_X = frozenset({"x", "twitter", "xtwitter", "twitterx"})
"""How tools call X among networks, without spaces and signs."""

_IN_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")


def plain_name(cell: str) -> str:
    """Give a header's cell as a name: on one line, without the marks and hard spaces that spreadsheets leave in it."""
    text = cell.replace("\ufeff", "").replace("\u200b", "").replace("\u2060", "")
    return unicodedata.normalize("NFC", " ".join(text.split()))


def loosened(name: str) -> frozenset[str]:
    """Give the spellings under which a name is known: case, spaces, signs and brackets do not count, with what is in them or
    without."""
    return frozenset(_letters(each) for each in (name, _IN_BRACKETS.sub("", name))) - {""}


def is_named(name: str, known: str) -> bool:
    """Tell whether a column's name is one that is known, which may end with * for any ending."""
    if known.endswith("*"):
        stem = _letters(known)
        return any(each.startswith(stem) for each in loosened(name))
    return bool(loosened(name) & loosened(known))


def found_in(name: str, known: Mapping[str, str]) -> str | None:
    """Give what is known of a column, the whole name before its beginning alone."""
    names = sorted(known, key=lambda each: each.endswith("*"))
    return next((known[each] for each in names if is_named(name, each)), None)


def dialect_of(names: Collection[str]) -> Dialect | None:
    """Tell a tool's table by its columns."""
    return next((each for each in DIALECTS if each.told_by and _has_all(names, each.told_by)), None)


def dialect_without_header(row: Sequence[str], date_shape: re.Pattern[str]) -> Dialect | None:
    """Tell a tool's table that has no header by its first row: where a date is, or the numbers that make one."""
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    if 2 <= len(cells) <= len(HOOTSUITE.by_place) and date_shape.match(cells[0]) and cells[1]:
        return HOOTSUITE
    numbers = cells[1:6]
    if 6 <= len(cells) <= len(POSTCRON.by_place) and all(re.fullmatch(r"[0-9]{1,4}", n) for n in numbers):
        return POSTCRON if len(numbers[0]) == len("2026") else None
    return None


def _has_all(names: Collection[str], told_by: tuple[Names, ...]) -> bool:
    return all(
        any(
            is_named(name, one)
            for name in names
            for one in (wanted if isinstance(wanted, tuple) else (wanted,))
        )
        for wanted in told_by
    )


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
