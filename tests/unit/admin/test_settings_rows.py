"""A setting as its page shows it."""

from __future__ import annotations

import pytest

from agent_connector.admin.settings_form import SettingsForm
from agent_connector.admin.settings_rows import SettingRow
from agent_connector.policy.settings import read_settings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "told"),
    [
        *(("2592000", "30 days"), ("59", ""), ("-60", ""), ("1e5", ""), ("", "")),
        *(("²", ""), ("9" * 5000, "")),
    ],
)
def test_a_number_of_seconds_is_told_in_words_as_it_was_given(
    given: str, told: str
) -> None:
    form = SettingsForm({"refresh_token_lifetime": given}, in_force=read_settings())

    assert SettingRow(field=form["refresh_token_lifetime"]).meaning == told
