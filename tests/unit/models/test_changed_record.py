"""A row says what was changed."""

from __future__ import annotations

from agent_connector.models import ChangedRecord


def test_a_row_is_called_by_its_record() -> None:
    row = ChangedRecord(model="shop.product", object_id="7")

    assert str(row) == "shop.product #7"
