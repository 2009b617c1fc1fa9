"""Everything that `make demo` fills the panel with, and the way it is started."""

from __future__ import annotations
