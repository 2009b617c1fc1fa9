"""What a subcommand says: sentences for people, or one JSON document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from django.core.management import CommandError

DONE = 0
NOTHING = 1


class Error(CommandError):
    """One sentence on stderr, and an exit code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where one run writes."""

    stdout: TextIO
    as_json: bool = False

    def result(self, document: Mapping[str, Any], *sentences: str) -> None:
        text = json.dumps(document, indent=2, default=str)
        print(text if self.as_json else "\n".join(sentences), file=self.stdout)
