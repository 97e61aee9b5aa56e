"""News becomes drafts: pages and feeds are read, what the queue knows is left alone, the rest is queued (decision 0030)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from bot.application.intake import Intake
from bot.application.ports.fetcher import Fetcher
from bot.application.ports.news_reader import Document, NewsReader
from bot.application.ports.picture_shelf import PictureShelf
from bot.application.preview import Previewer
from bot.domain.announcement import Announcement, MediaItem, Record
from bot.domain.campaign import Campaign
from bot.domain.errors import BotError, InputError, Refusal, Unreachable
from bot.domain.news import NewsItem, NewsPicture, newest, says_otherwise, summary_within
from bot.domain.states import State
from bot.domain.text.weighted import LIMIT, weighted_length
from bot.domain.walltime import in_zone

MOST_DOCUMENT = 5_000_000
MOST_PICTURE = 20_000_000
"""Bytes that are fetched."""
_TRIED = 3
"""Pictures of one item that are tried until one can be taken."""
_ON_THE_NETWORK = ("https:", "http:")


class Outcome(StrEnum):
    """What became of a piece of news."""

    ADDED = "added"
    KNOWN = "known"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the drafts are to be like. `link` takes the place of the one that a page names."""

    campaign: str
    limit: int = 10
    language: str | None = None
    due: str | None = None
    link: str | None = None
    pictures: bool = True
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    """One piece of news and what became of it.

    `name` is how the queue calls it, None in a dry run that would add it; `record` the draft, None if it is known or refused;
    `notes` what people should know, such as why there is no picture.
    """

    source: str
    item: NewsItem
    outcome: Outcome
    name: str | None = None
    record: Record | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftNews:
    """Makes drafts of news; nothing is approved."""

    intake: Intake
    previewer: Previewer
    reader: NewsReader
    fetcher: Callable[[], Fetcher]
    shelf: PictureShelf

    def draft(self, source: str, wish: Wish, *, actor: str) -> list[Drafted]:
        """Make drafts of the newest news of a page or a feed: an address, or a file. What is known stays as it is.

        Raises InputError, or Unreachable, if the source cannot be read.
        """
        campaign = self.intake.configuration().campaign(wish.campaign)
        document = self._document(source)
        if wish.link:
            document = replace(document, address=wish.link)
        items = newest(self.reader.read(document), wish.limit)
        if wish.link:
            if len(items) != 1:
                raise InputError(f"{document.name}: --link is for a page with one piece of news")
            items = [replace(items[0], link=wish.link)]
        return [self._one(item, document, campaign, wish, actor) for item in items]

    def _document(self, source: str) -> Document:
        if not source.lower().startswith(_ON_THE_NETWORK):
            return self.reader.open(Path(source))
        fetched = self.fetcher().fetch(source, most=MOST_DOCUMENT)
        # What stands behind the question mark may be a key, and stands in no message and no record.
        name = fetched.address.partition("?")[0]
        return Document(name, fetched.data, fetched.media_type, fetched.address)

    def _one(self, item: NewsItem, document: Document, campaign: Campaign, wish: Wish, actor: str) -> Drafted:
        known = self._known(item, wish.campaign)
        if known:
            return self._drafted_before(item, document, known)
        notes = item.notes
        record = self._record(item, document, campaign, wish)
        if wish.pictures and not wish.dry_run:
            media, about = self._picture(item, document)
            notes = (*notes, *about)
            record = replace(record, media=media)
        try:
            if wish.dry_run:
                self.intake.preview(record, self.previewer)
                return Drafted(document.name, item, Outcome.ADDED, None, record, notes)
            added = self.intake.add(record, actor=actor)
        except (InputError, Refusal) as error:
            return Drafted(document.name, item, Outcome.REFUSED, notes=(*notes, str(error)))
        return Drafted(document.name, item, Outcome.ADDED, added.name, record, notes)

    def _known(self, item: NewsItem, campaign: str) -> Announcement | None:
        with self.intake.store.reading() as tx:
            found = (tx.announcements.by_key(campaign, key) for key in item.keys)
            return next((each for each in found if each), None)

    def _drafted_before(self, item: NewsItem, document: Document, known: Announcement) -> Drafted:
        """What a person may have edited, approved or cancelled since is left alone; what was changed at its source is told."""
        with self.intake.store.reading() as tx:
            taken_in = next(
                each for each in tx.journal.events(announcement_id=known.id) if each.event == "intake"
            )
        first = taken_in.data["record"]
        # A page and its entry in a feed need not say the same: only the same source can have changed.
        same_source = first["notes"].endswith(_from(document))
        changed = says_otherwise(item, title=first["title"], body=first["body"], link=first["link"])
        if not (same_source and changed) or known.state is State.CANCELLED:
            return Drafted(document.name, item, Outcome.KNOWN, known.name)
        note = f"its source says something else than when {known.name} was drafted; compare, and edit it yourself"
        return Drafted(document.name, item, Outcome.CHANGED, known.name, notes=(note,))

    def _record(self, item: NewsItem, document: Document, campaign: Campaign, wish: Wish) -> Record:
        record = Record(
            campaign=wish.campaign,
            title=item.title,
            body="x",
            link=item.link or None,
            due=wish.due,
            language=wish.language or item.language or None,
            notes=_where_from(item, document, campaign),
            key=item.keys[0],
        )
        language = record.language or campaign.language
        body = summary_within(item.summary or item.title, self._room(record), language)
        return replace(record, body=body)

    def _room(self, record: Record) -> int:
        """How much a body may weigh: what a post with a body of one letter leaves, and the letter."""
        posts = self.previewer.card_of_record(replace(record, key=None), None).posts
        return posts[0].limit - weighted_length(posts[0].text) + 1 if posts else LIMIT

    def _picture(self, item: NewsItem, document: Document) -> tuple[tuple[MediaItem, ...], tuple[str, ...]]:
        """Take the first picture that can be taken; give why for those that cannot."""
        notes: list[str] = []
        for picture in item.pictures[:_TRIED]:
            name = picture.address.partition("?")[0] or picture.beside.partition(",")[0][:100]
            try:
                data = self.reader.beside(document, picture)
                if data is None:
                    data = self._fetched(picture)
                return (self.shelf.keep(data, picture.address or picture.beside, picture.alt),), tuple(notes)
            except (InputError, Unreachable) as error:
                notes.append(f"picture {name} is not taken: {_without(name, error)}")
        return (), tuple(notes)

    def _fetched(self, picture: NewsPicture) -> bytes:
        if not picture.address:
            raise InputError("it does not lie beside the page")
        return self.fetcher().fetch(picture.address, most=MOST_PICTURE).data


def _without(name: str, error: BotError) -> str:
    """Give an error without the picture's name before it, which is told already."""
    return str(error).removeprefix(name).lstrip(": ")


def _where_from(item: NewsItem, document: Document, campaign: Campaign) -> str:
    moment = item.moment
    day = item.published if moment is None or len(item.published) <= len("2023-03-30") else ""
    if moment and not day:
        day = f"{in_zone(moment, campaign.timezone):%Y-%m-%d %H:%M} {campaign.timezone}"
    return f"News of {day}{_from(document)}" if day else f"News{_from(document)}"


def _from(document: Document) -> str:
    return f" from {document.name}"
