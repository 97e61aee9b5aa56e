"""One announcement in several languages: what is missing of it, and what was translated of other words (P6)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.card import Finding
from bot.domain.family import Sibling, lacking, speaks, translation_key
from bot.domain.lint.subject import Subject
from bot.domain.states import State

_NOT_APPROVED = frozenset({None, State.DRAFT, State.SUBMITTED})


def sibling_missing(subject: Subject) -> Iterator[Finding]:
    """Find the languages of the campaign that the family lacks, and an original that is not there."""
    own = Sibling(subject.name, subject.language, "")
    for wanted in lacking(subject.languages, [*subject.family, own]):
        yield Finding("sibling-missing", f"the family has nothing in '{wanted}': {_remedy(subject, wanted)}")
    original = _original(subject)
    if subject.translation_of and not (original and original.counts):
        said = f"is {original.state}" if original else "is not in the queue"
        yield Finding("sibling-missing", f"the original {subject.translation_of} {said}")


def sibling_older(subject: Subject) -> Iterator[Finding]:
    """Find translations of older words than the original's, on their own card and on the original's."""
    original = _original(subject)
    if original is None:
        return
    for each in subject.family:
        of = each.original_revision
        if of is None or of >= original.words_revision or not each.counts:
            continue
        if subject.name in (each.name, original.name):
            done = "written" if each.state in _NOT_APPROVED else "approved"
            message = (
                f"{each.name} ('{each.language}') was {done} for revision {of} of {original.name}, which has other words "
                f"since revision {original.words_revision}: read it again, and edit it or approve it anew"
            )
            yield Finding("sibling-older", message)


def _original(subject: Subject) -> Sibling | None:
    return next((each for each in subject.family if each.is_original), None)


def _remedy(subject: Subject, wanted: str) -> str:
    for each in subject.family:
        if not each.counts and speaks(each.language, wanted):
            return f"{each.name} is {each.state}"
    original = _original(subject)
    key = subject.translation_of or (original.name if original else "")
    if not key:
        return "give it a key, and queue its translation"
    return f"{translation_key(key, wanted)} is missing"
