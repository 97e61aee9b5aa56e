"""How much a template may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RenderLimits:
    """What one rendering may use before it is stopped (design, sections 7 and 11).

    `cpu_seconds` of processor time, whole seconds because the kernel counts so; `wall_seconds` without a word from the
    process that renders; `start_seconds` until it is ready; `memory_bytes` of address space for the whole process;
    `input_bytes` of a job as it is handed over, six for a Thai letter; `output_characters` that a template may write.
    """

    cpu_seconds: int = 2
    wall_seconds: float = 10.0
    start_seconds: float = 60.0
    memory_bytes: int = 512 * 1024 * 1024
    input_bytes: int = 500_000
    output_characters: int = 100_000
