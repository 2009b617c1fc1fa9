"""The rows of the MCP Users grid."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agent_connector.admin.grid import search_fields
from agent_connector.models import MCPAccess
from tests.factories import NOON, make_admin, make_client, make_connection, make_user
from tests.screens import GRID, VIEW, names_in, row_of, signed_in, text_of
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def _populate(users: int, connections: int) -> None:
    for _ in range(users):
        user = make_user()
        for _ in range(connections):
            make_connection(user, make_client())


@pytest.mark.parametrize("query", ["", "?access=enabled&q=user&o=5"])
def test_more_users_and_tokens_cost_no_more_statements(query: str) -> None:
    browser = signed_in(make_user("viewer", permissions=(VIEW,)))
    counts = []
    for users, connections in ((2, 1), (12, 4)):
        _populate(users, connections)
        with statements() as seen:
            assert browser.get(GRID + query).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]
    assert counts[0] <= 7  # session, viewer, two of rights, count, page, clients


def test_a_superuser_pays_five_statements(browser: Client) -> None:
    _populate(3, 2)

    with statements() as seen:
        browser.get(GRID)

    assert len(seen) == 5


def test_a_tall_grid_is_cut_into_pages(browser: Client) -> None:
    User.objects.bulk_create(
        [User(username=f"u{number:03}", is_staff=True) for number in range(60)]
    )

    assert len(names_in(browser.get(GRID))) == 50
    assert len(names_in(browser.get(GRID, {"p": "2"}))) == 11


@pytest.mark.parametrize("column", ["4", "5"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_whoever_has_no_date_comes_last_in_both_orders(
    browser: Client, column: str, sign: str
) -> None:
    used = make_user("used")
    MCPAccess.objects.filter(user=used).update(last_used_at=NOON, added_at=NOON)
    make_user("unused", enabled=False)

    listed = names_in(browser.get(GRID, {"o": sign + column}))

    assert listed[0] == "used"


@pytest.mark.parametrize(
    "words", ["Ada", "lovelace ada", "countess", "ada@example.com"]
)
def test_the_search_looks_at_names_and_e_mail(browser: Client, words: str) -> None:
    make_user(
        "countess",
        first_name="Ada",
        last_name="Lovelace",
        email="ada@example.com",
    )
    make_user("somebody")

    assert names_in(browser.get(GRID, {"q": words})) == ["Ada Lovelace"]


def test_the_search_never_looks_at_passwords() -> None:
    assert set(search_fields()) == {"username", "email", "first_name", "last_name"}


def test_the_row_shows_the_dots_of_its_own_user(browser: Client) -> None:
    one, other = make_user(), make_user()
    make_connection(one, make_client("Gemini CLI"))

    page = browser.get(GRID)

    assert "Gemini CLI" in row_of(page, one)
    assert "Gemini CLI" not in row_of(page, other)


@pytest.mark.parametrize(
    "query",
    [
        "?p=99999999",
        "?p=-1",
        "?p=x",
        "?o=99",
        "?o=1.-x.",
        "?o=-",
        "?q=%00",
        "?all=",
        "?q=" + "a" * 5000,
        "?used_from=a&used_from=b",
    ],
)
def test_odd_parameters_are_no_server_error(browser: Client, query: str) -> None:
    assert browser.get(GRID + query, follow=True).status_code == 200


@pytest.mark.parametrize(("users", "count"), [(0, "1 MCP User"), (1, "2 MCP Users")])
def test_the_count_below_the_rows_spells_the_name_one_way(
    browser: Client, users: int, count: str
) -> None:
    _populate(users, 0)

    assert count in text_of(browser.get(GRID))


def test_only_the_keys_of_a_page_are_sorted(browser: Client) -> None:
    _populate(51, 0)  # more than stand on one page

    with statements() as seen:
        browser.get(f"{GRID}?o=-5")

    [page] = [sql for sql in seen if "ORDER BY" in sql and "IN (SELECT" in sql]
    inner = page.partition("IN (SELECT")[2]
    assert "LIMIT" in inner
    assert "password" not in inner
