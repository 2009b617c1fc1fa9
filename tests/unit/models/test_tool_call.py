"""Tool calls: shown by tool and number, never by their arguments."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from agent_connector.models import ToolCall


def test_showing_a_call_shows_no_arguments() -> None:
    call = ToolCall(pk=3, tool="update_record", arguments={"note": "private"})

    assert str(call) == "update_record #3"
    assert "private" not in repr(call)


@pytest.mark.django_db
def test_seeing_calls_and_seeing_their_arguments_are_two_permissions() -> None:
    codenames = Permission.objects.filter(
        content_type__app_label="agent_connector"
    ).values_list("codename", flat=True)

    assert set(codenames) == {
        "change_client",
        "change_connectorsettings",
        "change_mcpaccess",
        "revoke_connection",
        "view_mcpuser",
        "view_toolcall",
        "view_toolcall_arguments",
    }
