"""The posts of a thread: parted to the room that the template leaves, with the hashtag once in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.templates.engine import TemplateEngine
from bot.application.ports.renderer import Rendered, RenderJob
from bot.application.thread_posts import posts_of
from bot.domain.announcement import Record, Split
from bot.domain.card import Finding
from bot.domain.text.hashtag import occurrences
from bot.domain.text.weighted import weighted_length
from tests.adapters.templates.studio import OFFICE, PLAIN, TEMPLATES, Studio
from tests.unit.text.sentences import ANNOUNCEMENTS, announcement

OURS = "{{ body|fit }}{% if part.first %} {{ hashtag }}{% endif %}{% if part.last %} {{ link }}{% endif %}"
LONG = announcement("en")
MODES = [Split.PLAIN, Split.NUMBERED]


class Direct:
    """Renders without a process, for tests that render much."""

    def __init__(self) -> None:
        self._engine = TemplateEngine(TEMPLATES, output_characters=100_000)

    def render(self, job: RenderJob) -> Rendered:
        return self._engine.render(job)

    def close(self) -> None:
        """Nothing is open."""


DIRECT = Direct()


def posts(
    studio: Studio, body: str, thread: bool | Split, template: str = OURS, **fields: object
) -> list[str]:
    found, findings = told(studio, body, thread, template, **fields)
    assert findings == []
    return found


def told(
    studio: Studio, body: str, thread: bool | Split, template: str = OURS, **fields: object
) -> tuple[list[str], list[Finding]]:
    job = replace(PLAIN, template=studio.write(template), **fields)  # type: ignore[arg-type] # the caller's
    record = Record("rsotenyears", body=body, thread=thread, link=job.link)
    rendered, findings = posts_of(record, job, studio.renderer)
    return [post.text for post in rendered], findings


def tagged(texts: Sequence[str]) -> list[int]:
    """The posts with the campaign's hashtag, once for each time it stands there."""
    return [n for n, text in enumerate(texts, 1) for _ in occurrences(text, "RSOtenyears")]


@pytest.mark.parametrize("thread", MODES)
@pytest.mark.parametrize("language", sorted(ANNOUNCEMENTS))
def test_a_long_announcement_becomes_a_thread_with_the_hashtag_first_and_the_link_last(
    language: str, thread: Split
) -> None:
    body = announcement(language)
    job = replace(PLAIN, template="rsotenyears.txt.j2", language=language)
    rendered, findings = posts_of(Record("c", body=body, thread=thread, link=OFFICE), job, DIRECT)
    texts = [post.text for post in rendered]
    assert findings == []
    assert len(texts) > 1
    assert [text for text in texts if weighted_length(text) > 280] == []
    assert not any(post.was_cut for post in rendered)
    assert tagged(texts) == [1]
    assert texts[-1].endswith(f"\n\n{OFFICE}")
    first = texts[0].removesuffix("#RSOtenyears")
    parts = [first, *texts[1:-1], texts[-1].removesuffix(OFFICE)]
    if thread is Split.NUMBERED:
        numbers = [f"{n}/{len(parts)} " for n in range(1, len(parts) + 1)]
        assert [part.startswith(number) for part, number in zip(parts, numbers, strict=True)] == [True] * len(
            parts
        )
        parts = [part.removeprefix(number) for part, number in zip(parts, numbers, strict=True)]
    assert "".join("".join(parts).split()) == "".join(body.split())


@pytest.mark.parametrize("thread", [True, *MODES])
def test_what_fits_into_one_post_is_one_post_without_a_number(studio: Studio, thread: bool | Split) -> None:
    assert posts(studio, "Ten years.", thread, "{{ body|fit }}") == ["Ten years."]


@pytest.mark.parametrize("thread", MODES)
def test_what_fits_into_one_post_is_what_it_would_be_without_split(studio: Studio, thread: Split) -> None:
    body = "Ten years of #RSOtenyears work."
    assert posts(studio, body, thread) == posts(studio, body, False) == [f"{body} {OFFICE}"]


@pytest.mark.parametrize("thread", MODES)
def test_a_divider_begins_a_post_though_the_text_before_it_left_room(studio: Studio, thread: Split) -> None:
    texts = posts(studio, f"One.\n---\n{LONG}\n---\nLast.", thread, "{{ body }}")
    number = [f"{n}/{len(texts)} " if thread is Split.NUMBERED else "" for n in (1, len(texts))]
    assert len(texts) == 5
    assert (texts[0], texts[-1]) == (f"{number[0]}One.", f"{number[1]}Last.")


def test_without_split_a_part_that_is_too_long_is_not_parted(studio: Studio) -> None:
    assert len(posts(studio, f"One.\n---\n{LONG}", True)) == 2


def test_numbers_of_two_digits_are_reckoned_in(studio: Studio) -> None:
    texts = posts(studio, " ".join([LONG] * 4), Split.NUMBERED, "{{ body }}")
    assert len(texts) >= 10
    assert [text.split(" ")[0] for text in texts] == [f"{n}/{len(texts)}" for n in range(1, len(texts) + 1)]
    assert [text for text in texts if weighted_length(text) > 280] == []


def test_a_template_that_writes_its_own_numbers_has_their_room(studio: Studio) -> None:
    texts = posts(studio, LONG, Split.PLAIN, "({{ part.number }} of {{ part.count }}) {{ body }}")
    assert [text[:8] for text in texts] == ["(1 of 3)", "(2 of 3)", "(3 of 3)"]
    assert [text for text in texts if weighted_length(text) > 280] == []


def test_long_posts_are_used_where_the_account_has_them(studio: Studio) -> None:
    texts = posts(studio, " ".join([LONG] * 10), Split.PLAIN, limit=4000)
    assert len(texts) == 2
    assert max(map(weighted_length, texts)) <= 4000


def test_a_template_that_writes_more_around_a_longer_text_still_has_posts_that_fit(studio: Studio) -> None:
    template = "{{ body }}{% if body|length > 60 %} (from the office in Bangkok){% endif %}"
    texts = posts(studio, "word " * 150, Split.PLAIN, template)
    assert [text for text in texts if weighted_length(text) > 280] == []
    assert [text for text in texts if not text.endswith("(from the office in Bangkok)")] == []


def test_a_template_that_always_writes_too_much_is_told_in_one_line(studio: Studio) -> None:
    found, findings = told(
        studio, LONG, Split.PLAIN, "{{ body }}{% if body|length > 9 %}{{ 'x' * 280 }}{% endif %}"
    )
    assert found == []
    assert [(finding.rule, finding.message.startswith("body: ")) for finding in findings] == [
        ("thread", True)
    ]


def test_a_link_that_the_template_leaves_no_room_for_is_told_in_one_line(studio: Studio) -> None:
    found, findings = told(studio, f"{LONG} {OFFICE}", Split.PLAIN, "{{ 'x' * 260 }} {{ body }}")
    assert found == []
    assert f"no post has room for '{OFFICE[:39]}" in findings[0].message


def test_a_post_that_does_not_render_is_named_by_its_number(studio: Studio) -> None:
    _, findings = told(
        studio, LONG, Split.PLAIN, "{{ body|fit }}{% if part.number == 2 %}{{ nothing }}{% endif %}"
    )
    assert (findings[0].rule, findings[0].post) == ("template", 2)


def test_an_empty_part_between_dividers_is_told(studio: Studio) -> None:
    _, findings = told(studio, "One.\n---\n---\nTwo.", Split.PLAIN)
    assert [finding.message for finding in findings] == ["body: a part between two lines of --- is empty"]


@pytest.mark.parametrize(
    ("template", "where"),
    [
        ("{{ body|fit }}\n{{ hashtag }}", 1),
        ("{{ body }}{% if part.first %} {{ hashtag }}{% endif %}", 1),
        ("{{ body }}{% if part.last %} {{ hashtag }}{% endif %}", 3),
        ("{{ body }}{% if part.number == 2 %} {{ hashtag }}{% endif %}", 2),
        ("{{ body }}", 2),
    ],
)
def test_the_hashtag_stands_once_in_the_thread_where_the_template_has_it_first(
    studio: Studio, template: str, where: int
) -> None:
    body = "One.\n---\nWe say #rsotenyears.\n---\nAnd #RSOtenyears again."
    assert tagged(posts(studio, body, True, template)) == [where]
    # A last part that is parted changes only which post is the last.
    parted = posts(studio, f"{body} {LONG}", Split.PLAIN, template)
    assert tagged(parted) == [len(parted) if where == 3 else where]


def test_a_part_of_nothing_but_the_hashtag_is_no_post_if_the_template_writes_it(studio: Studio) -> None:
    texts = posts(studio, f"{LONG}\n---\n#RSOtenyears", Split.PLAIN)
    assert tagged(texts) == [1]
    assert "@baliprocessrso!" in texts[-1]


def test_a_hashtag_within_a_sentence_of_a_later_post_becomes_a_plain_word(studio: Studio) -> None:
    body = "One.\n---\nTen years of #RSOtenyears work."
    assert posts(studio, body, True) == ["One. #RSOtenyears", f"Ten years of RSOtenyears work. {OFFICE}"]


def test_a_campaign_without_a_hashtag_leaves_those_of_the_text_alone(studio: Studio) -> None:
    body = "One #Bali.\n---\nTwo #Bali."
    assert posts(studio, body, True, "{{ body }}", hashtag="") == ["One #Bali.", "Two #Bali."]


@given(
    st.lists(
        st.sampled_from(
            [*ANNOUNCEMENTS["en"], *ANNOUNCEMENTS["th"], "#RSOtenyears", "#Bali", "Yes.", "\n\n", "👨‍👩‍👧"]
        ),
        min_size=1,
        max_size=25,
    ).map(" ".join),
    st.sampled_from(MODES),
)
def test_every_post_of_any_body_fits_and_the_hashtag_is_there_once(body: str, thread: Split) -> None:
    if not body.strip():
        return
    job = replace(PLAIN, template="rsotenyears.txt.j2")
    rendered, findings = posts_of(Record("c", body=body, thread=thread, link=OFFICE), job, DIRECT)
    assert findings == []
    assert [post.text for post in rendered if post.was_cut or weighted_length(post.text) > 280] == []
    assert tagged([post.text for post in rendered]) == [1]
