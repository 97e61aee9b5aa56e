"""A long announcement goes out as a thread: in order, each post under the one before, as it was approved."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from bot.domain.announcement import Split
from bot.domain.text.weighted import weighted_length
from tests.end_to_end.stage import Stage
from tests.unit.text.sentences import announcement

LINK = "https://example.org/outcome"
TEMPLATE = (
    "{{ body|fit }}\n"
    "{% if part.first %}\n\n{{ hashtag }}\n{% endif %}\n"
    "{% if part.last %}\n\n{{ link }}\n{% endif %}\n"
)


@pytest.fixture
def team(stage: Stage) -> Stage:
    """A team whose campaign has a hashtag, and whose template places it and the link."""
    (stage.folder / "templates" / "thread.txt.j2").write_text(TEMPLATE)
    stage.campaign(hashtag='"RSOtenyears"', template='"thread.txt.j2"')
    return stage


def published(stage: Stage, body: str, **fields: Any) -> list[dict[str, Any]]:
    """Queue, approve and publish one announcement; gives what the sandbox then has."""
    stage.queue(body, link=LINK, **fields)
    stage.play()
    assert stage.states() == ["published"]
    return stage.sandbox.posts()


def words_of(posts: list[dict[str, Any]]) -> str:
    """What the posts say, without what the template writes and without white space."""
    texts = [post["text"] for post in posts]
    texts[0] = texts[0].removesuffix("#RSOtenyears")
    texts[-1] = texts[-1].removesuffix(LINK)
    return "".join("".join(texts).split())


@pytest.mark.parametrize("language", ["th", "ar"])
def test_a_long_announcement_goes_out_as_a_thread_in_order_under_one_another(
    team: Stage, language: str
) -> None:
    body = announcement(language)
    posts = published(team, body, language=language, thread=Split.PLAIN)
    assert len(posts) >= 2
    assert posts[0]["parent"] is None
    assert [after["parent"] for _, after in pairwise(posts)] == [
        before["id"] for before, _ in pairwise(posts)
    ]
    assert words_of(posts) == "".join(body.split())
    assert [post["text"].count("#RSOtenyears") for post in posts] == [1] + [0] * (len(posts) - 1)
    assert [post["text"] for post in posts if weighted_length(post["text"]) > 280] == []
    assert team.counted() == (len(posts), len(posts), 0)


@pytest.mark.parametrize("language", ["th", "ar"])
def test_each_post_of_a_numbered_thread_says_which_it_is(team: Stage, language: str) -> None:
    posts = published(team, announcement(language), language=language, thread=Split.NUMBERED)
    assert [post["text"].split(" ")[0] for post in posts] == [
        f"{n}/{len(posts)}" for n in range(1, len(posts) + 1)
    ]


def test_the_parts_that_went_out_are_those_that_the_preview_showed(team: Stage) -> None:
    (name,) = team.queue(announcement("th"), language="th", thread=Split.NUMBERED, link=LINK)
    program = team.program()
    with program.store.reading() as tx:
        card = program.previewer.card(tx.announcements.find(name))
    team.play()
    assert team.texts() == [post.text for post in card.posts]


def test_a_thread_that_broke_in_the_middle_goes_on_with_the_part_that_is_next(team: Stage) -> None:
    team.deeds.deeds["before create 2"] = team.clock.stop
    body = announcement("ar")
    team.queue(body, language="ar", thread=Split.PLAIN, link=LINK)
    team.play()
    # What the template becomes meanwhile changes nothing that was approved.
    (team.folder / "templates" / "thread.txt.j2").write_text("{{ body|fit }} and more\n")
    team.restart()
    team.play()
    posts = team.sandbox.posts()
    assert [after["parent"] for _, after in pairwise(posts)] == [
        before["id"] for before, _ in pairwise(posts)
    ]
    assert words_of(posts) == "".join(body.split())
    assert team.counted() == (len(posts), len(posts), 0)


def test_the_preview_warns_of_a_thread_until_one_has_worked_on_the_account(team: Stage) -> None:
    def rules(name: str) -> list[str]:
        program = team.program()
        with program.store.reading() as tx:
            return [finding.rule for finding in program.previewer.card(tx.announcements.find(name)).warnings]

    (first,) = team.queue(announcement("th"), language="th", thread=Split.PLAIN, link=LINK)
    assert "thread" in rules(first)
    team.play()
    (second,) = team.queue(announcement("ar"), language="ar", thread=Split.PLAIN, link=LINK)
    assert "thread" not in rules(second)
