"""The process that renders: takes jobs from its standard input until that ends, and answers on its standard output.

It runs isolated and with an empty environment (process.py). It can only read the templates folder through the loader, and the
kernel bounds its memory and, job by job, its processor time (design, sections 7 and 11).
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bot.adapters.templates.engine import TemplateEngine
from bot.adapters.templates.limits import RenderLimits
from bot.adapters.templates.wire import READY, Answer, answer_to_line, job_from_line
from bot.domain.errors import RenderError


def main(arguments: Sequence[str]) -> None:
    """Run: the arguments are the templates folder and the limits as JSON."""
    folder, limits = Path(arguments[0]), RenderLimits(**json.loads(arguments[1]))
    engine = TemplateEngine(folder, output_characters=limits.output_characters)
    _bound_the_process(limits)
    _say(READY)
    for line in sys.stdin.buffer:
        _allow_processor_time(limits.cpu_seconds)
        answer = _answer(engine, line)
        _say(answer_to_line(answer))
        if answer.out_of_memory:
            return


def _answer(engine: TemplateEngine, line: bytes) -> Answer:
    job = job_from_line(line)
    try:
        return Answer(rendered=engine.render(job))
    except RenderError as error:
        return Answer(error=str(error))
    except MemoryError:
        return Answer(
            error=f"{engine.shown(job.template)}: needs too much memory: does it write or collect without end?",
            out_of_memory=True,
        )


def _bound_the_process(limits: RenderLimits) -> None:
    # A killed process must not leave its memory, with the records in it, on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # macOS knows this limit and refuses it; there processor time is the only bound of what a template can collect.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))


def _allow_processor_time(seconds: int) -> None:
    """Raise the limit, which counts from the start of the process, to what is used so far and a job's share."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError):  # the host's own limit is lower, and holds
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, hard))


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
