"""A ready-to-run admin panel with a small shop: demo, example and test bed."""

from __future__ import annotations
