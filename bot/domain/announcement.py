"""The announcement: the record that the team queues, and where it stands (design, sections 2 and 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.states import HeldReason, State


@dataclass(frozen=True, slots=True)
class MediaItem:
    """A picture or film that goes with the post: path relative to the project folder, and its alt text.

    `scale`: a picture that is too large may be made smaller.
    """

    path: str
    alt: str = ""
    scale: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """A question's options and how long it runs, in minutes."""

    options: tuple[str, ...]
    minutes: int = 1440


class ReplySettings(StrEnum):
    """Who may reply to a post, in the team's words."""

    EVERYONE = "everyone"
    FOLLOWING = "following"
    MENTIONED = "mentioned"
    SUBSCRIBERS = "subscribers"
    VERIFIED = "verified"


class Split(StrEnum):
    """How a body that is too long for one post becomes a thread by itself; numbered, each post begins with `1/3`."""

    PLAIN = "split"
    NUMBERED = "split numbered"


@dataclass(frozen=True, slots=True)
class Repeat:
    """When a record comes again, and in which words (`domain/recurrence.py`; decision 0029).

    `rule` as written (RRULE of RFC 5545, or `weekly`); `wordings` take turns with the body; after `rest` a text may come again;
    `skip` are days (2026-12-25) on which nothing comes; `on_holidays`: it comes on the campaign's holidays, too; `ahead` is
    how long before its time an announcement is made. Both spans are as written (`60d`).
    """

    rule: str
    wordings: tuple[str, ...] = ()
    rest: str | None = None
    skip: tuple[str, ...] = ()
    on_holidays: bool = False
    ahead: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What a team writes: the field names are a contract (design, section 8).

    `due` is as written (`2023-03-30 10:00`, `friday 9am`, `next`), None for a draft without a time. `thread`: a line of `---`
    in the body parts its posts; with a Split, what is still too long is parted, too. `account`: one other than the campaign's;
    `translation_of`: the key of the announcement, in the same campaign, that this one says in another language.
    """

    campaign: str
    title: str = ""
    body: str = ""
    link: str | None = None
    due: str | None = None
    timezone: str | None = None
    language: str | None = None
    media: tuple[MediaItem, ...] = ()
    template: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    thread: bool | Split = False
    reply_to: str | None = None
    quote: str | None = None
    poll: Poll | None = None
    reply_settings: ReplySettings = ReplySettings.EVERYONE
    made_with_ai: bool = False
    paid_partnership: bool = False
    embargo: str | None = None
    expires: str | None = None
    notes: str = ""
    key: str | None = None
    account: str | None = None
    translation_of: str | None = None
    repeat: Repeat | None = None


def record_data(record: Record) -> dict[str, Any]:
    """Give a record's fields as JSON may hold them; `dataclasses.asdict` takes ten times as long."""
    data = {name: getattr(record, name) for name in Record.__dataclass_fields__}
    data["variables"] = dict(record.variables)
    data["media"] = [asdict(each) for each in record.media]
    data["poll"] = asdict(record.poll) if record.poll else None
    data["repeat"] = asdict(record.repeat) if record.repeat else None
    return data


@dataclass(frozen=True, slots=True)
class Due:
    """When it is to go out: the wall time and IANA zone that the author gave, and the instant (UTC) of them.

    `fixed`: the author gave an offset, which fixes the instant whatever the zone's rules become (design, section 4).
    """

    wall: datetime
    zone: str
    at: datetime
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Why a person has to look, and what they can do about it."""

    reason: HeldReason
    detail: str


@dataclass(frozen=True, slots=True)
class Approved:
    """One person's yes to what they saw. `own`: the approver wrote it."""

    by: str
    at: datetime
    digest: str
    own: bool


@dataclass(frozen=True, slots=True)
class Lift:
    """One person's word that an embargo need not hold any more."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Embargo:
    """Nothing of it goes out before `until` (`domain/embargo.py`).

    `asked` is the word of the first person who would lift it, `lifted` that of the second.
    """

    until: Due
    asked: Lift | None = None
    lifted: Lift | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Its place in a series: the series' number and the wall time that the rule gives.

    `written`: the revision that the series wrote; another one is somebody's edit. 0: the series took it back.
    """

    series: int
    wall: datetime
    written: int = 1


@dataclass(frozen=True, slots=True)
class Announcement:
    """A record in the queue.

    `revision` counts the edits of the record; `epoch` the claims (design, section 5, step 1); `digest` is that of the approved
    card, None until the last needed approval; `released_at` the instant from which lateness counts when a person let a
    held one go on; `corrects` the local id of the post of which this is a new version. `words_revision`: the revision that last
    changed what readers see; `original_revision`: that of the original for which a translation was written or approved, None
    while there is no original. All instants are UTC.
    """

    id: int
    key: str
    record: Record
    account: str
    state: State
    due: Due | None
    author: str
    created_at: datetime
    updated_at: datetime
    revision: int = 1
    epoch: int = 0
    digest: str | None = None
    held: Held | None = None
    released_at: datetime | None = None
    approvals: tuple[Approved, ...] = ()
    embargo: Embargo | None = None
    expires: Due | None = None
    words_revision: int = 1
    original_revision: int | None = None
    corrects: int | None = None
    occurrence: Occurrence | None = None

    @property
    def name(self) -> str:
        """How people call it: its key where they gave one, else its number."""
        return name_of(self.key, self.id)


def name_of(key: str, number: int) -> str:
    """Give the name that people use for an announcement with this key and number."""
    return str(number) if key.startswith("auto:") else key
