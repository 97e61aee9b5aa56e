"""What a template can name, and what it gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.templates.folder import templates_in
from bot.domain.errors import RenderError
from tests.adapters.templates.studio import OFFICE, PLAIN, Studio, open_studio


def test_every_field_of_the_record_has_a_name(studio: Studio) -> None:
    source = "{{ title }}|{{ body }}|{{ link }}|{{ hashtag }}|{{ language }}|{{ campaign }}|{{ account }}|{{ venue }}"
    assert studio.text(source).split("|") == [
        PLAIN.title,
        PLAIN.body,
        OFFICE,
        "#RSOtenyears",
        "en",
        "rsotenyears",
        "@baliprocessrso",
        "Bangkok",
    ]


def test_a_record_without_link_and_time_leaves_them_out_and_never_writes_none(studio: Studio) -> None:
    source = "A{% if link %}B{% endif %}{{ link }}{% if due %}C{% endif %}"
    assert studio.text(source, link=None, due=None) == "A"


@pytest.mark.parametrize(
    ("number", "count", "said"), [(1, 1, "1/1 first last"), (1, 3, "1/3 first"), (3, 3, "3/3 last")]
)
def test_a_part_knows_its_place_in_the_thread(studio: Studio, number: int, count: int, said: str) -> None:
    source = "{{ part.number }}/{{ part.count }}{{ ' first' if part.first }}{{ ' last' if part.last }}"
    assert studio.text(source, number=number, count=count) == said


def test_a_variable_whose_name_is_no_word_is_reached_through_variables(studio: Studio) -> None:
    assert studio.text("{{ variables['opening day'] }}", variables={"opening day": "Friday"}) == "Friday"


@pytest.mark.parametrize("name", ["body", "link", "part", "handle", "utm"])
def test_a_variable_that_would_hide_a_field_is_refused(studio: Studio, name: str) -> None:
    said = studio.error("{{ body }}", variables={name: "x"})
    assert said == f"variable '{name}' has a name that templates already use: call it otherwise"


def test_a_handle_is_written_with_one_at_however_the_campaign_keeps_it(studio: Studio) -> None:
    handles = {"iom": "UNmigration", "unodc": "@UNODC"}
    assert studio.text("{{ handle('iom') }} {{ 'unodc'|handle }}", handles=handles) == "@UNmigration @UNODC"


def test_an_unknown_handle_names_the_nearest(studio: Studio) -> None:
    assert studio.error("{{ handle('ion') }}") == "1: no handle 'ion' in the campaign (did you mean 'iom'?)"


@pytest.mark.parametrize(
    ("link", "call", "query"),
    [
        (OFFICE, "utm(link)", "?utm_source=x&utm_medium=social&utm_campaign=rsotenyears"),
        (
            OFFICE,
            "link|utm(source='t', medium='', campaign='ten years')",
            "?utm_source=t&utm_campaign=ten+years",
        ),
        (OFFICE + "?a=%20b#c", "utm(link, medium='')", "?a=%20b&utm_source=x&utm_campaign=rsotenyears#c"),
        (OFFICE + "?utm_source=mail", "utm(link, medium='')", "?utm_source=mail&utm_campaign=rsotenyears"),
    ],
)
def test_utm_adds_what_the_link_lacks_and_keeps_what_it_has(
    studio: Studio, link: str, call: str, query: str
) -> None:
    assert studio.text("{{ " + call + " }}", link=link) == OFFICE + query


def test_utm_of_no_link_is_nothing_and_a_wrong_parameter_is_named(studio: Studio) -> None:
    assert studio.text("A{{ utm(link) }}", link=None) == "A"
    assert (
        studio.error("{{ utm(link, campain='x') }}")
        == "1: 'utm' does not take 'campain' (did you mean 'campaign'?)"
    )


def test_a_template_in_a_folder_of_the_folder_is_found(studio: Studio) -> None:
    studio.write("in a folder", "events/forum.txt.j2")
    assert studio.renderer.render(replace(PLAIN, template="events/forum.txt.j2")).text == "in a folder"


def test_templates_inherit_include_and_import(studio: Studio) -> None:
    studio.write("{% block first %}base{% endblock %}\n\n{{ body }}", "_base.txt.j2")
    studio.write("{% macro stars(text) %}*{{ text }}* {{ title }}{% endmacro %}", "_words.txt.j2")
    studio.write("[{{ venue }}]", "_venue.txt.j2")
    source = (
        '{% extends "_base.txt.j2" %}{% import "_words.txt.j2" as words with context %}'
        '{% block first %}{{ super() }} {{ words.stars("x") }} {% include "_venue.txt.j2" %}{% endblock %}'
    )
    assert studio.text(source, body="b", title="t") == "base *x* t [Bangkok]\nb"


def test_a_part_that_is_imported_without_context_starts_anew_with_each_post(studio: Studio) -> None:
    studio.write(
        "{% set day = '2023-03-30'|date('MMMM') %}{% set n = namespace(x=0) %}"
        "{% macro count() %}{% set n.x = n.x + 1 %}{{ n.x }} {{ day }}{% endmacro %}",
        "_counting.txt.j2",
    )
    name = studio.write('{% import "_counting.txt.j2" as c %}{{ c.count() }}')
    posts = [
        studio.renderer.render(replace(PLAIN, template=name, language=code)).text
        for code in ("en", "th", "en")
    ]
    assert posts == ["1 March", "1 มีนาคม", "1 March"]


def test_templates_are_offered_without_the_parts_of_others(tmp_path: Path) -> None:
    with open_studio(tmp_path / "templates") as studio:
        for name in (
            "a.txt.j2",
            "a.th.txt.j2",
            "_part.txt.j2",
            "sub/b.txt.j2",
            "sub/_c.txt.j2",
            ".d.txt.j2",
            "notes.md",
        ):
            studio.write("x", name)
        assert templates_in(tmp_path / "templates") == ["a.th.txt.j2", "a.txt.j2", "sub/b.txt.j2"]


def test_a_macro_that_was_imported_without_context_is_told_how(studio: Studio) -> None:
    studio.write("{% macro stars() %}{{ title }}{% endmacro %}", "_contextless.txt.j2")
    name = studio.write('{% import "_contextless.txt.j2" as words %}{{ words.stars() }}')
    with pytest.raises(
        RenderError, match=r"_contextless.txt.j2:1: 'title' .*import this file 'with context'"
    ):
        studio.renderer.render(replace(PLAIN, template=name))


def test_an_edited_template_counts_from_the_next_post(studio: Studio) -> None:
    name = studio.write("one", "edited.txt.j2")
    assert studio.renderer.render(replace(PLAIN, template=name)).text == "one"
    studio.write("another", name)
    assert studio.renderer.render(replace(PLAIN, template=name)).text == "another"
    (studio.folder / name).unlink()
    with pytest.raises(RenderError, match=r"there is no template 'edited.txt.j2'"):
        studio.renderer.render(replace(PLAIN, template=name))


def test_a_template_saved_on_windows_gives_the_same_post(studio: Studio) -> None:
    (studio.folder / "windows.txt.j2").write_bytes(b"\xef\xbb\xbf{% if link %}\r\nA\r\n{% endif %}\r\nB\r\n")
    assert studio.renderer.render(replace(PLAIN, template="windows.txt.j2")).text == "A\nB"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("\n\n  A  \n\n\n\nB\t\n{% if false %}\n{% endif %}\n   \n", "A\n\nB"),
        ("{{ 'e\u0301' }}", "é"),
        ("A\u00a0\n  B", "A\n  B"),
    ],
)
def test_white_space_is_tidied_and_the_text_is_in_nfc(studio: Studio, source: str, text: str) -> None:
    assert studio.text(source) == text


def test_a_mark_of_the_template_joins_the_letter_that_ends_the_body(studio: Studio) -> None:
    assert studio.text("{{ body|fit }}\u0301", body="cafe") == "café"


def test_line_breaks_of_windows_in_a_record_become_plain_ones(studio: Studio) -> None:
    assert studio.text("{{ body }}", body="A\r\n\r\n\r\nB\rC") == "A\n\nB\nC"


@pytest.mark.parametrize("source", ["", "  \n {% if false %}A{% endif %}", "{# nothing #}"])
def test_a_post_without_text_is_an_error(studio: Studio, source: str) -> None:
    assert studio.error(source) == "comes out empty with this record"
