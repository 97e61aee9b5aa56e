"""What a template finds in its hands: names, filters and functions (docs/howto/templates.md describes each)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from jinja2 import StrictUndefined, Undefined, pass_context
from jinja2.runtime import Context

from bot.application.ports.renderer import RenderJob
from bot.domain.countdown import COUNTDOWN_TO, days_left
from bot.domain.errors import InputError, RenderError

BODY_PLACE = "\ufdd0"
"""Stands in the written text where the fitted body goes: a noncharacter, which no post may hold."""

_UTM = ("source", "medium", "campaign", "term", "content")


@dataclass(frozen=True, slots=True)
class Part:
    """Where in its thread a post stands; 1 of 1 without a thread."""

    number: int
    count: int

    @property
    def first(self) -> bool:
        """Tell whether it opens the thread."""
        return self.number == 1

    @property
    def last(self) -> bool:
        """Tell whether it ends the thread."""
        return self.number == self.count


class Hashtag(str):
    """The campaign's hashtag with its #, written `{{ hashtag }}` or `{{ hashtag() }}`."""

    __slots__ = ()

    def __call__(self) -> Hashtag:
        """Give itself."""
        return self


class BodyToFit:
    """What `fit` gives: a place in the post. A filter after it would change the place instead of the text, so it refuses."""

    def __str__(self) -> str:
        raise RenderError(
            "nothing may be done with what 'fit' gives: write it last, as in {{ body|trim|fit }}"
        )

    __repr__ = __str__


class Toolbox:
    """The filters and functions, and the job that they work for; `begin` hands them the next one.

    The filters take the context only so that Jinja does not work them out once for all jobs when it compiles.
    """

    def __init__(self) -> None:
        self._job = RenderJob("", "", "", "", None, "", "en", "")
        self.body: str | None = None

    def begin(self, job: RenderJob) -> dict[str, object]:
        """Take up a job; give the names that its template knows. Raises RenderError."""
        self._job, self.body = job, None
        names = _names(job)
        for name in job.variables:
            if name in names or name in self.functions():
                raise RenderError(
                    f"variable '{name}' has a name that templates already use: call it otherwise"
                )
        return {**job.variables, **names}

    def names(self) -> Iterator[str]:
        """Give every name that may stand in a template of this job, for suggestions."""
        yield from _names(self._job)
        yield from self._job.variables
        yield from self.functions()

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """Give what templates call by name."""
        return {"handle": self.handle, "utm": self.utm}

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """Give what templates write after a bar."""
        return {
            "fit": self.fit,
            "date": self.date,
            "time": self.time,
            "number": self.number,
            "handle": self.handle,
            "utm": self.utm,
        }

    @pass_context
    def fit(self, _: Context, text: str) -> BodyToFit:
        """Keep the text back until the rest of the post is written, and then cut it to the space that is left."""
        if self.body is not None:
            raise RenderError(
                "'fit' is used twice in one post: only one text can take the space that the rest leaves"
            )
        self.body = str(text)
        return BodyToFit()

    @pass_context
    def date(
        self,
        _: Context,
        value: object,
        form: str = "medium",
        *,
        language: str = "",
        calendar: str = "gregorian",
    ) -> str:
        """Write a date in the post's language."""
        from bot.adapters.templates.localised import written_date  # noqa: PLC0415 - start-up time

        return written_date(value, form, language or self._job.language, calendar=calendar)

    @pass_context
    def time(self, _: Context, value: object, form: str = "short", *, language: str = "") -> str:
        """Write a time of day in the post's language."""
        from bot.adapters.templates.localised import written_time  # noqa: PLC0415 - start-up time

        return written_time(value, form, language or self._job.language)

    @pass_context
    def number(self, _: Context, value: object, form: str | None = None, *, language: str = "") -> str:
        """Write a number in the post's language."""
        from bot.adapters.templates.localised import written_number  # noqa: PLC0415 - start-up time

        return written_number(value, form, language or self._job.language)

    @pass_context
    def handle(self, _: Context, short: str) -> str:
        """Write the @handle of a short name of the campaign."""
        known = self._job.handles
        if short not in known:
            raise RenderError(f"no handle '{short}' in the campaign{nearest(str(short), known)}")
        return _at(known[short])

    @pass_context
    def utm(self, _: Context, link: str, **tags: str) -> str:
        """Add campaign parameters to a link; those that it has already stay as they are."""
        for name in tags:
            if name not in _UTM:
                raise RenderError(f"'utm' does not take '{name}'{nearest(name, _UTM)}")
        if not link:
            return ""
        wanted = {"source": "x", "medium": "social", "campaign": self._job.campaign, **tags}
        parts = urlsplit(str(link))
        there = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        added = urlencode({f"utm_{n}": v for n, v in wanted.items() if v and f"utm_{n}" not in there})
        return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


def finished_value(value: object) -> object:
    """Let only text and numbers into a post; a forgotten `()`, a None or a list would put Python's notation there.

    Raises RenderError.
    """
    if isinstance(value, BodyToFit):
        return BODY_PLACE
    if isinstance(value, str | int | float | Undefined):
        return value
    if value is None:
        raise RenderError(
            "there is nothing to write here: ask with {% if … %} first, or give a |default('…', true)"
        )
    if callable(value):
        raise RenderError("this is a function: write it with (…)")
    raise RenderError(
        f"a {type(value).__name__} cannot be written as it is: use |date, |time, |join or one of its parts"
    )


def nearest(word: str, known: object) -> str:
    """Say, in brackets, which known word was perhaps meant."""
    words = [str(each) for each in known] if isinstance(known, Mapping | tuple | list | set) else []
    close = get_close_matches(word[:80], words, n=1)
    if close:
        return f" (did you mean '{close[0]}'?)"
    return f" (known: {', '.join(sorted(words)[:8])})" if words else ""


def _names(job: RenderJob) -> dict[str, object]:
    return {
        "title": job.title,
        "body": job.body,
        "link": job.link or "",
        "hashtag": Hashtag(f"#{job.hashtag}" if job.hashtag else ""),
        "language": job.language,
        "campaign": job.campaign,
        "account": _at(job.handle) if job.handle else "",
        "due": job.due,
        "embargo": job.embargo,
        "part": Part(job.number, job.count),
        "days_left": _days_left(job),
        "variables": dict(job.variables),
    }


def _days_left(job: RenderJob) -> int | StrictUndefined:
    """Count the days, or say why not to the template that asks for them: most do not."""
    try:
        return days_left(job.variables.get(COUNTDOWN_TO), job.due)
    except InputError as error:
        return StrictUndefined(hint=str(error), name="days_left")


def _at(handle: str) -> str:
    return "@" + handle.removeprefix("@")
