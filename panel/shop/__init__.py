"""A small, believable shop: what the admin and its agents work on."""

from __future__ import annotations
