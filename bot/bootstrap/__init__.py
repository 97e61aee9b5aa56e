"""Puts adapters into deeds: the only place that knows all of them."""

from bot.bootstrap.program import Program

__all__ = ["Program"]
