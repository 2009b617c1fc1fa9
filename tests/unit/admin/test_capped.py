"""Pages of a long list end where nobody pages any more."""

from __future__ import annotations

import pytest

from agent_connector.admin import capped
from agent_connector.admin.capped import CappedPaginator
from agent_connector.models import Client
from tests.factories import make_client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "count", "is_capped"), [(2, 2, False), (3, 3, False), (5, 3, True)]
)
def test_the_count_ends_at_the_cap(
    monkeypatch: pytest.MonkeyPatch, rows: int, count: int, *, is_capped: bool
) -> None:
    monkeypatch.setattr(capped, "MOST_ROWS", 3)
    for _ in range(rows):
        make_client()

    pages = CappedPaginator(Client.objects.order_by("pk"), 2)

    assert (pages.count, pages.is_capped) == (count, is_capped)
