"""What the journal records of attempts, announcements and posts, held against what the database says of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.attempt import Attempt
from bot.domain.journal import Break, Event
from bot.domain.recorded_embargoes import RecordedEmbargoes
from bot.domain.states import AttemptState, State

_OUTCOMES = frozenset(state.value for state in AttemptState if state is not AttemptState.SENDING)

OUT = frozenset({State.PUBLISHED, State.PARTLY_PUBLISHED, State.WITHDRAWN})
"""Where an announcement may stand of which the journal says that it was published."""


@dataclass(slots=True)
class _Word:
    """What the journal said last of one attempt, and in which row."""

    seq: int
    state: str
    text: bytes | None = None
    post_id: object = None
    known_by: object = None


@dataclass(slots=True)
class Recorded:
    """Takes the journal's rows in, one by one, and is then asked about what the database holds."""

    attempts: dict[int, _Word] = field(default_factory=dict)
    published: dict[int, int] = field(default_factory=dict)
    withdrawn: dict[int, int] = field(default_factory=dict)
    withdrawn_of: set[int] = field(default_factory=set)
    embargoes: RecordedEmbargoes = field(default_factory=RecordedEmbargoes)

    def take(self, event: Event) -> None:
        """Take in one row; what cannot be read says nothing, and the chain has told of it."""
        self.embargoes.take(event)
        attempt, post = event.data.get("attempt"), event.data.get("post")
        if event.event == "published" and event.announcement_id is not None:
            self.published[event.announcement_id] = event.seq
        elif event.event == "withdrawn" and isinstance(post, int) and event.announcement_id is not None:
            self.withdrawn[post] = event.seq
            self.withdrawn_of.add(event.announcement_id)
        elif isinstance(attempt, int):
            self._take_attempt(event.seq, event.event, attempt, event.data)

    def _take_attempt(self, seq: int, event: str, attempt: int, data: Mapping[str, object]) -> None:
        before = self.attempts.get(attempt)
        text = before.text if before else None
        if event == "intent":
            self.attempts[attempt] = _Word(seq, AttemptState.SENDING, _mark(data.get("text")))
        elif event in _OUTCOMES:
            found = data.get("text")
            text = _mark(found) if isinstance(found, str) else text
            self.attempts[attempt] = _Word(seq, event, text, data.get("post_id"), data.get("known_by"))
        elif event == "corrected":
            self.attempts[attempt] = _Word(
                seq, AttemptState.ACCEPTED, text, data.get("post_id"), data.get("known_by")
            )

    def check_attempt(self, attempt: Attempt) -> Iterator[Break]:
        """Compare one attempt of the database; each is to be given once."""
        word, name = self.attempts.pop(attempt.id, None), f"attempt {attempt.id}"
        if word is None:
            yield Break(
                None, f"{name} is {_shown(attempt)} in the database, and no row of the log speaks of it"
            )
            return
        if word.text is not None and word.text != _mark(attempt.text):
            yield Break(word.seq, f"{name} was made with another text than the database holds")
        said = f"{name} is {word.state}" + (f" as {word.post_id}" if word.post_id else "")
        if word.state != attempt.state or word.post_id != attempt.post_id:
            yield Break(word.seq, f"it says that {said}; the database says {_shown(attempt)}")
        elif word.known_by != attempt.known_by:
            yield Break(
                word.seq,
                f"it says that {said}, known by {word.known_by}; the database says {attempt.known_by}",
            )

    def check_announcements(self, out: Mapping[int, State]) -> Iterator[Break]:
        """Compare the announcements that the database calls published, partly published or withdrawn."""
        for number, seq in self.published.items():
            if number not in out:
                yield Break(seq, f"it says that announcement {number} was published; the database does not")
        for number, state in out.items():
            if state is State.PUBLISHED and number not in self.published:
                yield Break(
                    None, f"announcement {number} is published in the database, and no row of the log says so"
                )
            if state is State.WITHDRAWN and number not in self.withdrawn_of:
                yield Break(
                    None, f"announcement {number} is withdrawn in the database, and no row of the log says so"
                )

    def check_withdrawn(self, posts: Collection[int]) -> Iterator[Break]:
        """Compare the posts that the database calls withdrawn."""
        for post in sorted(set(posts) - self.withdrawn.keys()):
            yield Break(None, f"post {post} is withdrawn in the database, and no row of the log says so")
        for post in sorted(self.withdrawn.keys() - set(posts)):
            yield Break(
                self.withdrawn[post], f"it says that post {post} was withdrawn; the database does not"
            )

    def left(self) -> Iterator[Break]:
        """Say of which attempts the journal speaks that the database did not give."""
        for attempt, word in self.attempts.items():
            yield Break(
                word.seq, f"it says that attempt {attempt} is {word.state}; the database has no such attempt"
            )


def _mark(text: object) -> bytes | None:
    return (
        hashlib.sha256(text.encode("utf-8", "backslashreplace")).digest() if isinstance(text, str) else None
    )


def _shown(attempt: Attempt) -> str:
    return f"{attempt.state} as {attempt.post_id}" if attempt.post_id else attempt.state
