"""The renderer that the rest of the program uses: it keeps one process that renders, and replaces it when it overruns."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from bot.adapters.templates.folder import shown
from bot.adapters.templates.limits import RenderLimits
from bot.adapters.templates.process import ChildLost, ChildProcess
from bot.adapters.templates.wire import Answer, answer_from_line, job_to_line
from bot.application.ports.renderer import Rendered, RenderJob
from bot.domain.errors import RenderError


class LimitedRenderer:
    """Renders the templates of one folder in a process of its own, with limits (design, sections 7 and 11).

    The process starts with the first job. Threads may share a renderer: their jobs take turns. `close`, or leaving the
    `with` block, ends the process.
    """

    def __init__(self, templates: Path, *, limits: RenderLimits | None = None) -> None:
        self._templates = templates
        self._limits = limits or RenderLimits()
        self._lock = Lock()
        self._child: ChildProcess | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The number of the process that renders, if there is one now."""
        child = self._child
        return None if child is None else child.pid

    def render(self, job: RenderJob) -> Rendered:
        """Render one post. Raises RenderError in one line; after an overrun the next job gets a new process."""
        line = job_to_line(job)
        if len(line) > self._limits.input_bytes:
            raise RenderError(
                f"{shown(self._templates, job.template)}: the record is too long to be rendered: shorten it"
            )
        with self._lock:
            answer = self._ask(job, line)
        if answer.rendered is None:
            raise RenderError(answer.error)
        return answer.rendered

    def close(self) -> None:
        """End the process that renders; a later job would start another."""
        with self._lock:
            self._drop_child()

    def _ask(self, job: RenderJob, line: bytes) -> Answer:
        try:
            answer = answer_from_line(self._ready_child().ask(line, self._limits.wall_seconds))
        except BaseException as error:
            # Whatever broke the exchange (Ctrl-C too), a half-read answer must not become the next job's.
            self._drop_child()
            if isinstance(error, ChildLost):
                raise RenderError(f"{shown(self._templates, job.template)}: {error}") from None
            raise
        if answer.out_of_memory:
            self._drop_child()
        return answer

    def _ready_child(self) -> ChildProcess:
        if self._child is not None and not self._child.alive:
            self._drop_child()
        if self._child is None:
            self._child = ChildProcess(self._templates, self._limits)
        return self._child

    def _drop_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
