"""What is wrong with a template is one line that says where, what and what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.templates.renderer import LimitedRenderer
from bot.domain.errors import RenderError
from tests.adapters.templates.studio import PLAIN, Studio


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a\n\n{{ titel }}", "3: 'titel' is not known here (did you mean 'title'?)"),
        ("{{ vanue }}", "1: 'vanue' is not known here (did you mean 'venue'?)"),
        ("{% if lnk %}a{% endif %}", "1: 'lnk' is not known here (did you mean 'link'?)"),
        ("{{ part.nummer }}", "1: 'nummer' is not a part of this Part (did you mean 'number'?)"),
        ("{{ variables.vanue }}", "1: 'vanue' is not a part of this dict (did you mean 'venue'?)"),
        ("a\n{{ body|fitt }}", "2: there is no filter 'fitt' (did you mean 'fit'?)"),
        ("{{ body is strin }}", "1: there is no test 'strin' (did you mean 'string'?)"),
        ("a\n{% if link %}", "2: Unexpected end of template."),
        ("{{ body", "1: unexpected end of template, expected 'end of print statement'."),
        ("{{ 1 / 0 }}", "1: cannot be worked out: division by zero"),
        ("{{ title + 1 }}", '1: cannot be worked out: can only concatenate str (not "int") to str'),
        ("{{ title.upper }}", "1: this is a function: write it with (…)"),
        ("{{ handle }}", "1: this is a function: write it with (…)"),
        (
            "{{ [title] }}",
            "1: a list cannot be written as it is: use |date, |time, |join or one of its parts",
        ),
        (
            "{{ due }}",
            "1: a datetime cannot be written as it is: use |date, |time, |join or one of its parts",
        ),
        ("{{ body }}{{ '\\ud800' }}", "writes half of a character (U+D800)"),
    ],
)
def test_a_mistake_is_one_line_with_the_place_and_what_to_do(studio: Studio, source: str, said: str) -> None:
    assert studio.error(source).startswith(said)


def test_an_error_cannot_steer_the_terminal(studio: Studio) -> None:
    said = studio.error("{{ variables['\x1b[31m\nred'] }}")
    assert said.isprintable()
    assert "[31m red" in said


def test_nothing_is_written_for_none(studio: Studio) -> None:
    assert studio.error("{{ none }}").startswith(
        "1: there is nothing to write here: ask with {% if … %} first"
    )


@pytest.mark.parametrize("source", ['a\n{% include "_endng.txt.j2" %}', 'a\n{% extends "_endng.txt.j2" %}'])
def test_a_missing_part_names_the_place_and_the_nearest_file(studio: Studio, source: str) -> None:
    studio.write("x", "_ending.txt.j2")
    assert studio.error(source) == "2: there is no template '_endng.txt.j2' (did you mean '_ending.txt.j2'?)"


def test_a_missing_template_names_the_nearest_file(studio: Studio) -> None:
    studio.write("x", "announcement.txt.j2")
    with pytest.raises(RenderError) as caught:
        studio.renderer.render(replace(PLAIN, template="anouncement.txt.j2"))
    assert str(caught.value) == (
        "templates/anouncement.txt.j2: there is no template 'anouncement.txt.j2' (did you mean 'announcement.txt.j2'?)"
    )


def test_a_missing_folder_is_an_error_of_one_line(tmp_path: Path) -> None:
    with LimitedRenderer(tmp_path / "templates") as renderer, pytest.raises(RenderError) as caught:
        renderer.render(PLAIN)
    assert str(caught.value) == "templates/plain.txt.j2: there is no template 'plain.txt.j2'"


def test_an_error_inside_a_part_names_the_part(studio: Studio) -> None:
    studio.write("{# a comment #}\n{{ titel }}", "_faulty.txt.j2")
    name = studio.write('{% include "_faulty.txt.j2" %}')
    with pytest.raises(RenderError, match=r"^templates/_faulty.txt.j2:2: 'titel' is not known here"):
        studio.renderer.render(replace(PLAIN, template=name))


def test_a_template_in_another_encoding_is_an_error(studio: Studio) -> None:
    (studio.folder / "latin.txt.j2").write_bytes("Café".encode("latin-1"))
    with pytest.raises(RenderError, match=r"^templates/latin.txt.j2: template 'latin.txt.j2' is not UTF-8"):
        studio.renderer.render(replace(PLAIN, template="latin.txt.j2"))


@pytest.mark.parametrize("name", ["", "events", "a" * 5000, "nul\0.txt", "two\nlines"])
def test_a_name_that_is_no_file_is_an_error(studio: Studio, name: str) -> None:
    (studio.folder / "events").mkdir(exist_ok=True)
    with pytest.raises(RenderError) as caught:
        studio.renderer.render(replace(PLAIN, template=name))
    assert "\n" not in str(caught.value)


def test_a_record_that_is_too_long_is_an_error(studio: Studio) -> None:
    said = studio.error("{{ body }}", body="a" * 600_000)
    assert said.startswith("the record is too long to be rendered")
