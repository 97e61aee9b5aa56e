"""Preview: exactly what would go out, with its problems and warnings; nothing is changed (design, section 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.application import correction_card
from bot.application.corrections import corrected_post
from bot.application.families import family_beside, family_of, may_have_family
from bot.application.house_check import by_house_rules
from bot.application.known_posts import is_own
from bot.application.media_check import media_of
from bot.application.other_accounts import same_elsewhere
from bot.application.ports.announcements import Filter
from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration
from bot.application.ports.media_files import MediaFiles
from bot.application.ports.renderer import Renderer
from bot.application.ports.store import Store, Transaction
from bot.application.references import Referring, findings_of_quote, look_in_queue, quoted_of
from bot.application.render_jobs import job_for
from bot.application.thread_posts import posts_of
from bot.application.time_check import Timed, problems_of_time, standing_problems, warnings_of_time
from bot.domain.account import Access, Account
from bot.domain.announcement import Announcement, Due, Embargo, Record
from bot.domain.campaign import Campaign
from bot.domain.card import Card, Finding, PostCard
from bot.domain.channel_rules import (
    limit_of,
    problems_of_post,
    problems_of_record,
    warnings_of_post,
    warnings_of_record,
    warnings_of_thread,
)
from bot.domain.clashes import CLASH
from bot.domain.correction import Corrected, problems_of_correction
from bot.domain.digest import digest_of, digest_of_translation
from bot.domain.extras import Extras
from bot.domain.family import Sibling, key_of, words_translated
from bot.domain.fingerprint import fingerprint
from bot.domain.media import PostMedia
from bot.domain.post import Parent, Post
from bot.domain.pricing import cost_of
from bot.domain.replies import ReplyTarget, parse_reply_to
from bot.domain.states import State
from bot.domain.text import entities, weighted

FROZEN = frozenset(
    {
        State.SCHEDULED,
        State.PUBLISHING,
        State.PUBLISHED,
        State.PARTLY_PUBLISHED,
        State.WITHDRAWN,
        State.MISSED,
        State.HELD,
    }
)
"""States whose text an approval has fixed, if there are frozen posts."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is previewed, with everything that its rules ask for."""

    record: Record
    campaign: Campaign
    account: Account
    due: Due | None
    announcement: Announcement | None = None
    embargo: Embargo | None = None
    expires: Due | None = None
    family: Sequence[Sibling] = ()
    corrected: Corrected | None = None

    @property
    def name(self) -> str:
        unqueued = f"correction of {self.corrected}" if self.corrected else "(not queued)"
        return self.announcement.name if self.announcement else (key_of(self.record) or unqueued)

    @property
    def referring(self) -> Referring:
        return Referring(self.record, self.announcement, self.account.name, self.due)

    @property
    def timed(self) -> Timed | None:
        if self.due is None:
            return None
        number = self.announcement.id if self.announcement else None
        begun = self.corrected is not None
        return Timed(
            self.name, self.campaign, self.account.name, self.due, self.embargo, number, begun, self.expires
        )

    @property
    def language(self) -> str:
        return self.record.language or self.campaign.language


@dataclass(frozen=True, slots=True)
class Previewer:
    """Makes cards of announcements and of records that are not in the queue."""

    store: Store
    renderer: Renderer
    media: MediaFiles
    clock: Clock
    configuration: Callable[[], Configuration]

    def card(self, announcement: Announcement) -> Card:
        """Make the card of an announcement: of the frozen text if it is approved, else rendered now."""
        configuration = self.configuration()
        campaign = configuration.campaign(announcement.record.campaign)
        account = configuration.account_of(campaign, announcement.record)
        due, embargo = announcement.due, announcement.embargo
        family = self._family(announcement.record, campaign, announcement.key)
        corrected = self._corrected_by(announcement, account)
        expires = announcement.expires
        subject = _Subject(
            announcement.record, campaign, account, due, announcement, embargo, expires, family, corrected
        )
        posts = self._frozen_posts(announcement) if announcement.state in FROZEN else ()
        card = self._frozen_card(subject, posts) if posts else self._rendered_card(subject)
        return by_house_rules(card, subject.record, campaign)

    def card_of_record(
        self,
        record: Record,
        due: Due | None,
        embargo: Embargo | None = None,
        beside: Sequence[Record] = (),
        *,
        expires: Due | None = None,
    ) -> Card:
        """Make the card of a record that is not in the queue; `beside` are those of its family that come with it."""
        configuration = self.configuration()
        campaign = configuration.campaign(record.campaign)
        queued = self._family(record, campaign, key_of(record))
        family = family_beside(record, campaign, beside, queued)
        account = configuration.account_of(campaign, record)
        card = self._rendered_card(
            _Subject(record, campaign, account, due, embargo=embargo, expires=expires, family=family)
        )
        return by_house_rules(card, record, campaign)

    def card_of_correction(self, record: Record, corrected: Corrected) -> Card:
        """Make the card of a correction that is not in the queue."""
        configuration = self.configuration()
        campaign = configuration.campaign(record.campaign)
        account = configuration.account_of(campaign, record)
        card = self._rendered_card(_Subject(record, campaign, account, None, corrected=corrected))
        return by_house_rules(card, record, campaign)

    def upcoming(self, *, until: datetime | None = None, names: Sequence[str] = ()) -> list[Card]:
        """Make the cards of the announcements of these names, or of all that may still go out until an instant (UTC)."""
        return [self.card(announcement) for announcement in self.chosen(until=until, names=names)]

    def chosen(self, *, until: datetime | None = None, names: Sequence[str] = ()) -> list[Announcement]:
        """Give the announcements of these names, or all that may still go out until an instant (UTC)."""
        with self.store.reading() as tx:
            if names:
                return [tx.announcements.find(name) for name in names]
            states = [State.DRAFT, State.SUBMITTED, State.SCHEDULED, State.PUBLISHING, State.HELD]
            return list(tx.announcements.list(Filter(states=states, due_until=until)))

    def _frozen_posts(self, announcement: Announcement) -> Sequence[Post]:
        with self.store.reading() as tx:
            return tx.posts.of(announcement.id)

    def _family(self, record: Record, campaign: Campaign, key: str) -> Sequence[Sibling]:
        if not may_have_family(record, key):
            return ()
        with self.store.reading() as tx:
            return family_of(tx, record, campaign, key)

    def _about_its_parent(self, subject: _Subject) -> list[Finding]:
        if not subject.record.reply_to:
            return []
        with self.store.reading() as tx:
            return _reply(tx, subject)[1]

    def _about_its_quote(self, subject: _Subject) -> tuple[list[Finding], list[Finding]]:
        if not subject.record.quote:
            return [], []
        with self.store.reading() as tx:
            return findings_of_quote(tx, subject.referring)

    def _frozen_card(self, subject: _Subject, posts: Sequence[Post]) -> Card:
        findings = [*self._about_its_parent(subject), *self._about_its_quote(subject)[0]]
        cards = tuple(
            replace(_post_card(post.text, subject.account, media=post.media), extras=post.extras)
            for post in posts
        )
        assert subject.announcement is not None  # noqa: S101 - only queued announcements have frozen posts
        pending = subject.announcement.state is State.SCHEDULED
        problems = [f for f in findings if f.rule in ("reply", "quoted") and pending]
        if subject.timed and pending:
            problems += standing_problems(self.store, subject.timed)
        if subject.corrected and pending:
            problems += self._problems_of_correction(subject, subject.corrected)
        warnings = self._warnings(subject, [card.text for card in cards])
        card = self._card(subject, cards, problems, warnings)
        return replace(card, frozen=True, digest=subject.announcement.digest or card.digest)

    def _rendered_card(self, subject: _Subject) -> Card:
        if subject.corrected:
            return self._corrected_card(subject, subject.corrected)
        media, problems = media_of(subject.record, self.media)
        cards, unrendered = self._render(subject, media)
        problems += unrendered
        problems += problems_of_record(subject.record, subject.account)
        problems += self._problems_of_time(subject)
        for number, card in enumerate(cards, start=1):
            problems += problems_of_post(card.text, subject.account, number)
        findings = self._about_its_parent(subject)
        problems += self._same_elsewhere(subject, cards)
        quote_problems, quote_warnings = self._about_its_quote(subject)
        problems += [*(finding for finding in findings if finding.rule == "reply"), *quote_problems]
        warnings = [*(finding for finding in findings if finding.rule != "reply"), *quote_warnings]
        warnings += warnings_of_record(subject.record, subject.account)
        warnings += self._warnings(subject, [card.text for card in cards])
        if any(card.was_cut for card in cards):
            warnings.append(Finding("cut", "the body was too long and ends with an ellipsis"))
        return self._card(subject, tuple(cards), problems, warnings)

    def _corrected_card(self, subject: _Subject, corrected: Corrected) -> Card:
        """A correction is the post's whole new text, as it is written: no template has a say in what is out already."""
        text = correction_card.text_of(subject.record)
        card = _post_card(text, subject.account, media=corrected.first.media)
        problems = self._problems_of_correction(subject, corrected)
        problems += correction_card.problems_of(corrected, text, subject.account)
        warnings = self._warnings(subject, [text])
        return self._card(subject, (replace(card, extras=corrected.first.extras),), problems, warnings)

    def _corrected_by(self, announcement: Announcement, account: Account) -> Corrected | None:
        if announcement.corrects is None:
            return None
        with self.store.reading() as tx:
            return corrected_post(tx, announcement.corrects, account, by=announcement)

    def _problems_of_correction(self, subject: _Subject, corrected: Corrected) -> list[Finding]:
        return list(problems_of_correction(corrected, subject.account, now=self.clock.now()))

    def _card(
        self, subject: _Subject, posts: tuple[PostCard, ...], problems: list[Finding], warnings: list[Finding]
    ) -> Card:
        record = subject.record
        texts = [post.text for post in posts]
        digest = digest_of(
            texts,
            account=subject.account.name,
            reply_to=record.reply_to,
            language=subject.language,
            media=[each for post in posts for each in post.media],
            quote=record.quote,
            extras=subject.corrected.first.extras if subject.corrected else Extras.of(record),
            corrects=subject.corrected.newest.post_id if subject.corrected else None,
        )
        return Card(
            name=subject.name,
            campaign=subject.campaign.name,
            title=record.title,
            account=subject.account.name,
            handle=subject.account.handle,
            language=subject.language,
            due=subject.due,
            reply_to=record.reply_to,
            quote=record.quote,
            posts=posts,
            digest=digest_of_translation(digest, words_translated(subject.family, subject.name)),
            problems=tuple(problems),
            warnings=tuple(warnings),
            embargo=subject.embargo,
            expires=subject.expires,
            family=subject.family,
            corrects=correction_card.card_of(subject.corrected, texts, subject.language),
        )

    def _render(
        self, subject: _Subject, media: tuple[PostMedia, ...]
    ) -> tuple[list[PostCard], list[Finding]]:
        """Render every post; what cannot be rendered is a problem and leaves no card. Media and poll go with the first."""
        record = subject.record
        embargo = subject.embargo.until if subject.embargo else None
        job = job_for(record, subject.campaign, subject.account, subject.due, embargo)
        posts, findings = posts_of(record, job, self.renderer)
        extras = Extras.of(record)
        cards = [
            replace(
                _post_card(
                    post.text, subject.account, media=media if number == 1 else (), was_cut=post.was_cut
                ),
                extras=extras if number == 1 else extras.of_a_later_post,
            )
            for number, post in enumerate(posts, start=1)
        ]
        return cards, findings

    def _problems_of_time(self, subject: _Subject) -> list[Finding]:
        if subject.timed is None:
            return [Finding("due", "due: it has no time; give one (2026-03-30 10:00, or next)")]
        return list(problems_of_time(self.store, subject.timed, now=self.clock.now()))

    def _same_elsewhere(self, subject: _Subject, cards: Sequence[PostCard]) -> list[Finding]:
        others = sorted(self.configuration().accounts.keys() - {subject.account.name})
        target = parse_reply_to(subject.record.reply_to) if subject.record.reply_to else ReplyTarget()
        if not others or not cards or target.key:
            return []
        own = subject.announcement.id if subject.announcement else None
        parent = Parent(post_id=target.post_id) if target.post_id else None
        with self.store.reading() as tx:
            return list(same_elsewhere(tx, fingerprint(cards[0].text, parent), others, own_id=own))

    def _warnings(self, subject: _Subject, texts: Sequence[str]) -> list[Finding]:
        found: list[Finding] = []
        for number, text in enumerate(texts, start=1):
            found += warnings_of_post(text, subject.account, number)
        with self.store.reading() as tx:
            found += warnings_of_thread(
                len(texts), proven=len(texts) > 1 and tx.posts.thread_worked(subject.account.name)
            )
            found += _published_already(tx, subject, texts)
            found += _clash(tx, subject)
            found += warnings_of_time(tx, subject.timed, now=self.clock.now()) if subject.timed else ()
        return found


def _post_card(
    text: str, account: Account, *, media: tuple[PostMedia, ...], was_cut: bool = False
) -> PostCard:
    links = tuple(link.value for link in entities.links(text))
    alt_texts = sum(bool(each.alt) for each in media)
    return PostCard(
        text=text,
        weighted_length=weighted.weighted_length(text),
        limit=limit_of(account),
        links=links,
        cost_usd=cost_of(account.prices, has_link=bool(links), alt_texts=alt_texts),
        was_cut=was_cut,
        media=media,
    )


def _published_already(tx: Transaction, subject: _Subject, texts: Sequence[str]) -> Iterator[Finding]:
    """The same text under nothing, or under the same post of the channel, was out before."""
    own = subject.announcement.id if subject.announcement else None
    target = parse_reply_to(subject.record.reply_to) if subject.record.reply_to else ReplyTarget()
    quoted = parse_reply_to(subject.record.quote) if subject.record.quote else ReplyTarget()
    if not texts or target.key or quoted.key:
        return
    parent = Parent(post_id=target.post_id) if target.post_id else None
    mark = fingerprint(texts[0], parent, quoted_of(tx, subject.record))
    for post in tx.posts.alike(subject.account.name, mark):
        if post.announcement_id != own and not post.withdrawn:
            other = tx.announcements.get(post.announcement_id)
            yield Finding("repeated", f"the same text stands in {other.name} ({other.state})", 1)


def _clash(tx: Transaction, subject: _Subject) -> Iterator[Finding]:
    if subject.due is None:
        return
    near = tx.announcements.due_between(subject.account.name, subject.due.at - CLASH, subject.due.at + CLASH)
    # Each language has its own readers, so a family takes none from itself.
    family = {subject.name, *(each.name for each in subject.family)}
    others = [each.name for each in near if each.name not in family]
    if others:
        yield Finding("clash", f"due: within a quarter of an hour of {', '.join(others)}")


def _reply(tx: Transaction, subject: _Subject) -> tuple[ReplyTarget | None, list[Finding]]:
    """Look at what it replies to: a problem (`reply`) or a warning (`reply-own`)."""
    if not subject.record.reply_to:
        return None, []
    target = parse_reply_to(subject.record.reply_to)
    if target.key:
        return target, _reply_to_queue(tx, subject, target.key)
    if not is_own(tx, subject.account, target) and subject.account.access is Access.SELF_SERVE:
        message = (
            "reply_to: X refuses replies to others on self-serve access unless they mentioned or quoted you"
        )
        return target, [Finding("reply", message)]
    return target, [Finding("reply-own", "reply_to: X may refuse replies on self-serve access")]


def _reply_to_queue(tx: Transaction, subject: _Subject, key: str) -> list[Finding]:
    found = look_in_queue(tx, "reply_to", key, subject.referring)
    return [
        *(Finding("reply", each) for each in found.problems),
        *(Finding("reply-own", each) for each in found.warnings),
    ]
