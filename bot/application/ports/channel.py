"""What the deeds need from the channel (X first)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.domain.errors import Unreachable
from bot.domain.outcomes import Outcome, RefusedKind
from bot.domain.timeline import Identity, Reading, TimelinePost
from bot.domain.uploads import MediaUpload, Uploaded

Look = Callable[[], str | None]
"""The guard (design, section 5, step 4): called when the connection stands and before the first byte. Returns None to
go on, or the reason why nothing may be sent."""


class ChannelRefused(Unreachable):
    """A read or a delete was answered with no. `kind` is the reason as for a create; `status` the HTTP status."""

    def __init__(self, message: str, *, kind: RefusedKind, status: int) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status


class ChannelUnreachable(Unreachable):
    """A read or a delete got no answer, or none that can be read."""


class Channel(Protocol):
    """One account on one channel. No method retries; none follows a redirect."""

    def identity(self) -> Identity:
        """Ask whom the keys belong to.

        Raises ChannelRefused (401: the keys are wrong, or X has an outage) or ChannelUnreachable.
        """
        ...

    def create(self, body: bytes, look: Look) -> Outcome:
        """Send one create request with exactly these bytes, at most once, over a new connection. Never raises for a fault of
        the network or of X: what is not known to be anything else is InDoubt. Signed before the look; `look` is called with
        the connection standing; header and body leave in one write."""
        ...

    def own_posts(self, user_id: str, *, since: str | None) -> Reading:
        """Read the account's own posts, newest first, all pages, from a minute before the post `since` (all of them if None).

        Raises ChannelRefused or ChannelUnreachable when the first page does not come; a later page that does not makes
        the reading not whole.
        """
        ...

    def newest_own_post(self, user_id: str) -> str | None:
        """Read the id of the newest own post, None if the account has none (one small page). Raises as `own_posts`."""
        ...

    def look_up(self, post_id: str) -> TimelinePost | None:
        """Read one post; None if X says that it is not there. Raises ChannelRefused or ChannelUnreachable."""
        ...

    def upload(self, media: MediaUpload) -> Uploaded:
        """Upload a picture or film with its alt text; nothing of it shows anywhere before a post names it, so that broken
        requests of it are sent again.

        Raises ChannelRefused (the channel does not take the file, or the account), ChannelUnreachable, and what reading
        the file raises.
        """
        ...

    def upload_state(self, media_id: str) -> Uploaded:
        """Ask whether an upload can go with a post. Raises ChannelRefused or ChannelUnreachable."""
        ...

    def delete(self, post_id: str) -> bool:
        """Delete a post; False if it was gone already. Raises ChannelRefused or ChannelUnreachable."""
        ...
