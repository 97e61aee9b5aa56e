"""From values with their lines to a record: names, types and sizes of the fields. Every problem is gathered, none is raised."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from bot.adapters.files.located import FIELD_NAMES, Fields, Kind, Many, Plain, Problems, Value, shown
from bot.domain.announcement import MediaItem, Poll, Record, Repeat, ReplySettings, Split
from bot.domain.errors import InputError
from bot.domain.exported import NAME_BY_CONTENT
from bot.domain.recurrence import parse_repeat
from bot.domain.walltime import zone_rules

LONGEST = {
    "campaign": 64,
    "title": 500,
    "body": 10_000,
    "link": 4_000,
    "due": 64,
    "timezone": 64,
    "language": 35,
    "template": 200,
    "reply_to": 500,
    "quote": 500,
    "embargo": 64,
    "expires": 64,
    "notes": 10_000,
    "key": 200,
    "account": 64,
    "translation_of": 200,
    "media.path": 1_000,
    "media.alt": 1_000,
    "variables": 10_000,
    "poll.options": 100,
    "repeat.rule": 500,
    "repeat.wordings": 10_000,
    "repeat.rest": 16,
    "repeat.skip": 32,
    "repeat.ahead": 16,
}
"""Characters that each text may have. X's own limits are the preview's business; these keep nonsense out."""

MOST_MEDIA = 100
MOST_VARIABLES = 100
MOST_OPTIONS = 10
REPEAT_FIELDS = tuple(each.name for each in dataclasses.fields(Repeat))

# What other programs and people call our fields; a name's likeness alone would not find them.
_ALSO_CALLED = {
    "text": "body",
    "message": "body",
    "content": "body",
    "caption": "body",
    "date": "due",
    "time": "due",
    "when": "due",
    "schedule": "due",
    "zone": "timezone",
    "tz": "timezone",
    "lang": "language",
    "url": "link",
    "image": "media",
    "images": "media",
    "reply": "reply_to",
    "expiry": "expires",
    "until": "expires",
    "end": "expires",
    "id": "key",
    "comment": "notes",
    "translations": "variants",
    "languages": "variants",
}
_SPLITS = {each.value: each for each in Split}
_REPLY_SETTINGS = {each.value: each for each in ReplySettings}
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_KEY = re.compile(r"(?![0-9]+$)(?!auto:)[^\s-]\S*")
_KEY_OR_NAME = re.compile(f"{_KEY.pattern}|{NAME_BY_CONTENT.pattern}")
_KEY_ADVICE = "write it without spaces, and not of digits alone or with auto: or - first"
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def read_record(
    fields: Fields, problems: Problems, *, within: str = "", known: Sequence[str] = FIELD_NAMES
) -> Record:
    """Read one record; with problems noted it is not to be used. `within` stands before the names of fields in problems, and
    `known` are the fields that it may have."""
    return _Reader(fields, problems, within, known).record()


def refuse_not_text(text: str, problems: Problems, *, lines_before: int = 0) -> None:
    """Note each line with a NUL, another control character or half a surrogate pair, with the place of the first.

    `lines_before` is how many lines of the file stand before the text.
    """
    if _NOT_TEXT.search(text) is None:
        return
    for number, line in enumerate(text.split("\n"), lines_before + 1):
        if found := _NOT_TEXT.search(line):
            remedy = (
                "give another --encoding, perhaps cp1252" if "\x80" <= found[0] <= "\x9f" else "take it out"
            )
            problems.add(
                number,
                f"the character U+{ord(found[0]):04X} in column {found.start() + 1} is no text: {remedy}",
            )


class _Reader:
    def __init__(self, fields: Fields, problems: Problems, within: str, known: Sequence[str]) -> None:
        self._fields = fields
        self._problems = problems
        self._within = within
        self._known = known

    def record(self) -> Record:
        for name, (line, _) in self._fields.values.items():
            if name not in self._known:
                self._wrong(line, name, unknown_name(name, self._known))
        return Record(
            campaign=self._campaign(),
            title=self._text("title") or "",
            body=self._text("body") or "",
            link=self._text("link"),
            due=self._text("due"),
            timezone=self._timezone(),
            language=_hyphened(self._shaped("language", LANGUAGE, "write a code such as en or th")),
            media=self._media(),
            template=self._text("template"),
            variables=self._variables(),
            thread=self._thread(),
            reply_to=self._text("reply_to"),
            quote=self._text("quote"),
            poll=self._poll(),
            reply_settings=self._reply_settings(),
            made_with_ai=self._switch("made_with_ai"),
            paid_partnership=self._switch("paid_partnership"),
            embargo=self._text("embargo"),
            expires=self._text("expires"),
            notes=self._text("notes") or "",
            key=self._shaped("key", _KEY_OR_NAME, _KEY_ADVICE),
            account=self._text("account"),
            translation_of=self._shaped("translation_of", _KEY, _KEY_ADVICE),
            repeat=self._repeat(),
        )

    def _campaign(self) -> str:
        value = self._value("campaign")
        if value is None or (isinstance(value, Plain) and not value.text.strip()):
            self._wrong(self._fields.line, "campaign", "is missing: write the name of a campaign")
            return ""
        return self._as_text(value, "campaign")

    def _value(self, name: str) -> Value | None:
        """Give the field's value; None also for one that is empty, so that `link:` means no link."""
        found = self._fields.values.get(name)
        if found is None or (isinstance(found[1], Plain) and found[1].kind is Kind.NOTHING):
            return None
        return found[1]

    def _wrong(self, line: int, name: str, message: str) -> None:
        self._problems.add(line, message, name=f"{self._within}{shown(name)}")

    def _text(self, name: str) -> str | None:
        value = self._value(name)
        if value is None:
            return None
        return self._as_text(value, name, time_too=name in ("due", "embargo", "expires")) or None

    def _as_text(self, value: Value, name: str, *, time_too: bool = False, number_too: bool = False) -> str:
        if not isinstance(value, Plain):
            self._wrong(value.line, name, "must be a text, not a list or a group of fields")
            return ""
        allowed = {Kind.TEXT, *([Kind.TIME] if time_too else []), *([Kind.NUMBER] if number_too else [])}
        if value.kind not in allowed:
            self._wrong(
                value.line, name, f"must be a text, and is read as {value.kind.value}: put it in quotes"
            )
            return ""
        return self._checked(value, name)

    def _checked(self, value: Plain, name: str) -> str:
        text = value.text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if found := _NOT_TEXT.search(text):
            self._wrong(
                value.line, name, f"the character U+{ord(found[0]):04X} in it is no text: take it out"
            )
            return ""
        most = LONGEST[re.sub(r"\[\d+\]|(?<=^variables)\..*", "", name)]
        if len(text) > most:
            self._wrong(
                value.line, name, f"has {len(text):,} characters and may have {most:,}: make it shorter"
            )
            return ""
        return text

    def _shaped(self, name: str, shape: re.Pattern[str], advice: str) -> str | None:
        text = self._text(name)
        if text is not None and not shape.fullmatch(text):
            self._wrong(self._fields.values[name][0], name, f"'{shown(text)}' cannot be one: {advice}")
        return text

    def _timezone(self) -> str | None:
        text = self._text("timezone")
        try:
            return zone_rules(text).key if text else None
        except InputError as error:
            self._wrong(self._fields.values["timezone"][0], "timezone", str(error))
            return None

    def _thread(self) -> bool | Split:
        value = self._value("thread")
        if value is None or (isinstance(value, Plain) and value.kind is Kind.FLAG):
            return value is not None and value.text == "true"
        word = " ".join(value.text.lower().split()) if isinstance(value, Plain) else ""
        if word in _SPLITS:
            return _SPLITS[word]
        near = get_close_matches(word[:64], ("true", "false", *_SPLITS), n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        self._wrong(
            value.line, "thread", f"must be true or false (without quotes), split, or split numbered{meant}"
        )
        return False

    def _reply_settings(self) -> ReplySettings:
        value = self._value("reply_settings")
        if value is None:
            return ReplySettings.EVERYONE
        word = value.text.strip().lower() if isinstance(value, Plain) else ""
        if word not in _REPLY_SETTINGS:
            near = get_close_matches(word[:64], _REPLY_SETTINGS, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            self._wrong(value.line, "reply_settings", f"must be one of {', '.join(_REPLY_SETTINGS)}{meant}")
        return _REPLY_SETTINGS.get(word, ReplySettings.EVERYONE)

    def _switch(self, name: str) -> bool:
        value = self._value(name)
        return value is not None and self._as_switch(value, name)

    def _as_switch(self, value: Value, name: str) -> bool:
        if not isinstance(value, Plain) or value.kind is not Kind.FLAG:
            self._wrong(value.line, name, "must be true or false, without quotes")
            return False
        return value.text == "true"

    def _media(self) -> tuple[MediaItem, ...]:
        value = self._value("media")
        if value is None:
            return ()
        entries = value.values if isinstance(value, Many) else [value]
        if len(entries) > MOST_MEDIA:
            self._wrong(
                value.line, "media", f"has {len(entries):,} items and may have {MOST_MEDIA}: take some out"
            )
            return ()
        return tuple(self._media_item(entry, f"media[{at}]") for at, entry in enumerate(entries, 1))

    def _media_item(self, value: Value, name: str) -> MediaItem:
        if isinstance(value, Plain):
            return MediaItem(self._as_text(value, f"{name}.path"))
        parts = self._group(value, name, ("path", "alt", "scale"))
        if "path" not in parts:
            self._wrong(value.line, f"{name}.path", "is missing: write the file's path")
            return MediaItem("")
        scale = parts.get("scale")
        return MediaItem(
            path=self._as_text(parts["path"], f"{name}.path"),
            alt=self._as_text(parts["alt"], f"{name}.alt") if "alt" in parts else "",
            scale=scale is not None and self._as_switch(scale, f"{name}.scale"),
        )

    def _group(self, value: Value, name: str, known: Sequence[str]) -> Mapping[str, Value]:
        if not isinstance(value, Fields):
            self._wrong(value.line, name, f"must be a group of fields: {' and '.join(known)}")
            return {}
        for key, (line, _) in value.values.items():
            if key not in known:
                self._wrong(line, f"{name}.{key}", unknown_name(key, known))
        return {key: inner for key, (_, inner) in value.values.items() if not _is_nothing(inner)}

    def _variables(self) -> dict[str, str]:
        value = self._value("variables")
        if value is None:
            return {}
        if not isinstance(value, Fields) or len(value.values) > MOST_VARIABLES:
            self._wrong(value.line, "variables", f"must be a group of name: value, {MOST_VARIABLES} at most")
            return {}
        found = {}
        for name, (line, inner) in value.values.items():
            if not _VARIABLE.fullmatch(name):
                self._wrong(
                    line, f"variables.{name}", "cannot be a name in a template: use letters, digits and _"
                )
            elif not _is_nothing(inner):
                # A count of delegates is a number to everybody who writes YAML, a day a date; a template gets its text.
                found[name] = self._as_text(inner, f"variables.{name}", number_too=True, time_too=True)
        return found

    def _poll(self) -> Poll | None:
        value = self._value("poll")
        if value is None:
            return None
        parts: Mapping[str, Value] = {"options": value}
        if not isinstance(value, Many):
            parts = self._group(value, "poll", ("options", "minutes"))
        options = parts.get("options")
        if not isinstance(options, Many) or len(options.values) > MOST_OPTIONS:
            self._wrong(value.line, "poll.options", f"must be a list of texts, {MOST_OPTIONS} at most")
            return None
        texts = tuple(self._as_text(option, "poll.options") for option in options.values)
        return Poll(texts, self._minutes(parts.get("minutes")))

    def _repeat(self) -> Repeat | None:
        value = self._value("repeat")
        if value is None:
            return None
        parts: Mapping[str, Value] = {"rule": value}
        if not isinstance(value, Plain):
            parts = self._group(value, "repeat", REPEAT_FIELDS)
        if "rule" not in parts:
            self._wrong(value.line, "repeat.rule", "is missing: write weekly, or FREQ=WEEKLY;BYDAY=FR")
            return None
        holidays = parts.get("on_holidays")
        repeat = Repeat(
            rule=self._as_text(parts["rule"], "repeat.rule"),
            wordings=self._texts(parts.get("wordings"), "repeat.wordings"),
            rest=self._as_text(parts["rest"], "repeat.rest") if "rest" in parts else None,
            skip=self._texts(parts.get("skip"), "repeat.skip"),
            on_holidays=holidays is not None and self._as_switch(holidays, "repeat.on_holidays"),
            ahead=self._as_text(parts["ahead"], "repeat.ahead") if "ahead" in parts else None,
        )
        self._refuse_misfit_repeat(repeat, value.line)
        return repeat

    def _refuse_misfit_repeat(self, repeat: Repeat, line: int) -> None:
        try:
            parse_repeat(repeat)
        except InputError as error:
            name, _, message = str(error).partition(": ")
            self._wrong(line, name, message)

    def _texts(self, value: Value | None, name: str) -> tuple[str, ...]:
        """Read a list of texts, or one of them alone; a date is a text, too."""
        if value is None:
            return ()
        items = value.values if isinstance(value, Many) else [value]
        return tuple(self._as_text(item, name, time_too=True) for item in items)

    def _minutes(self, value: Value | None) -> int:
        if value is None:
            return Poll(()).minutes
        if (
            isinstance(value, Plain)
            and value.kind is Kind.NUMBER
            and re.fullmatch(r"[1-9][0-9]{0,5}", value.text)
        ):
            return int(value.text)
        self._wrong(value.line, "poll.minutes", "must be a whole number of minutes, without quotes")
        return Poll(()).minutes


def _hyphened(language: str | None) -> str | None:
    """Give a code as templates and formats look for it: th-TH, not th_TH."""
    return language and language.replace("_", "-")


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Plain) and value.kind is Kind.NOTHING


def is_key(text: str) -> bool:
    """Tell whether a text may be a record's key."""
    return bool(_KEY.fullmatch(text)) and not _NOT_TEXT.search(text) and len(text) <= LONGEST["key"]


def unknown_name(name: str, known: Sequence[str]) -> str:
    """Say that a name is none of those known, and which of them is the nearest."""
    lowered = name.strip().lower().replace("-", "_").replace(" ", "_")
    near = get_close_matches(lowered[:64], known, n=1)
    nearest = _ALSO_CALLED.get(lowered)
    if nearest in known or near:
        return f"is not a field: did you mean '{nearest if nearest in known else near[0]}'?"
    return f"is not a field: known are {', '.join(known)}"
