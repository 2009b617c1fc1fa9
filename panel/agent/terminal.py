"""Lines on the terminal: plain words, one fact a line, a time where time matters."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TextIO


class Terminal:
    """Where the agent speaks; tests give it another stream."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout

    def say(self, text: str = "") -> None:
        print(text, file=self._stream, flush=True)

    def step(self, text: str, *details: str) -> None:
        """Say what was done, and what came of it, indented below."""
        self.say(f"• {text}")
        for detail in details:
            self.say(f"    {detail}".rstrip())

    def call(self, tool: str, outcome: str, *, at: datetime, seconds: float) -> None:
        """Say one line about one tool call; `at` is in the reader's own zone."""
        self.say(f"{at:%H:%M:%S}  {tool:<15} {outcome}  ({seconds * 1000:.0f} ms)")
