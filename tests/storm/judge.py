"""Compares what X has taken, what the store says and what the journal says, after everything was settled."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize

from bot.sandbox.accounts import another
from tests.storm.plan import Queued

STRUCK = re.compile(r"process \d+ strikes itself (\S+) (SIG\w+)")
ENDED = re.compile(r"process \d+ ended by itself with (\d+)")


@dataclass
class Verdict:
    """What came of a storm. `lost`, `doubled`, `wrong` and `untold` hold a line for each; all empty is what is promised."""

    posts: int = 0
    with_media: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    suspects: dict[int, list[str]] = field(default_factory=dict)
    """Announcements of which something is lost or doubled → when X took it, to look up what happened around it."""

    @property
    def clean(self) -> bool:
        """Tell whether every promise held."""
        return not (self.lost or self.doubled or self.wrong or self.untold)


@dataclass(frozen=True)
class Evidence:
    """`queued` is what was asked for, `taken` X's own list, `attempts` the store's rows (id, state, post id),
    `accepted` the journal's acceptances (attempt and post id), `withdrawn` the announcements that people took back,
    `files` the media by the hash of their bytes."""

    queued: Mapping[int, Queued]
    taken: Sequence[Mapping[str, Any]]
    attempts: Sequence[tuple[int, str, str | None]]
    accepted: Sequence[tuple[int, str]]
    withdrawn: frozenset[int] = frozenset()
    files: Mapping[str, str] = field(default_factory=dict)


def judge(found: Evidence) -> Verdict:
    """Say what was lost, what is there twice, and where X, store and journal disagree."""
    verdict = Verdict()
    by_text = _by_text(found.taken)
    for number, each in found.queued.items():
        for text in each.texts:
            verdict.posts += 1
            ours = by_text.pop((another(each.account).handle, normalize("NFC", text)), [])
            if _miscounted(
                verdict, f"announcement {number}: {text}", ours, wanted=number not in found.withdrawn
            ):
                verdict.suspects[number] = [
                    datetime.fromtimestamp(post["at"], UTC).isoformat() for post in ours
                ]
        if number in found.withdrawn:
            _look_whether_it_is_gone(verdict, number, each, found)
        _look_at_the_thread(verdict, number, each, found)
        _look_at_the_media(verdict, number, each, found)
    verdict.wrong += [f"X has what nobody queued: {text}" for _, text in by_text]
    _compare_ids(verdict, found)
    return verdict


def _by_text(taken: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for post in taken:
        if not post["by_hand"]:
            found[post["account"], post["text"]].append(post)
    return dict(found)


def _miscounted(verdict: Verdict, what: str, ours: Sequence[Mapping[str, Any]], *, wanted: bool) -> bool:
    if not ours and wanted:
        verdict.lost.append(what)
    if len(ours) > 1:
        ids = ", ".join(post["id"] for post in ours)
        verdict.doubled.append(f"{what} ({ids})")
    return len(ours) != 1 and (wanted or bool(ours))


def _look_at_the_thread(verdict: Verdict, number: int, each: Queued, found: Evidence) -> None:
    """Each post of a thread replies to the one before it, or to what a hand made of that."""
    texts = {normalize("NFC", text): position for position, text in enumerate(each.texts)}
    handle = another(each.account).handle
    ours = {
        texts[post["text"]]: post
        for post in found.taken
        if post["account"] == handle and post["text"] in texts and not post["by_hand"]
    }
    for position, post in ours.items():
        before = ours.get(position - 1)
        right = (post["parent"] is None) if position == 0 else before and post["parent"] in before["versions"]
        if not right:
            verdict.wrong.append(f"announcement {number}, post {position + 1} replies to {post['parent']}")


def _look_whether_it_is_gone(verdict: Verdict, number: int, each: Queued, found: Evidence) -> None:
    """What people withdrew is not on the account any more, whatever X answered to that."""
    texts, handle = {normalize("NFC", text) for text in each.texts}, another(each.account).handle
    verdict.wrong += [
        f"announcement {number} is withdrawn, and {post['id']} is still there"
        for post in found.taken
        if post["account"] == handle and post["text"] in texts and not post["deleted"]
    ]


def _look_at_the_media(verdict: Verdict, number: int, each: Queued, found: Evidence) -> None:
    """The first post never goes out without its files, the others have none."""
    wanted = [(file, each.alt(file)) for file in each.media]
    names = {
        normalize("NFC", text): wanted if position == 0 else [] for position, text in enumerate(each.texts)
    }
    handle = another(each.account).handle
    for post in found.taken:
        if post["text"] not in names or post["account"] != handle or post["by_hand"]:
            continue
        shown = [(found.files.get(media["sha256"], media["sha256"]), media["alt"]) for media in post["media"]]
        verdict.with_media += bool(shown)
        if shown != names[post["text"]]:
            verdict.wrong.append(f"announcement {number}: {post['id']} went out with {shown or 'no media'}")


def _compare_ids(verdict: Verdict, found: Evidence) -> None:
    """The store's acceptances are X's posts, one for one, and the journal has a row for each."""
    versions = {version: post["versions"][0] for post in found.taken for version in post["versions"]}
    ours = {post["id"] for post in found.taken if not post["by_hand"]}
    known = Counter(
        versions.get(post_id or "", post_id or "")
        for _, state, post_id in found.attempts
        if state == "accepted"
    )
    verdict.wrong += [
        f"X took {each}, and no attempt is accepted as it" for each in sorted(ours - known.keys())
    ]
    verdict.wrong += [
        f"an attempt is accepted as {each!r}, which X never took" for each in sorted(known.keys() - ours)
    ]
    verdict.wrong += [
        f"{times} attempts are accepted as {each}" for each, times in known.items() if times > 1
    ]
    verdict.untold += [
        f"attempt {each} is {state}" for each, state, _ in found.attempts if state in ("sending", "in_doubt")
    ]
    in_store = {(each, post_id) for each, state, post_id in found.attempts if state == "accepted"}
    verdict.wrong += [
        f"the journal lacks {missing}" for missing in sorted(in_store - set(found.accepted), key=str)
    ]


def acceptances(rows: Sequence[tuple[str]]) -> list[tuple[int, str]]:
    """Read attempt and post id out of the journal's rows of acceptances and corrections."""
    found = [json.loads(data) for (data,) in rows]
    return [(each["attempt"], each["post_id"]) for each in found]


def struck_places(log: str) -> Counter[tuple[str, str]]:
    """Count the places at which workers struck themselves, each with the signal."""
    return Counter(STRUCK.findall(log))


def own_ends(log: str) -> Counter[str]:
    """Count the workers that ended by themselves, by exit code."""
    return Counter(ENDED.findall(log))
