"""How dates and times are written in the panel."""

from __future__ import annotations
