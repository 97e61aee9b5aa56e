"""What a post carries beside its text and its media: a poll, who may reply, and the marks that X shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.domain.announcement import Poll, Record, ReplySettings

X_WORDS = {
    ReplySettings.FOLLOWING: "following",
    ReplySettings.MENTIONED: "mentionedUsers",
    ReplySettings.SUBSCRIBERS: "subscribers",
    ReplySettings.VERIFIED: "verified",
}
"""What X calls each setting; a request without the field lets everyone reply (X API notes, section 1)."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What one post carries; nothing of it unless a record asks for it."""

    poll: Poll | None = None
    reply_settings: ReplySettings = ReplySettings.EVERYONE
    made_with_ai: bool = False
    paid_partnership: bool = False

    @classmethod
    def of(cls, record: Record) -> Extras:
        """Give what the first post of a record carries."""
        return cls(record.poll, record.reply_settings, record.made_with_ai, record.paid_partnership)

    @property
    def of_a_later_post(self) -> Extras:
        """What a thread's other posts carry: the marks alone, for each post is seen by itself."""
        return replace(self, poll=None, reply_settings=ReplySettings.EVERYONE)

    @property
    def on_the_wire(self) -> dict[str, Any]:
        """The fields of the create request (X API notes, section 1); what is not asked for is left out."""
        fields: dict[str, Any] = {}
        if self.poll:
            fields["poll"] = {"options": list(self.poll.options), "duration_minutes": self.poll.minutes}
        if self.reply_settings in X_WORDS:
            fields["reply_settings"] = X_WORDS[self.reply_settings]
        marks = {"made_with_ai": self.made_with_ai, "paid_partnership": self.paid_partnership}
        return fields | {mark: True for mark, holds in marks.items() if holds}

    @property
    def logged(self) -> dict[str, Any]:
        """What the digest and the log keep of it, in the words of a record; empty if there is nothing."""
        fields: dict[str, Any] = {}
        if self.poll:
            fields["poll"] = {"options": list(self.poll.options), "minutes": self.poll.minutes}
        if self.reply_settings is not ReplySettings.EVERYONE:
            fields["reply_settings"] = self.reply_settings.value
        marks = {"made_with_ai": self.made_with_ai, "paid_partnership": self.paid_partnership}
        return fields | {mark: True for mark, holds in marks.items() if holds}


NO_EXTRAS = Extras()
