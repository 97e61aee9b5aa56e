"""What goes over the pipes between the renderer and its process: one JSON document a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.application.ports.renderer import Rendered, RenderJob


@dataclass(frozen=True, slots=True)
class Answer:
    """What the process says to a job: the post, or one line about why not.

    `out_of_memory`: the job took all that the process may have, and the process ends.
    """

    rendered: Rendered | None = None
    error: str = ""
    out_of_memory: bool = False


MOMENTS = ("due", "embargo")

READY = b'"ready"\n'
"""The first line from the process: from here on it takes jobs."""


def job_to_line(job: RenderJob) -> bytes:
    """Write a job as one line."""
    fields = {name: getattr(job, name) for name in RenderJob.__dataclass_fields__}
    fields["variables"] = dict(job.variables)
    fields["handles"] = dict(job.handles)
    for name in MOMENTS:
        fields[name] = _moment_to_json(fields[name])
    return _to_line(fields)


def job_from_line(line: bytes) -> RenderJob:
    """Read a job."""
    fields = json.loads(line)
    for name in MOMENTS:
        fields[name] = _moment_from_json(fields[name])
    return RenderJob(**fields)


def answer_to_line(answer: Answer) -> bytes:
    """Write an answer as one line."""
    if answer.rendered is not None:
        return _to_line({"text": answer.rendered.text, "was_cut": answer.rendered.was_cut})
    return _to_line({"error": answer.error, "out_of_memory": answer.out_of_memory})


def answer_from_line(line: bytes) -> Answer:
    """Read an answer."""
    fields = json.loads(line)
    if "text" in fields:
        return Answer(rendered=Rendered(fields["text"], was_cut=fields["was_cut"]))
    return Answer(error=fields["error"], out_of_memory=fields["out_of_memory"])


def _to_line(fields: Mapping[str, Any]) -> bytes:
    # Escaped to ASCII, so that even half a surrogate pair travels and no line holds a line break.
    return json.dumps(fields, separators=(",", ":")).encode("ascii") + b"\n"


def _moment_to_json(moment: datetime | None) -> list[str | None] | None:
    return None if moment is None else [moment.isoformat(), getattr(moment.tzinfo, "key", None)]


def _moment_from_json(written: list[str | None] | None) -> datetime | None:
    if written is None or written[0] is None:
        return None
    moment = datetime.fromisoformat(written[0])
    return moment.astimezone(ZoneInfo(written[1])) if written[1] else moment
