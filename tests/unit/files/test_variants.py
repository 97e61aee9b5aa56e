"""One record in several languages: what each language must give, and what it takes over from the record."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.domain.announcement import MediaItem, Poll, Record
from bot.domain.errors import RecordErrors

THAI = "เปิดรับสมัครแล้ว"
DARI = "\u200fثبت نام باز است\u200f می\u200cتوانید بیایید"
WHOLE = f"""\
campaign: rso
key: forum
title: Forum
body: Registration is open.
link: https://www.baliprocess.net/forum
due: 2027-03-30 10:00
timezone: Asia/Bangkok
language: en
template: forum.txt.j2
variables: {{venue: Bangkok, places: 88}}
notes: ask Mali
media:
- {{path: pictures/hall.jpg, alt: An empty hall, scale: true}}
- {{path: pictures/map.png, alt: The way there}}
variants:
  th:
    body: {THAI}
    due: 2027-03-30 12:00
    account: rso_thai
    template: thai.txt.j2
    variables: {{venue: กรุงเทพฯ}}
    media:
    - alt: ห้องโถงว่าง
    - {{path: pictures/map-th.png, alt: ทางไป}}
  fa_AF:
    body: {DARI}
    link:
    media: []
"""


def read(text: str, name: str = "a.yaml") -> list[Record]:
    return [found.record for found in RecordFilesOnDisk().read_bytes(text.encode(), name).records]


def problems(text: str, name: str = "a.yaml") -> list[str]:
    with pytest.raises(RecordErrors) as refused:
        RecordFilesOnDisk().read_bytes(text.encode(), name)
    return [str(problem) for problem in refused.value.problems]


def test_a_record_with_variants_is_one_record_for_each_language() -> None:
    english, thai, dari = read(WHOLE)
    hall, way = (
        MediaItem("pictures/hall.jpg", "An empty hall", scale=True),
        MediaItem("pictures/map.png", "The way there"),
    )
    assert (english.key, english.language, english.translation_of, english.media) == (
        "forum",
        "en",
        None,
        (hall, way),
    )
    assert thai == replace(
        english,
        key="forum.th",
        language="th",
        translation_of="forum",
        body=THAI,
        due="2027-03-30 12:00",
        account="rso_thai",
        template="thai.txt.j2",
        variables={"venue": "กรุงเทพฯ", "places": "88"},
        media=(
            MediaItem("pictures/hall.jpg", "ห้องโถงว่าง", scale=True),
            MediaItem("pictures/map-th.png", "ทางไป"),
        ),
    )
    assert dari == replace(
        english, key="forum.fa-AF", language="fa-AF", translation_of="forum", body=DARI, link=None, media=()
    )


def test_each_variant_knows_its_line() -> None:
    found = RecordFilesOnDisk().read_bytes(WHOLE.encode(), "a.yaml").records
    assert [each.where for each in found] == ["a.yaml:1", "a.yaml:16", "a.yaml:25"]


def test_a_table_has_a_column_for_each_field_of_a_language_and_an_empty_cell_is_no_variant() -> None:
    names = "campaign,key,body,media,poll,variants.th.body,variants.th.media,variants.th.poll,variants.th.variables.venue"
    rows = [
        f"rso,a,Come.,hall.jpg | A hall,Yes | No,{THAI}, | ห้องโถง,ใช่ | ไม่,กรุงเทพฯ",
        "rso,b,Come to us.,,,,,,",
    ]
    first, thai, second = read("\n".join([names, *rows]), "a.csv")
    assert thai == Record(
        "rso", body=THAI, media=(MediaItem("hall.jpg", "ห้องโถง"),), poll=Poll(("ใช่", "ไม่")),
        variables={"venue": "กรุงเทพฯ"}, key="a.th", language="th", translation_of="a",
    )  # fmt: skip
    assert (first.key, second.key, second.translation_of) == ("a", "b", None)


@pytest.mark.parametrize("name", ["a.json", "a.md"])
def test_json_and_front_matter_have_the_same_shape(name: str) -> None:
    record = {"campaign": "rso", "key": "a", "variants": {"ar": {"body": "أهلا"}}}
    text = (
        json.dumps(record | {"body": "Hello"})
        if name == "a.json"
        else f"---\n{json.dumps(record)}\n---\nHello"
    )
    assert [(each.key, each.body) for each in read(text, name)] == [("a", "Hello"), ("a.ar", "أهلا")]


def test_what_readers_read_must_be_given_in_each_language() -> None:
    asked = """\
campaign: rso
key: a
body: Shall we?
media: [{path: a.jpg, alt: A hall}]
poll: [Gladly, Later]
variants:
  th:
    due: next
  id: {body: Mari?, media: [{alt: Aula}], poll: [Ya, Tidak]}
"""
    assert problems(asked) == [
        "a.yaml:7: variants.th.body: is missing: write it in this language",
        "a.yaml:7: variants.th.media: is missing: alt texts are written in each language; [] is no media",
        "a.yaml:7: variants.th.poll: is missing: write its options in this language",
    ]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("variants: {th: {bdy: x, body: x}}", "4: variants.th.bdy: is not a field: did you mean 'body'?"),
        ("variants: {th: {text: x, body: x}}", "4: variants.th.text: is not a field: did you mean 'body'?"),
        ("variants: {th: {body: x, campaign: b}}", "4: variants.th.campaign: is the record's: leave it out"),
        ("variants: {th: {body: 7}}", "4: variants.th.body: must be a text, and is read as a number: put it in quotes"),
        ("variants: {th: {body: x, media: [{alt: y}]}}", "4: variants.th.media[1].path: is missing: write the file's path"),
        ("variants: {th: x}", "4: variants.th: must be a group of fields: body and what else is other in it"),
        ("variants: {Thai!: {body: x}}", "4: variants.Thai!: is not a language: write a code such as en or th"),
        ("variants: {th-TH: {body: x}, th_th: {body: y}}", "4: variants.th_th: the record is in this language already"),
        ("language: prs\nvariants: {fa-AF: {body: x}}", "5: variants.fa-AF: the record is in this language already"),
        ("variants: [th]", "4: variants: must be a group of languages, 50 at most: write th: and its body"),
        ("variants: {" + ", ".join(f"a{a}{b}: {{body: x}}" for a in "abcdefgh" for b in "abcdefgh") + "}",
         "4: variants: must be a group of languages, 50 at most: write th: and its body"),
        ("translation_of: b\nvariants: {th: {body: x}}", "5: variants: stand with the original, and not"),
    ],
)  # fmt: skip
def test_a_variant_that_cannot_be_read_is_told_with_its_place(more: str, told: str) -> None:
    assert problems(f"campaign: rso\nkey: a\nbody: Hello\n{more}\n")[0].startswith(f"a.yaml:{told}")


def test_variants_need_a_key_to_be_called_by() -> None:
    told = "a.yaml:1: key: is missing: with variants a record needs one, to call them KEY.th"
    assert problems("campaign: rso\nbody: Hello\nvariants: {th: {body: x}}\n") == [told]


def test_a_language_is_kept_as_templates_look_for_it() -> None:
    (record,) = read("campaign: rso\nbody: Hello\nlanguage: th_TH\n")
    assert record.language == "th-TH"


def test_no_variants_are_no_variants() -> None:
    assert len(read("campaign: rso\nbody: Hello\nvariants:\n")) == 1


def test_a_column_of_no_field_is_told_once() -> None:
    names = "campaign,key,body,variants.th.bdy,variants.th"
    assert problems(f"{names}\nrso,a,x,y,z\nrso,b,x,y,\n", "a.csv") == [
        "a.csv:1: variants.th.bdy: is not a field: did you mean 'body'?",
        "a.csv:2: variants: names no field: write variants.th.body",
    ]


def test_a_key_that_a_variant_takes_is_taken() -> None:
    text = "- {campaign: rso, key: a, body: x, variants: {th: {body: y}}}\n- {campaign: rso, key: a.th, body: z}\n"
    assert problems(text) == ["a.yaml:2: key: 'a.th' stands in line 1 already: keep one"]


def test_variants_count_among_the_records_that_a_file_may_hold() -> None:
    languages = ", ".join(f'"{a}{b}": {{}}' for a in "abcde" for b in "abcdefghij")
    record = '{"campaign":"r","key":"%s","title":"x","variants":{' + languages + "}}\n"
    text = "".join(record % f"k{number}" for number in range(2000))
    told = problems(text, "a.ndjson")
    assert told == ["a.ndjson:1961: here its records become more than 100,000: split the file"]


def test_an_embargo_is_taken_over_but_not_into_another_time_zone() -> None:
    whole = WHOLE.replace("timezone: Asia/Bangkok", "timezone: Asia/Bangkok\nembargo: 2027-03-29 10:00")
    assert {record.embargo for record in read(whole)} == {"2027-03-29 10:00"}
    (said,) = problems(whole.replace("account: rso_thai", "timezone: Asia/Tokyo"))
    assert said.endswith(
        "variants.th.embargo: is missing: the record's is a time of its own time zone; write when it ends in this one"
    )
    assert (
        len(read(whole.replace("account: rso_thai", "timezone: Asia/Tokyo\n    embargo: 2027-03-29 12:00")))
        == 3
    )
