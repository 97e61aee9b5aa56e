"""What an account's own timeline shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TimelinePost:
    """A post as the channel shows it.

    `text`: links expanded and the trailing media link dropped, HTML entities still as X gives them;
    `parent_id`: what it replies to; `versions`: every id of its edit history, itself included; `repost`: it only shows
    another's post; `quote_id`: what it quotes, to which a link may stand at the end of the text.
    """

    post_id: str
    author_id: str
    text: str
    created_at: datetime | None = None
    parent_id: str | None = None
    versions: tuple[str, ...] = ()
    repost: bool = False
    quote_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the timeline, all pages. `whole` is False when anything was missing from it (an `errors` list,
    a page that did not come, another author's posts): such a reading proves nothing. `cut`: it shows as many posts as the
    channel ever shows, so that older ones may be missing."""

    posts: tuple[TimelinePost, ...]
    whole: bool
    why_not: str = ""
    server_date: datetime | None = field(default=None, compare=False)
    cut: bool = field(default=False, compare=False)

    @property
    def ids(self) -> set[str]:
        """Every id that it shows, those of earlier versions included."""
        return {version for post in self.posts for version in (post.post_id, *post.versions)}

    def ids_since(self, post_id: str | None) -> set[str]:
        """Every id that is not older than a given one; all if None."""
        return {each for each in self.ids if post_id is None or int(each) >= int(post_id)}


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the keys belong to. `server_date` is X's own time of the answer (UTC), None if it gave none."""

    user_id: str
    handle: str
    server_date: datetime | None = None
