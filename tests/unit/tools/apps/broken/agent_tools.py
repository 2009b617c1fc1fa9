"""An app whose tools cannot be imported."""

from __future__ import annotations

1 / 0  # noqa: B018  # the point here
