"""Tracing what was pasted: by digest, of any kind, in whatever it stands."""

from __future__ import annotations

import pytest

from agent_connector.connections import trace
from agent_connector.connections.secret import Prefix, mint_secret
from agent_connector.connections.trace import trace_tokens
from tests.factories import make_connection, make_personal, make_user
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text",
    [
        "",
        "junk",
        "acp_" + "0" * 46,
        pytest.param(mint_secret(Prefix.CLIENT_SECRET), id="client secret"),
    ],
)
def test_what_holds_no_token_costs_no_statement(text: str) -> None:
    with statements() as seen:
        traced = trace_tokens(text)

    assert (traced.has_token, list(traced.tokens)) == (False, [])
    assert seen == []


def test_an_unknown_token_is_told_from_no_token() -> None:
    traced = trace_tokens(mint_secret(Prefix.ACCESS))

    assert (traced.has_token, list(traced.tokens)) == (True, [])


def test_every_kind_is_found_in_the_text_around_it_by_one_statement() -> None:
    issued = make_personal(make_user())
    connection, pair = make_connection(make_user())
    leaked = (
        f'{{"Authorization": "Bearer {issued.text}"}}\nTOKEN={pair.access},'
        f"{pair.refresh};{pair.refresh}"
    )

    with statements() as seen:
        traced = trace_tokens(leaked)

    assert [(one.kind, one.connection_id) for one in traced.tokens] == [
        ("personal", issued.connection.pk),
        ("access", connection.pk),
        ("refresh", connection.pk),
    ]
    assert len(seen) == 1


def test_many_are_looked_for_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "MOST", 1)
    _, pair = make_connection(make_user())

    traced = trace_tokens(f"{pair.access} {pair.refresh}")

    assert [one.kind for one in traced.tokens] == ["access", "refresh"]


def test_invented_tokens_hide_no_real_one() -> None:
    _, pair = make_connection(make_user())
    invented = " ".join(mint_secret(Prefix.ACCESS) for _ in range(trace.MOST + 1))

    assert len(trace_tokens(f"{invented} {pair.access}").tokens) == 1
