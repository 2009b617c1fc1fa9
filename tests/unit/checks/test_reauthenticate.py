"""A confirmation that cannot be asked is found by the system check."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from agent_connector.checks.reauthenticate import check_reauthenticate


@pytest.mark.parametrize("path", ["", "os.path.exists"])
def test_no_path_and_the_path_of_a_callable_are_fine(
    settings: Settings, path: str
) -> None:
    settings.AGENT_CONNECTOR = {"REAUTHENTICATE": path}

    assert check_reauthenticate() == []


@pytest.mark.parametrize("path", ["nowhere.at_all", "os.path.gone", "os.sep", "plain"])
def test_any_other_path_is_an_error_with_a_cure(settings: Settings, path: str) -> None:
    settings.AGENT_CONNECTOR = {"REAUTHENTICATE": path}

    [error] = check_reauthenticate()

    assert error.id == "agent_connector.E002"
    assert "takes the request" in str(error.hint)
