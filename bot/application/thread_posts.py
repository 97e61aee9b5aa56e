"""The posts of a record: its body parted as it asks, each part rendered, the hashtag once in the thread (design, section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.application.ports.renderer import Rendered, Renderer, RenderJob
from bot.domain.announcement import Record, Split
from bot.domain.card import Finding
from bot.domain.errors import InputError, RenderError
from bot.domain.text.hashtag import ensure_once, occurrences, without_hashtag
from bot.domain.text.split import split
from bot.domain.text.thread import split_thread
from bot.domain.text.weighted import weighted_length

_PROBE = "x"
_TRIES = 8
_UNKNOWN_EXCESS = 10
# A thread with a first post, one in the middle and a last one.
_ANY_COUNT = 3


def posts_of(record: Record, job: RenderJob, renderer: Renderer) -> tuple[list[Rendered], list[Finding]]:
    """Render every post of a record; what cannot be rendered is a problem and leaves none. The job's body is not looked at."""
    parts = split_thread(record.body) if record.thread else [record.body]
    if record.thread and not all(parts):
        return [], [Finding("thread", "body: a part between two lines of --- is empty")]
    thread = _Thread(job, renderer, numbered=record.thread is Split.NUMBERED)
    try:
        if isinstance(record.thread, Split):
            return thread.split(parts), []
        return thread.posts(parts), []
    except _NotRendered as error:
        return [], [error.finding]
    except InputError as error:
        return [], [Finding("thread", str(error))]


class _NotRendered(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


@dataclass(slots=True)
class _Thread:
    """Renders the posts of one record; `_less` is what a post's text must weigh less than was reckoned."""

    job: RenderJob
    renderer: Renderer
    numbered: bool
    _probes: dict[tuple[int, int, bool], str] = field(default_factory=dict)
    _less: dict[int, int] = field(default_factory=dict)

    def split(self, texts: Sequence[str]) -> list[Rendered]:
        """Part what does not fit into one post. Raises InputError if it cannot be parted."""
        posts = self.posts(texts)
        if not self._excess(posts):
            return posts
        texts = self._with_hashtag_once(texts)
        for _ in range(_TRIES):
            posts = self.posts(split(texts, self._room, self.job.language))
            excess = self._excess(posts)
            if not excess:
                return posts
            # A template may write more around one body than around another.
            self._less.update({number: self._less.get(number, 0) + over for number, over in excess.items()})
        raise InputError(
            "body: it does not fit, however it is parted: the template writes more around a longer text"
        )

    def posts(self, parts: Sequence[str]) -> list[Rendered]:
        """Render the parts, with the campaign's hashtag in one of them at most."""
        count = len(parts)
        posts = [self._post(part, number, count) for number, part in enumerate(parts, start=1)]
        if count == 1:
            return posts
        tagged = [number for number, post in enumerate(posts, start=1) if self._has_hashtag(post.text)]
        if len(tagged) < 2:
            return posts
        keeper = self._where_the_template_has_it(count) or tagged[0]
        return [
            post if number == keeper else self._post(part, number, count, keeps_hashtag=False)
            for number, (post, part) in enumerate(zip(posts, parts, strict=True), start=1)
        ]

    def _post(self, part: str, number: int, count: int, *, keeps_hashtag: bool = True) -> Rendered:
        body = f"{number}/{count} {part}" if self.numbered and count > 1 else part
        try:
            return self.renderer.render(
                replace(self.job, body=body, number=number, count=count, keeps_hashtag=keeps_hashtag)
            )
        except RenderError as error:
            raise _NotRendered(Finding("template", str(error), number if count > 1 else None)) from error

    def _excess(self, posts: Sequence[Rendered]) -> dict[int, int]:
        """Tell which posts are too heavy, and by how much; where the template cut, that is a guess."""
        over = {
            number: _UNKNOWN_EXCESS if post.was_cut else weighted_length(post.text) - self.job.limit
            for number, post in enumerate(posts, start=1)
        }
        return {number: much for number, much in over.items() if much > 0}

    def _with_hashtag_once(self, texts: Sequence[str]) -> list[str]:
        """Take the hashtag out of the texts where the thread will have it elsewhere, before their room is reckoned."""
        tag = self.job.hashtag
        tagged = next((at for at, text in enumerate(texts) if self._has_hashtag(text)), None)
        if tagged is None:
            return list(texts)
        keeper = None if self._where_the_template_has_it(_ANY_COUNT) else tagged
        kept = [
            ensure_once(text, tag) if at == keeper else without_hashtag(text, tag)
            for at, text in enumerate(texts)
        ]
        return [text for text in kept if text.strip()]

    def _room(self, number: int, count: int) -> int:
        """Tell what the text of a post may weigh: what the template writes around it, and its number, is reckoned in."""
        keeper = self._where_the_template_has_it(count) or number
        around = weighted_length(self._probe(number, count, keeps_hashtag=number == keeper)) - len(_PROBE)
        return self.job.limit - around - self._less.get(number, 0)

    def _where_the_template_has_it(self, count: int) -> int | None:
        """Find the first post in which the template itself writes the hashtag."""
        if not self.job.hashtag:
            return None
        probes = ((n, self._probe(n, count, keeps_hashtag=True)) for n in range(1, count + 1))
        return next((number for number, probe in probes if self._has_hashtag(probe)), None)

    def _probe(self, number: int, count: int, *, keeps_hashtag: bool) -> str:
        """Give what a post with hardly any text would be."""
        asked = (number, count, keeps_hashtag)
        if asked not in self._probes:
            self._probes[asked] = self._post(_PROBE, number, count, keeps_hashtag=keeps_hashtag).text
        return self._probes[asked]

    def _has_hashtag(self, text: str) -> bool:
        return bool(self.job.hashtag and occurrences(text, self.job.hashtag))
