"""The body takes the space that the rest of the post leaves, and the hashtag is there once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from bot.adapters.templates.renderer import LimitedRenderer
from bot.application.ports.renderer import Rendered, RenderJob
from bot.domain.text.weighted import weighted_length
from tests.adapters.templates.studio import OFFICE, PLAIN, TEMPLATES, Studio

# The first announcements of the campaign.
REPORT = (
    "The Outcome Report of our 10th anniversary Border and Technology Forum is out. In Bangkok, 88 delegates from "
    "24 Bali Process Member States, four international organisations and eight Observers discussed how technology "
    "can help to counter people smuggling and trafficking in persons. Its priorities shape our 2023 Work Plan."
)
THEMES = (
    "What did delegates at the Border and Technology Forum see as the priorities? Six themes stand out.",
    "New tools: biometrics and integrated border management help, and bring risks where nobody reviews what the "
    "system decides.",
    "Trends online: call centre scams reach across the region, so members need to see them early.",
    "People: border and police officers need the skills and the equipment to keep ahead, whatever the size of their "
    "service.",
    "Law: legislation has to give access to digital evidence, and changes in it have to be explained to the public.",
    "Data: sharing it across borders, and making people aware of trafficking risks as more of the region comes online.",
)
THAI = (
    "รายงานผลการประชุมครบรอบ 10 ปีว่าด้วยชายแดนและเทคโนโลยีเผยแพร่แล้ว ผู้แทน 88 คนจาก 24 ประเทศสมาชิกกระบวนการบาหลี"
    "ร่วมหารือที่กรุงเทพฯ เรื่องการใช้เทคโนโลยีต่อต้านการลักลอบขนคนและการค้ามนุษย์"
)
# Every place between two words, marked by hand.
THAI_MARKED = (
    "การ|ใช้|เทคโนโลยี|ต่อต้าน|การ|ลักลอบ|ขน|คน|และ|การ|ค้า|มนุษย์|ต้อง|อาศัย|ความ|ร่วมมือ|ของ|ทุก|ประเทศ|ใน|ภูมิภาค|"
    "เจ้า|หน้าที่|ต้อง|มี|ทักษะ|และ|อุปกรณ์|"
)
THAI_WORDS = THAI_MARKED.split("|") * 4


@pytest.fixture(scope="module")
def campaign() -> Iterator[LimitedRenderer]:
    """The renderer with the campaign's own templates."""
    with LimitedRenderer(TEMPLATES) as renderer:
        yield renderer


def announcement(body: str, **fields: Any) -> RenderJob:
    return replace(PLAIN, template="rsotenyears.txt.j2", body=body, **fields)


def test_an_announcement_that_is_too_long_is_cut_at_a_word_and_keeps_its_link_and_hashtag(
    campaign: LimitedRenderer,
) -> None:
    post = campaign.render(announcement(REPORT))
    body, rest = post.text.split("\n\n")
    assert rest == f"{OFFICE}\n#RSOtenyears"
    assert post.was_cut
    assert body.endswith("…")
    assert REPORT.startswith(body[:-1] + " ")
    assert 270 <= weighted_length(post.text) <= 280


def test_an_announcement_that_fits_goes_out_whole(campaign: LimitedRenderer) -> None:
    post = campaign.render(announcement(THAI, language="th"))
    assert post == Rendered(f"{THAI}\n\n{OFFICE}\n#RSOtenyears")
    assert weighted_length(post.text) <= 280


def test_a_thread_has_its_hashtag_in_the_first_post_and_its_link_in_the_last(
    campaign: LimitedRenderer,
) -> None:
    posts = [
        campaign.render(announcement(body, number=number, count=len(THEMES)))
        for number, body in enumerate(THEMES, 1)
    ]
    assert [post.text for post in posts] == [
        f"{THEMES[0]}\n\n#RSOtenyears",
        *THEMES[1:-1],
        f"{THEMES[-1]}\n\n{OFFICE}",
    ]
    assert not any(post.was_cut for post in posts)


def test_a_thread_without_a_link_ends_without_one(campaign: LimitedRenderer) -> None:
    assert campaign.render(announcement("The end.", link=None, number=3, count=3)).text == "The end."


def test_thai_is_cut_between_words(campaign: LimitedRenderer) -> None:
    text = campaign.render(announcement("".join(THAI_WORDS), language="th")).text
    kept = text.split("\n\n")[0].removesuffix("…")
    starts = {"".join(THAI_WORDS[:number]) for number in range(1, len(THAI_WORDS))}
    assert kept in starts
    assert 260 <= weighted_length(text) <= 280


@pytest.mark.parametrize("limit", [60, 100, 279, 281, 25_000])
def test_the_limit_of_the_account_is_what_the_post_is_cut_to(studio: Studio, limit: int) -> None:
    post = studio.post("{{ body|fit }}\n\n{{ link }}\n{{ hashtag }}", body=REPORT * 100, limit=limit)
    assert limit - 15 <= weighted_length(post.text) <= limit
    assert post.was_cut


@pytest.mark.parametrize("length", range(236, 248))
def test_a_body_that_just_fits_is_not_cut_and_the_next_longer_one_is(studio: Studio, length: int) -> None:
    body = ("word " * 60)[: length - 1].strip().ljust(length - 1, "x") + "."
    post = studio.post("{{ body|fit }}\n\n{{ link }}\n{{ hashtag }}", body=body)
    room = 280 - weighted_length(f"\n\n{OFFICE}\n#RSOtenyears")
    assert post.was_cut == (len(body) > room)


def test_emoji_and_links_in_the_body_are_counted_as_x_does(studio: Studio) -> None:
    body = "🎉 https://www.iom.int/a/very/long/address/that/counts/as/twenty-three/whatever/its/length " * 9
    post = studio.post("{{ body|fit }}\n{{ hashtag }}", body=body)
    assert 230 <= weighted_length(post.text) <= 280
    assert len(post.text) > 280


def test_text_after_the_body_that_turns_it_into_a_link_still_fits(studio: Studio) -> None:
    assert (
        weighted_length(
            studio.text("{{ body|fit }}.com/{{ body|fit|length if false }}", body="example " * 60)
        )
        <= 280
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ body|fit }}\n{{ title|fit }}", "2: 'fit' is used twice in one post"),
        ("{% for n in range(2) %}{{ body|fit }}{% endfor %}", "1: 'fit' is used twice in one post"),
        ("{% set b %}{{ body|fit }}{% endset %}{{ b }}{{ b }}", "writes the fitted body twice"),
        ("{{ body|fit|upper }}", "1: nothing may be done with what 'fit' gives: write it last"),
        ("{{ '«' ~ (body|fit) ~ '»' }}", "1: nothing may be done with what 'fit' gives: write it last"),
        ("{{ [body|fit]|join }}", "1: nothing may be done with what 'fit' gives: write it last"),
        (
            "{{ body|fit }}" + "x" * 300,
            "leaves too little room for the body: its other text weighs 300 of 280",
        ),
        (
            "{{ body|fit }}" + "x" * 280,
            "leaves too little room for the body: its other text weighs 280 of 280",
        ),
        ("{{ '\ufdd0' }}", "holds U+FDD0, which is no character"),
    ],
)
def test_what_fit_cannot_do_is_one_line(studio: Studio, source: str, said: str) -> None:
    assert studio.error(source).startswith(said)


def test_a_noncharacter_in_the_body_cannot_take_the_place_of_the_body(studio: Studio) -> None:
    assert studio.error("{{ body|fit }}", body="a\ufdd0b").startswith("writes the fitted body twice")
    assert studio.error("{{ title }}{{ body|fit }}", title="\ufdd0").startswith(
        "writes the fitted body twice"
    )


def test_an_empty_body_fits_and_a_fitted_text_that_is_not_written_is_no_matter(studio: Studio) -> None:
    assert studio.text("{{ body|fit }}\n\n{{ hashtag }}", body="") == "#RSOtenyears"
    assert studio.text("{% set b = body|fit %}{{ hashtag }}") == "#RSOtenyears"


def test_without_fit_nothing_is_cut(studio: Studio) -> None:
    post = studio.post("{{ body }}", body=REPORT)
    assert post == Rendered(REPORT)


TAG = "#RSOtenyears"
BODIES = (
    "Ten years.",
    "Ten years. #RSOtenyears",
    "Ten years. #rsotenyears",
    "#RSOTENYEARS Ten years.",
    "Ten years of ＃rsoTenYears work.",
    "Ten years of #rsotenyears and #RSOtenyears, #RSOtenyears!",
    "Ten years.\n\n#rsotenyears #RSOtenyears",
)
FORMS = (
    "{{ body|fit }}\n{{ hashtag }}",
    "{{ hashtag }}: {{ body|fit }}",
    "{{ hashtag() }} {{ body }}\n#rsotenyears {{ hashtag }}",
    "{{ body|fit }} {{ link }} {{ hashtag }} {{ hashtag }}",
    "{{ body }} {{ hashtag|upper }}",
)


def tags(text: str) -> list[str]:
    return re.findall(r"[#＃]rsotenyears\b", text, re.IGNORECASE)


@pytest.mark.parametrize(("source", "body"), list(product(FORMS, BODIES)))
def test_the_hashtag_is_there_exactly_once_as_the_campaign_writes_it(
    studio: Studio, source: str, body: str
) -> None:
    assert tags(studio.text(source, body=body)) == [TAG]


@pytest.mark.parametrize(
    "body", [f"{TAG.lower()} {REPORT}", f"{REPORT} {TAG}", f"{REPORT[:150]} {TAG} {REPORT[150:]}"]
)
@pytest.mark.parametrize("source", FORMS[:2])
def test_a_cut_body_has_it_once_whether_the_cut_takes_it_away_or_not(
    studio: Studio, source: str, body: str
) -> None:
    post = studio.post(source, body=body)
    assert post.was_cut
    assert tags(post.text) == [TAG]
    assert weighted_length(post.text) <= 280


def test_a_body_that_loses_its_hashtag_in_the_cut_makes_room_for_the_other(studio: Studio) -> None:
    body = "การประชุม https://iom.int https://iom.int é é #RSOtenyears word"
    post = studio.post("{{ body|fit }}\n\n{{ link }}\n{{ hashtag }}", body=body, limit=100)
    assert post.text == f"การประชุม https://iom.int https://iom.int é…\n\n{OFFICE}\n#RSOtenyears"


def test_a_hashtag_within_the_body_stays_and_the_one_of_the_template_gives_way(studio: Studio) -> None:
    post = studio.text("{{ body|fit }}\n\n{{ link }}\n{{ hashtag }}", body="Ten years of #rsotenyears work.")
    assert post == f"Ten years of #RSOtenyears work.\n\n{OFFICE}"


def test_a_body_that_keeps_its_hashtag_may_use_the_space_of_the_other(studio: Studio) -> None:
    body = "#RSOtenyears " + "x" * 4 + " word" * 60
    assert weighted_length(studio.text("{{ body|fit }}\n{{ hashtag }}", body=body)) >= 275


@pytest.mark.parametrize("body", BODIES[1:])
def test_a_hashtag_that_only_the_body_names_is_there_once(studio: Studio, body: str) -> None:
    assert tags(studio.text("{{ body|fit }}", body=body)) == [TAG]


def test_a_longer_hashtag_that_begins_alike_is_another_one(studio: Studio) -> None:
    text = studio.text("{{ body }}\n{{ hashtag }}", body="See #RSOtenyearsForum")
    assert text == "See #RSOtenyearsForum\n#RSOtenyears"


def test_neither_template_nor_body_names_it_so_there_is_none(studio: Studio) -> None:
    assert studio.text("{{ body|fit }}", body="Ten years.") == "Ten years."


def test_a_campaign_without_a_hashtag_has_none(studio: Studio) -> None:
    source = "{{ body|fit }}{% if hashtag %} tag {% endif %}{{ hashtag }}"
    assert studio.text(source, hashtag="", body="Ten #years.") == "Ten #years."
