"""A scripted AI client: `make agent` connects it to the running demo."""

from __future__ import annotations
