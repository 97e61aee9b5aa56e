"""Templates read nothing but their folder and their record, and end when they overrun (design, section 11)."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.templates.limits import RenderLimits
from bot.domain.errors import RenderError
from tests.adapters.templates.studio import PLAIN, Studio, open_studio

SECRET = "the-secret-of-the-account"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    project = tmp_path_factory.mktemp("project")
    (project / ".env").write_text(f"X_API_SECRET={SECRET}")
    with open_studio(project / "templates", RenderLimits(cpu_seconds=1)) as studio:
        (studio.folder / "link.txt.j2").symlink_to(project / ".env")
        (studio.folder / "outside").symlink_to(project, target_is_directory=True)
        studio.write("{{ body }}", "good.txt.j2")
        yield studio


def the_next_record_renders(studio: Studio) -> bool:
    return studio.renderer.render(replace(PLAIN, template="good.txt.j2", body="after")).text == "after"


@pytest.mark.parametrize(
    "source",
    [
        "{{ title.__class__ }}",
        "{{ title['__class__'] }}",
        "{{ title|attr('__class__') }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ handle.__globals__ }}",
        "{{ handle.__self__ }}",
        "{{ handle.__func__.__code__ }}",
        "{{ hashtag.__call__.__self__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ self._TemplateReference__context.environment }}",
        "{{ cycler.__init__.__globals__.os.environ }}",
        "{{ range.__globals__ }}",
        "{{ [title]|map(attribute='__class__')|join }}",
        "{{ [title]|map('attr', '__class__')|join }}",
        "{{ [title, body]|groupby('__class__') }}",
        "{{ part.__class__.__init__.__globals__ }}",
        "{{ variables.__init__ }}",
        "{% for x in [part] %}{{ loop.__init__.__globals__ }}{% endfor %}",
        "{% macro m() %}{{ caller.__class__ }}{% endmacro %}{% call m() %}{% endcall %}",
        "{{ due.__reduce__() }}",
    ],
)
def test_no_way_leads_into_python(studio: Studio, source: str) -> None:
    assert "may not read _" in studio.error(source)
    assert the_next_record_renders(studio)


@pytest.mark.parametrize(
    "source",
    [
        "{{ '{0.__class__}'.format(title) }}",
        "{{ '{0.__class__.__mro__}'.format(title) }}",
        "{{ '{x.__class__}'.format_map({'x': title}) }}",
        "{{ ('{0.__class__}'|attr('format'))(title) }}",
        "{% set f = '{0.__class__}'.format %}{{ f(title) }}",
        "{{ ['{0.__class__}']|map('attr', 'format')|first(title) }}",
        "{{ ''.join(['{0.__class__}'.format(x) for x in [title]]) }}",
        "{{ '{0[__class__]}'.format(title) }}",
    ],
)
def test_format_is_no_way_round(studio: Studio, source: str) -> None:
    said = studio.error(source)
    assert "str" not in said.replace("template", "") or "class 'str'" not in said
    assert the_next_record_renders(studio)


@pytest.mark.parametrize(
    "source",
    [
        "{% do variables.update({'a': 1}) %}",
        "{{ variables.update({'a': 1}) }}",
        "{{ variables.pop('venue') }}",
        "{{ [1].append(2) }}",
        "{{ lipsum() }}",
        "{{ [1, 2]|random }}",
    ],
)
def test_nothing_changes_and_nothing_differs_from_time_to_time(studio: Studio, source: str) -> None:
    assert studio.error(source)
    assert the_next_record_renders(studio)


@pytest.mark.parametrize(
    "name",
    [
        "../.env",
        "./../.env",
        "outside/.env",
        "outside/templates/../.env",
        "link.txt.j2",
        "a/../../.env",
        "/etc/passwd",
    ],
)
@pytest.mark.parametrize("statement", ["include", "extends", "import", "from"])
def test_no_file_outside_the_folder_is_read(studio: Studio, name: str, statement: str) -> None:
    tail = {"import": " as x", "from": " import x"}.get(statement, "")
    said = studio.error("{% " + statement + f' "{name}"' + tail + " %}")
    assert said == f"1: '{name}' leads out of the templates folder"
    assert the_next_record_renders(studio)


@pytest.mark.parametrize("name", ["../.env", "/etc/passwd", "link.txt.j2", "outside/.env"])
def test_no_record_names_a_template_outside_the_folder(studio: Studio, name: str) -> None:
    with pytest.raises(RenderError, match="leads out of the templates folder"):
        studio.renderer.render(replace(PLAIN, template=name))
    assert the_next_record_renders(studio)


def test_a_pipe_in_the_folder_is_no_template_to_wait_for(studio: Studio) -> None:
    os.mkfifo(studio.folder / "pipe.txt.j2")
    try:
        assert "there is no template 'pipe.txt.j2'" in studio.error('{% include "pipe.txt.j2" %}')
    finally:
        (studio.folder / "pipe.txt.j2").unlink()


ENDLESS_TIME = {
    "loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "counts": "{{ 10 ** (10 ** 10) }}",
    "joins": "{% set n = namespace(x=0) %}{% for a in range(99999) %}{% for b in range(99999) %}"
    "{% set n.x = n.x + 1 %}{% endfor %}{% endfor %}",
}
ENDLESS_MEMORY = {
    "repeats": "{{ 'x' * 10 ** 10 }}",
    "doubles": "{% set n = namespace(x='xx') %}{% for a in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "pads": "{{ 'x'.ljust(10 ** 10) }}",
    "formats": "{{ '{:>9999999999}'.format('x') }}",
    "fills in": "{{ '%9999999999d' % 1 }}",
    "centres": "{{ 'x'|center(10 ** 10) }}",
    "lists": "{{ ([1] * 10 ** 9)|length }}",
}
ENDLESS_OTHERWISE = {
    "a macro calls itself": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "without end"),
    "a range without end": ("{% for a in range(10 ** 9) %}{% endfor %}", "Range too big"),
    "an output without end": (
        "{% for a in range(99999) %}{{ body }}{% endfor %}",
        "more than 100,000 characters",
    ),
    "deep brackets": ("{{ " + "(" * 5000 + ")" * 5000 + " }}", ""),
    "deep lists": ("{{ " + "[" * 150 + "]" * 150 + " }}", ""),
    "deep statements": ("{% if 1 %}" * 3000 + "{% endif %}" * 3000, ""),
    "a number without end": ("{{ 10 ** 5000 }}", "cannot be worked out"),
}


@pytest.mark.parametrize("how", ENDLESS_TIME)
def test_a_template_that_takes_all_the_time_is_stopped(studio: Studio, how: str) -> None:
    said = studio.error(ENDLESS_TIME[how])
    assert said == "ran for more than 1 s of processor time and was stopped: does it loop for ever?"
    assert the_next_record_renders(studio)


@pytest.mark.parametrize("how", ENDLESS_MEMORY)
def test_a_template_that_takes_all_the_memory_is_stopped(studio: Studio, how: str) -> None:
    said = studio.error(ENDLESS_MEMORY[how])
    assert "needs too much memory" in said
    assert the_next_record_renders(studio)


@pytest.mark.parametrize("how", ENDLESS_OTHERWISE)
def test_a_template_that_has_no_end_is_stopped(studio: Studio, how: str) -> None:
    source, said = ENDLESS_OTHERWISE[how]
    assert said in studio.error(source)
    assert the_next_record_renders(studio)


def test_templates_that_include_each_other_are_stopped(studio: Studio) -> None:
    studio.write('{% include "_ring_b.txt.j2" %}', "_ring_a.txt.j2")
    studio.write('{% include "_ring_a.txt.j2" %}', "_ring_b.txt.j2")
    with pytest.raises(RenderError, match="without end"):
        studio.renderer.render(replace(PLAIN, template="_ring_a.txt.j2"))
    studio.write('{% extends "_own_child.txt.j2" %}', "_own_child.txt.j2")
    with pytest.raises(RenderError, match=r"without end|stopped"):
        studio.renderer.render(replace(PLAIN, template="_own_child.txt.j2"))
    assert the_next_record_renders(studio)


def test_the_process_that_renders_sees_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X_API_SECRET", SECRET)
    with open_studio(tmp_path / "templates") as studio:
        assert studio.text("{{ body }}", body="there") == "there"
        environment = Path(f"/proc/{studio.renderer.pid}/environ").read_bytes()
        arguments = Path(f"/proc/{studio.renderer.pid}/cmdline").read_bytes()
    assert environment == b""
    assert SECRET.encode() not in arguments


def test_a_process_that_falls_silent_is_replaced(tmp_path: Path) -> None:
    with open_studio(tmp_path / "templates", RenderLimits(wall_seconds=0.5)) as studio:
        studio.write("{{ body }}", "good.txt.j2")
        assert the_next_record_renders(studio)
        frozen = studio.renderer.pid
        assert frozen is not None
        os.kill(frozen, signal.SIGSTOP)
        assert "said nothing for 0.5 s and was stopped" in studio.error("{{ body }}", body="long " * 10_000)
        assert the_next_record_renders(studio)
        assert studio.renderer.pid != frozen
