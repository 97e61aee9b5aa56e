"""One record in several languages: under `variants`, each language with the fields that are other than the record's own.

It is read into one record for each language, of which those under `variants` name the first as their original (decision 0020).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.adapters.files.fields import LANGUAGE, read_record
from bot.adapters.files.located import (
    VARIANT_FIELDS,
    VARIANTS,
    Fields,
    Kind,
    Many,
    Plain,
    Problems,
    Value,
    refuse_too_many,
    shown,
)
from bot.domain.announcement import MediaItem, Record
from bot.domain.exported import NAME_BY_CONTENT
from bot.domain.family import same_language, translation_key

MOST_VARIANTS = 50


def read_family(fields: Fields, problems: Problems) -> list[tuple[int, Record]]:
    """Read a record and its variants, each with its line; with problems noted they are not to be used."""
    own = Fields(fields.line, {name: each for name, each in fields.values.items() if name != VARIANTS})
    original = read_record(own, problems)
    records = [(fields.line, original)]
    line, variants = fields.values.get(VARIANTS, (fields.line, Plain("", Kind.NOTHING, fields.line)))
    if isinstance(variants, Plain) and variants.kind is Kind.NOTHING:
        return records
    if not isinstance(variants, Fields) or len(variants.values) > MOST_VARIANTS:
        problems.add(
            line,
            f"must be a group of languages, {MOST_VARIANTS} at most: write th: and its body",
            name=VARIANTS,
        )
        return records
    if original.translation_of:
        problems.add(line, "stand with the original, and not with a translation of it", name=VARIANTS)
        return records
    if original.key is None or NAME_BY_CONTENT.fullmatch(original.key):
        problems.add(
            fields.line, "is missing: with variants a record needs one, to call them KEY.th", name="key"
        )
        return records
    return [*records, *_variants(original, variants, problems)]


def up_to_most_members(records: Iterable[Fields]) -> Iterator[Fields]:
    """Give the records, and raise Unreadable as soon as a file holds more than it may, variants among them."""
    count = 0
    for fields in records:
        variants = fields.values.get(VARIANTS, (0, None))[1]
        count += 1 + (len(variants.values) if isinstance(variants, Fields) else 0)
        refuse_too_many(count, fields.line)
        yield fields


def given_by(columns: Sequence[str], record: Record) -> tuple[str, ...] | None:
    """Name the fields of a record that a table with these columns gives; None where it gives all of them.

    A record in another language has the columns of its original, and those of its own.
    """
    if VARIANTS in columns:
        return None
    names = {each.partition(".")[0] for each in columns} - {VARIANTS} | {"campaign"}
    of_languages = [each.split(".") for each in columns if each.startswith(f"{VARIANTS}.")]
    is_variant = bool(of_languages) and record.translation_of and record.language
    if is_variant and "translation_of" not in names:
        own = [
            rest
            for _, language, *rest in of_languages
            if same_language(language.replace("_", "-"), record.language or "")
        ]
        names |= {"key", "language", "translation_of", *(each[0] for each in own if each)}
    return tuple(sorted(names))


def _variants(original: Record, variants: Fields, problems: Problems) -> Iterator[tuple[int, Record]]:
    seen = [original.language] if original.language else []
    for language, (line, entry) in variants.values.items():
        name = f"{VARIANTS}.{shown(language)}"
        if not LANGUAGE.fullmatch(language):
            problems.add(line, "is not a language: write a code such as en or th", name=name)
        elif any(same_language(language, each) for each in seen):
            problems.add(line, "the record is in this language already: keep one of the two", name=name)
        elif not isinstance(entry, Fields):
            problems.add(line, "must be a group of fields: body and what else is other in it", name=name)
        else:
            yield line, _variant(original, language.replace("_", "-"), Fields(line, entry.values), problems)
        seen.append(language)


def _variant(original: Record, language: str, entry: Fields, problems: Problems) -> Record:
    within = f"{VARIANTS}.{language}."
    _ask_for_words(original, entry, problems, within)
    campaign: Value = Plain(original.campaign or "-", Kind.TEXT, entry.line)
    given = dict(entry.values)
    if "media" in given:
        given["media"] = (given["media"][0], _with_pictures(given["media"][1], original.media))
    fields = Fields(entry.line, {**given, "campaign": (entry.line, campaign)})
    if "campaign" in entry.values:
        problems.add(entry.values["campaign"][0], "is the record's: leave it out", name=f"{within}campaign")
    read = read_record(fields, problems, within=within, known=(*VARIANT_FIELDS, "campaign"))
    changes: dict[str, Any] = {name: getattr(read, name) for name in given if name in VARIANT_FIELDS}
    if "variables" in changes:
        changes["variables"] = {**original.variables, **read.variables}
    key = translation_key(original.key or "", language)
    return replace(original, **changes, key=key, language=language, translation_of=original.key)


def _ask_for_words(original: Record, entry: Fields, problems: Problems, within: str) -> None:
    """What readers read, or have read to them, is never taken over from another language, nor a limit into another zone."""
    asked = {
        "embargo": (
            bool(original.embargo) and "timezone" in entry.values,
            "the record's is a time of its own time zone; write when it ends in this one",
        ),
        "expires": (
            bool(original.expires) and "timezone" in entry.values,
            "the record's is a time of its own time zone; write when it expires in this one",
        ),
        "body": (bool(original.body), "write it in this language"),
        "media": (
            any(each.alt for each in original.media),
            "alt texts are written in each language; [] is no media",
        ),
        "poll": (original.poll is not None, "write its options in this language"),
    }
    for name, (needed, advice) in asked.items():
        if needed and name not in entry.values:
            problems.add(entry.line, f"is missing: {advice}", name=f"{within}{name}")


def _with_pictures(media: Value, pictures: tuple[MediaItem, ...]) -> Value:
    """An item that gives its alt text alone is the record's picture of the same place."""
    if not isinstance(media, Many):
        return media
    return Many(
        [
            _with_picture(item, pictures[at]) if at < len(pictures) else item
            for at, item in enumerate(media.values)
        ],
        media.line,
    )


def _with_picture(item: Value, picture: MediaItem) -> Value:
    if not isinstance(item, Fields) or "path" in item.values:
        return item
    ours: dict[str, tuple[int, Value]] = {"path": (item.line, Plain(picture.path, Kind.TEXT, item.line))}
    if picture.scale:
        ours["scale"] = (item.line, Plain("true", Kind.FLAG, item.line))
    return Fields(item.line, {**ours, **item.values})
