"""Sample staff with AI clients, so that every screen has something to show."""

from __future__ import annotations
