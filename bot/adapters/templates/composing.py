"""From what a template wrote to the post: the body cut to its space, the hashtag once, white space in order."""

from __future__ import annotations

import re
import unicodedata

from bot.adapters.templates.toolbox import BODY_PLACE
from bot.application.ports.renderer import Rendered, RenderJob
from bot.domain.errors import RenderError
from bot.domain.text.fit import fit_to
from bot.domain.text.hashtag import ensure_once, occurrences, without_hashtag
from bot.domain.text.weighted import weighted_length

_EMPTY_LINES = re.compile(r"\n{3,}")
_TRIES = 8


def composed(written: str, job: RenderJob, body: str | None) -> Rendered:
    """Make the post of what a template wrote; `body` is what `fit` was given, and BODY_PLACE stands where it goes.

    Raises RenderError when the post would be empty, has no room for the body, or holds what is no text.
    """
    written, body = _normal(written), body if body is None else _normal(body)
    _check_places(written, body)
    rendered = Rendered(_finished(written, body, job))
    if body and BODY_PLACE in written and weighted_length(rendered.text) > job.limit:
        rendered = _cut(written, body, job)
    if not rendered.text:
        raise RenderError("comes out empty with this record")
    return rendered


def _cut(written: str, body: str, job: RenderJob) -> Rendered:
    """Cut the body to the space that the rest leaves."""
    rest = _tidy(_with_hashtag(written, job))
    if _has(body, job.hashtag):
        # If the body keeps its hashtag, the rest goes without; if the cut takes it away, the next try makes room.
        rest = _tidy(without_hashtag(written, job.hashtag))
    space = job.limit - weighted_length(rest) + weighted_length(BODY_PLACE)
    for _ in range(_TRIES):
        fitted = fit_to(body, space, job.language)
        if not fitted.text:
            break
        text = _finished(written, fitted.text, job)
        over = weighted_length(text) - job.limit
        if over <= 0:
            return Rendered(text, was_cut=True)
        space = weighted_length(fitted.text) - over
    taken = weighted_length(rest) - weighted_length(BODY_PLACE)
    raise RenderError(f"leaves too little room for the body: its other text weighs {taken} of {job.limit}")


def _finished(written: str, body: str | None, job: RenderJob) -> str:
    text = _tidy(written.replace(BODY_PLACE, (body or "").strip()))
    return _tidy(_with_hashtag(unicodedata.normalize("NFC", text), job))


def _with_hashtag(text: str, job: RenderJob) -> str:
    """Put the hashtag in order: once in this post, or nowhere if it stands in another one of the thread."""
    hashtag = job.hashtag
    if not job.keeps_hashtag:
        return without_hashtag(text, hashtag) if _has(text, hashtag) else text
    # Nearly every post has it once, in the campaign's own spelling; to look for hashtags in earnest takes far longer.
    if text.count(f"#{hashtag}") == 1 == _possible(text, hashtag):
        return text
    return ensure_once(text, hashtag) if _has(text, hashtag) else text


def _has(text: str, hashtag: str) -> bool:
    return bool(hashtag and _possible(text, hashtag) and occurrences(text, hashtag))


def _possible(text: str, hashtag: str) -> int:
    """Count what may be the hashtag, in whatever case and with either of the signs that X takes."""
    return text.casefold().replace("＃", "#").count(f"#{hashtag.casefold()}")


def _normal(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RenderError(f"writes half of a character (U+{ord(text[error.start]):04X})") from None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _tidy(text: str) -> str:
    """Take away spaces at the ends of lines, empty lines beyond one in a row, and what surrounds the text."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip()


def _check_places(written: str, body: str | None) -> None:
    places = written.count(BODY_PLACE)
    if body is None and places:
        raise RenderError("holds U+FDD0, which is no character: take it out of the record")
    if body is not None and (places > 1 or BODY_PLACE in body):
        raise RenderError(
            "writes the fitted body twice: only one text can take the space that the rest leaves"
        )
