"""One record from a `.tweet` file, the format of the GitHub Action twitter-together (decision 0031).

Its own keys are put into our fields: `reply` is `reply_to`, `retweet` is `quote`, `schedule` is `due`, and a `file` of `media`
lies in the folder `media` beside `tweets`. Lines of `( ) option` at the end of the text are a poll. A line of `---`, or of what
`thread-delimiter` names, begins the next post of a thread, which may have front matter of its own. What a record cannot
hold is refused; that program passes over what it does not understand in silence.

Source of the rules: twitter-together/action at commit 8857009, `lib/common` and the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePath

from bot.adapters.files.located import (
    FIELD_NAMES,
    VARIANTS,
    Fields,
    Kind,
    Many,
    Plain,
    Problems,
    Unreadable,
    Value,
    put,
    shown,
)
from bot.adapters.files.yaml_records import parse_yaml
from bot.domain.replies import parse_reply_to

SUFFIX = ".tweet"
FOLDER = "tweets"
"""The folder in which twitter-together looks for its files."""

_MEDIA = "media"
_DIVIDER = "---"
_FENCE = re.compile(r"---[ \t]*")
_OPTION = re.compile(r"\(\s?\)\s+(?P<option>.*)")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)? ?(?:[Zz]|[+-]\d{2}:?\d{2})?")
_DELIMITERS = ("thread-delimiter", "threadDelimiter")
_OURS = {"reply": "reply_to", "retweet": "quote", "schedule": "due"}
_BY_TEXT = ("body", "thread", "poll", "media", VARIANTS, *_OURS.values())
_PLAIN = tuple(name for name in FIELD_NAMES if name not in _BY_TEXT)
_KNOWN = (*_OURS, "media", "poll", *_DELIMITERS, *_PLAIN)
_OF_A_LATER_POST = "is of a later post of the thread, and here only the first one has it: move it there"


def tweet_key(path: PurePath) -> str:
    """Name an announcement after its file: the path below the folder `tweets`, or the file's name if it lies in none."""
    parts = path.parts
    below = len(parts) - 1 - parts[::-1].index(FOLDER) + 1 if FOLDER in parts[:-1] else len(parts) - 1
    return key_of_path(PurePath(*parts[below:]))


def key_of_path(path: PurePath) -> str:
    """Give a path as a key: with slashes, and without white space."""
    return re.sub(r"\s", "-", path.as_posix())


def media_folder(path: PurePath) -> PurePath:
    """Give the folder `media` beside the folder `tweets` in which a file lies, or beside the file if it lies in none."""
    parts = path.parts
    above = len(parts) - 1 - parts[::-1].index(FOLDER) if FOLDER in parts[:-1] else len(parts) - 1
    return PurePath(*parts[:above], _MEDIA)


def parse_tweet(text: str, problems: Problems, *, path: PurePath) -> list[Fields]:
    """Read a text as the record of the file with this path, relative to the project folder. Raises Unreadable."""
    reader = _Reader(problems, media_folder(path))
    posts = reader.posts(text.split("\n"))
    return [reader.record(posts, tweet_key(path))]


@dataclass(slots=True)
class _Post:
    """One post of the file: its front matter if it has any, and its lines, the first of which is line `start` of the file."""

    front: Fields | None
    lines: list[str]
    start: int

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()

    @property
    def line(self) -> int:
        blank = next((at for at, line in enumerate(self.lines) if line.strip()), 0)
        return self.start + blank

    def has(self, name: str) -> bool:
        return self.front is not None and name in self.front.values

    def options(self) -> list[Plain]:
        """Take the options of a poll from the end of the text."""
        taken: list[Plain] = []
        lines = self.lines
        while lines:
            last = lines[-1].rstrip()
            found = _OPTION.fullmatch(last)
            if last and not found:
                break
            if found:
                taken.append(Plain(found["option"], Kind.TEXT, self.start + len(lines) - 1))
            lines = lines[:-1]
        if taken:
            self.lines = lines
        return taken[::-1]


class _Reader:
    def __init__(self, problems: Problems, media: PurePath) -> None:
        self._problems = problems
        self._media = media

    def posts(self, lines: list[str]) -> list[_Post]:
        """Part the file into its posts, each with the delimiter that its own front matter names."""
        found: list[_Post] = []
        start, delimiter, rest = 1, _DIVIDER, lines
        while True:
            front, rest, start = self._front_matter(rest, start)
            delimiter = self._delimiter(front, _DIVIDER)
            at = _next_divider(rest, delimiter)
            found.append(_Post(front, rest if at is None else rest[:at], start))
            if at is None:
                break
            rest, start = rest[at + 1 :], start + at + 1
        self._refuse_dividers(found)
        return found

    def record(self, posts: list[_Post], key: str) -> Fields:
        first, *later = posts
        fields = Fields(first.line)
        options = [] if first.has("poll") else first.options()
        self._put_front(fields, first)
        if options:
            put(
                fields,
                "poll",
                line=options[0].line,
                value=Many([*options], options[0].line),
                problems=self._problems,
            )
        for post in later:
            self._refuse_extras(post)
        if not first.text and first.has("retweet"):
            line = first.front.values["retweet"][0] if first.front else first.line
            message = "without a text is a bare repost, which this program does not do: write a text to quote the post"
            self._problems.add(line, message, name="retweet")
        body = f"\n{_DIVIDER}\n".join(post.text for post in posts)
        fields.values["body"] = (first.line, Plain(body, Kind.TEXT, first.line))
        if later:
            fields.values["thread"] = (later[0].line, Plain("true", Kind.FLAG, later[0].line))
        fields.values.setdefault("key", (fields.line, Plain(key, Kind.TEXT, fields.line)))
        return fields

    def _front_matter(self, lines: list[str], start: int) -> tuple[Fields | None, list[str], int]:
        """Give the fields between two lines of `---` at the head of a post, the lines below them, and where those begin."""
        first = next((at for at, line in enumerate(lines) if line.strip()), 0)
        if not lines or not _FENCE.fullmatch(lines[first]):
            return None, lines, start
        last = next((at for at in range(first + 1, len(lines)) if _FENCE.fullmatch(lines[at])), None)
        if last is None:
            raise Unreadable(start + first, "has front matter without an end: write --- below its fields")
        below, after = lines[last + 1 :], start + last + 1
        if not any(line.strip() for line in lines[first + 1 : last]):
            return Fields(start + first), below, after
        found = parse_yaml("\n".join(lines[first + 1 : last]), self._problems, lines_before=start + first)
        if not found and self._problems:
            return Fields(start + first), below, after
        if len(found) != 1:
            raise Unreadable(start + first, "must have fields such as reply: in its front matter")
        return found[0], below, after

    def _delimiter(self, front: Fields | None, before: str) -> str:
        named = [each for each in _DELIMITERS if front and each in front.values]
        if not named or front is None:
            return before
        line, value = front.values[named[-1]]
        if len(named) > 1:
            self._problems.add(line, f"stands beside {named[0]}: keep one of them", name=named[-1])
        if not isinstance(value, Plain) or value.kind is Kind.NOTHING or not value.text.strip():
            self._problems.add(line, "must be the line that parts two posts, in quotes", name=named[-1])
            return before
        return value.text.strip()

    def _refuse_dividers(self, posts: list[_Post]) -> None:
        """Our thread is parted by `---` alone: where another delimiter parts it, such a line would do so, too."""
        if len(posts) < 2:
            return
        for post in posts:
            at = next((at for at, line in enumerate(post.lines) if line.strip() == _DIVIDER), None)
            if at is not None:
                message = "a line of --- inside a post would begin another one here: write it otherwise"
                self._problems.add(post.start + at, message, name="body")

    def _put_front(self, fields: Fields, post: _Post) -> None:
        for name, (line, value) in (post.front.values if post.front else {}).items():
            if name in _DELIMITERS:
                continue
            if name == "media":
                fields.values[name] = (line, self._media_items(value))
            elif name in _OURS:
                if self._is_usable(name, line, value):
                    fields.values[_OURS[name]] = (line, value)
            elif name in _KNOWN:
                fields.values[name] = (line, value)
            else:
                self._refuse_unknown(name, line)

    def _is_usable(self, name: str, line: int, value: Value) -> bool:
        """A key of the queue may be named as in every record; what looks like an address has to be that of a post."""
        if not isinstance(value, Plain) or value.kind is Kind.NOTHING:
            return True
        text = value.text.strip()
        if name == "schedule" and text.lower() != "next" and not _ISO.fullmatch(text):
            form = "2023-03-30T10:00+07:00, or 2023-03-30 10:00 in the campaign's zone"
            self._problems.add(line, f"'{shown(text)}' is not taken: write {form}", name=name)
            return False
        if name != "schedule" and _is_address(text) and parse_reply_to(text).post_id is None:
            message = f"'{shown(text)}' is no post's address: write https://x.com/NAME/status/ID"
            self._problems.add(line, message, name=name)
            return False
        return True

    def _media_items(self, value: Value) -> Value:
        if isinstance(value, Plain) and value.kind is Kind.NOTHING:
            return value
        entries = value.values if isinstance(value, Many) else [value]
        return Many([self._media_item(entry, at) for at, entry in enumerate(entries, 1)], value.line)

    def _media_item(self, value: Value, at: int) -> Value:
        if not isinstance(value, Fields):
            self._problems.add(value.line, "must have a file: and its alt: text", name=f"media[{at}]")
            return Fields(value.line, {"path": (value.line, Plain("-", Kind.TEXT, value.line))})
        values = dict(value.values)
        line, file = values.pop("file", (value.line, Plain("", Kind.NOTHING, value.line)))
        if not isinstance(file, Plain) or not _lies_in_folder(file.text):
            message = f"must be the name of a file in the folder {self._media}"
            self._problems.add(line, message, name=f"media[{at}].file")
            file = Plain("-", Kind.TEXT, line)
        if "path" in values:
            self._problems.add(
                values.pop("path")[0], "is not a field: did you mean 'file'?", name=f"media[{at}].path"
            )
        path = Plain(str(self._media / file.text.strip()), file.kind, line)
        return Fields(value.line, {"path": (line, path), **values})

    def _refuse_extras(self, post: _Post) -> None:
        """Only the first post of our threads has more than words."""
        for name, (line, _) in (post.front.values if post.front else {}).items():
            if name in _KNOWN and name not in _DELIMITERS:
                self._problems.add(line, _OF_A_LATER_POST, name=name)
            elif name not in _DELIMITERS:
                self._refuse_unknown(name, line)
        if options := post.options():
            self._problems.add(options[0].line, _OF_A_LATER_POST, name="poll")

    def _refuse_unknown(self, name: str, line: int) -> None:
        theirs = {ours: name for name, ours in _OURS.items()}
        near = get_close_matches(name.lower()[:64], _KNOWN, n=1)
        nearest = theirs.get(name) or (near[0] if near else None)
        advice = f"did you mean '{nearest}'?" if nearest else f"known are {', '.join(_KNOWN)}"
        self._problems.add(line, f"is not a field of a {SUFFIX} file: {advice}", name=shown(name))


def _next_divider(lines: list[str], delimiter: str) -> int | None:
    """Find the line that ends a post: it has text before it, and a line after it."""
    begin = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    end = max((at for at, line in enumerate(lines) if line.strip()), default=-1)
    found = (at for at in range(begin + 1, end) if lines[at].rstrip(" \t") == delimiter)
    return next(found, None)


def _is_address(text: str) -> bool:
    return "://" in text or "/status" in text


def _lies_in_folder(name: str) -> bool:
    path = PurePath(name.strip())
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts
