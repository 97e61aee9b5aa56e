"""Whatever stands in a template or in a record: a text, or one line about why not; never anything else."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.application.ports.renderer import Rendered, RenderJob
from bot.domain.errors import RenderError
from bot.domain.text.weighted import weighted_length
from tests.adapters.templates.studio import PLAIN, Studio

NAMES = (
    "title body link hashtag due part part.first part.number variables venue opens places account titel none true 1 'x' "
    "[] {} loop self range(3) handle('iom') utm(link) title.__class__ link.split('/') body.encode() namespace(x=1)"
)
FILTERS = (
    "fit date time number handle utm upper trim length first last list join reverse int default('x') attr('__class__') "
    "truncate(5) wordwrap(9) replace('a','b') tojson safe e urlize date('EEE') number('#,##0') batch(2) sum format"
)
WORDS_IN_MANY_SCRIPTS = "word คำ การประชุม 字 🎉 👨‍👩‍👧 #RSOtenyears #rsotenyears https://iom.int é \n"
EXPRESSIONS = st.builds(
    lambda name, filters: "|".join([name, *filters]),
    st.sampled_from(NAMES.split()),
    st.lists(st.sampled_from(FILTERS.split()), max_size=3),
)
RANDOM = st.text(
    st.one_of(st.characters(), st.sampled_from("{}%#- \n\r\t'\"|.()[]\u0301\ufdd0\ud800")), max_size=30
)
WRAPPERS = st.sampled_from(
    (
        "{{% if {0} %}}{1}{{% endif %}}",
        "{{% for x in {0} %}}{1}{{% endfor %}}",
        "{{% set x = {0} %}}{1}",
        "{{% set x %}}{1}{{% endset %}}{{{{ x }}}}",
        "{{% macro m(a) %}}{1}{{% endmacro %}}{{{{ m({0}) }}}}",
        "{{% filter upper %}}{1}{{% endfilter %}}",
        "{{% block b %}}{1}{{% endblock %}}",
        "{{% include {0} %}}{1}",
        "{{% extends {0} %}}{1}",
        "{{% raw %}}{1}{{% endraw %}}",
        "{{# {1} #}}",
        "{{% with y={0} %}}{1}{{% endwith %}}",
        "{{% call {0} %}}{1}",
        "{{% if {1}",
    )
)
SNIPPETS = st.recursive(
    EXPRESSIONS.map(lambda text: "{{ " + text + " }}") | RANDOM,
    lambda inner: st.builds(
        lambda wrapper, expression, within: wrapper.format(expression, "".join(within)),
        WRAPPERS,
        EXPRESSIONS,
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)
SOURCES = st.lists(SNIPPETS, max_size=4).map("".join)
TEXTS = st.text(max_size=400)
WORDS = st.lists(st.sampled_from(WORDS_IN_MANY_SCRIPTS.split(" ")), max_size=120).map(" ".join)
BODIES = st.one_of(TEXTS, WORDS)

jobs = st.builds(
    RenderJob,
    template=st.just("set below"),
    campaign=TEXTS,
    title=TEXTS,
    body=BODIES,
    link=st.one_of(st.none(), TEXTS),
    hashtag=st.sampled_from(["RSOtenyears", "", "10", "ปี", "a b", "#x"]),
    language=st.sampled_from(["en", "th", "", "xx-YY", "../x", "fa-AF"]),
    handle=TEXTS,
    due=st.one_of(st.none(), st.datetimes(), st.just(PLAIN.due)),
    number=st.integers(0, 3),
    count=st.integers(0, 3),
    limit=st.integers(0, 400),
    variables=st.dictionaries(TEXTS, TEXTS, max_size=2),
    handles=st.dictionaries(TEXTS, TEXTS, max_size=2),
)
shared_studio = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def outcome(studio: Studio, job: RenderJob) -> Rendered | str:
    try:
        return studio.renderer.render(job)
    except RenderError as error:
        return str(error)


def is_a_post_or_one_line(found: Rendered | str) -> bool:
    if isinstance(found, str):
        return bool(found.strip()) and "\n" not in found and found.startswith("templates/")
    text = found.text
    tidy = (
        all(line == line.rstrip() for line in text.split("\n"))
        and "\n\n\n" not in text
        and text == text.strip()
    )
    return bool(text) and tidy and unicodedata.is_normalized("NFC", text) and bool(text.encode())


@shared_studio
@given(source=SOURCES)
@example(source="{% set x = body|fit %}{{ x }}{{ x }}")
@example(source="{% extends none %}")
@example(source="{% include [] %}")
@example(source="\r{{ body }}\x00\u2028{{ link }}")
def test_any_template_gives_a_post_or_one_line(studio: Studio, source: str) -> None:
    assert is_a_post_or_one_line(outcome(studio, replace(PLAIN, template=studio.write(source))))
    good = replace(PLAIN, template=studio.write("{{ body }}", "good.txt.j2"))
    assert outcome(studio, good) == Rendered(PLAIN.body)


@shared_studio
@given(job=jobs)
def test_any_record_gives_a_post_or_one_line(studio: Studio, job: RenderJob) -> None:
    name = studio.write(
        "{{ title }} {{ body|fit }} {{ link }} {{ account }} {{ utm(link) }} {{ hashtag }}", "any.txt.j2"
    )
    assert is_a_post_or_one_line(outcome(studio, replace(job, template=name)))


@shared_studio
@given(body=WORDS, number=st.integers(1, 2), limit=st.integers(100, 300), link=st.booleans())
def test_a_fitted_post_is_within_its_limit_and_has_the_hashtag_once(
    studio: Studio, body: str, number: int, limit: int, link: bool
) -> None:
    name = studio.write(
        "{{ body|fit }}\n\n{{ link }}\n{% if part.first %}{{ hashtag }}{% endif %}", "fit.txt.j2"
    )
    job = replace(PLAIN, template=name, body=body, number=number, count=2, limit=limit)
    found = outcome(studio, job if link else replace(job, link=None))
    if isinstance(found, str):
        assert found == f"templates/{name}: comes out empty with this record"
        return
    assert weighted_length(found.text) <= limit
    assert found.text.casefold().count("#rsotenyears") <= 1
    assert found.text.count("#RSOtenyears") == 1 or number == 2
