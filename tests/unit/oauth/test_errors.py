"""What an OAuth client can do wrong."""

from __future__ import annotations

import inspect

import pytest

from agent_connector.oauth import errors
from agent_connector.oauth.errors import InvalidClient, InvalidGrant, OAuthError


@pytest.mark.spec("RFC 6749", "5.2")
def test_a_description_keeps_to_the_characters_that_the_standard_allows() -> None:
    error = InvalidGrant('Revoked by "jürgen\\" at\n14:03')

    assert error.detail == "Revoked by ?j?rgen?? at?14:03"
    assert str(error) == error.detail


def test_every_error_has_a_code_and_a_status_of_a_client_error() -> None:
    family = [
        one
        for _, one in inspect.getmembers(errors, inspect.isclass)
        if issubclass(one, OAuthError) and one is not OAuthError
    ]

    assert len(family) > 10
    assert all(one.code.replace("_", "").islower() for one in family)
    assert all(400 <= one.status < 500 for one in family)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InvalidRequest, "invalid_request"),
        (errors.InvalidClient, "invalid_client"),
        (errors.InvalidGrant, "invalid_grant"),
        (errors.InvalidScope, "invalid_scope"),
        (errors.InvalidTarget, "invalid_target"),
        (errors.UnsupportedGrantType, "unsupported_grant_type"),
        (errors.UnsupportedResponseType, "unsupported_response_type"),
        (errors.AccessDenied, "access_denied"),
        (errors.InteractionRequired, "interaction_required"),
        (errors.RequestNotSupported, "request_not_supported"),
        (errors.RequestURINotSupported, "request_uri_not_supported"),
        (errors.TooManyRequests, "temporarily_unavailable"),
        (errors.InvalidRedirectURI, "invalid_redirect_uri"),
        (errors.InvalidClientMetadata, "invalid_client_metadata"),
    ],
)
def test_each_code_is_spelt_as_its_standard_has_it(
    error: type[OAuthError], code: str
) -> None:
    assert error.code == code


def test_an_unknown_client_is_challenged_only_where_it_used_basic() -> None:
    assert InvalidClient("Unknown.", challenge=True).challenge
    assert not InvalidClient("Unknown.").challenge
