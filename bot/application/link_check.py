"""Ask the links of a preview whether they answer: on request only, and nothing is kept (design, section 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from bot.application.ports.configuration import Configuration
from bot.application.ports.link_probe import LinkProbe
from bot.domain.card import Card, Finding
from bot.domain.lint.check import by_level
from bot.domain.lint.house import HouseRules
from bot.domain.lint.post_text import PostText
from bot.domain.lint.rule import Level

RULE = "link-answers"


@dataclass(frozen=True, slots=True)
class Asked:
    """The cards and texts that were given, in their order, with what was found; `count` links were asked."""

    cards: list[Card]
    texts: list[list[Finding]]
    count: int


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """Asks each distinct link once, however many posts have it."""

    probe: LinkProbe
    configuration: Callable[[], Configuration]

    def ask(self, cards: Sequence[Card], texts: Sequence[str] = ()) -> Asked:
        """Ask the links of cards, except where their campaign switched the rule off, and those of texts without a record."""
        houses = [self.configuration().campaign(card.campaign).lint for card in cards]
        of_cards = [_posts(card, house) for card, house in zip(cards, houses, strict=True)]
        of_texts = [PostText(text, 1, "") for text in texts]
        links = {link.value for post in chain(*of_cards, of_texts) for link in post.links}
        faults = self.probe.ask(sorted(links))
        return Asked(
            [
                _with_findings(card, [each for post in posts for each in _findings(post, faults)], house)
                for card, posts, house in zip(cards, of_cards, houses, strict=True)
            ],
            [list(_findings(post, faults)) for post in of_texts],
            len(links),
        )


def _posts(card: Card, house: HouseRules) -> list[PostText]:
    if house.level_of(RULE) is Level.OFF:
        return []
    return [
        PostText(post.text, number, card.language, post.limit)
        for number, post in enumerate(card.posts, start=1)
    ]


def _findings(post: PostText, faults: Mapping[str, str]) -> Iterator[Finding]:
    for link in post.links:
        if fault := faults.get(link.value):
            yield post.point(RULE, link.start, link.end, f"'{link.value}' {fault}")


def _with_findings(card: Card, found: list[Finding], house: HouseRules) -> Card:
    """What an approval has frozen cannot be mended any more: there it is a warning, however strict the campaign is."""
    problems, warnings = by_level((), found, house)
    if card.frozen:
        return replace(card, warnings=(*card.warnings, *problems, *warnings))
    return replace(card, problems=(*card.problems, *problems), warnings=(*card.warnings, *warnings))
