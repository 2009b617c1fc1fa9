"""What the app does when the site starts."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings


@pytest.mark.parametrize("path", ["path.to.site", "panel.site.sight", "site"])
def test_an_admin_site_that_cannot_be_imported_is_refused_by_name(
    settings: Settings, path: str
) -> None:
    settings.AGENT_CONNECTOR = {"ADMIN_SITE": path}

    with pytest.raises(ImproperlyConfigured, match=rf"ADMIN_SITE.*{path}"):
        apps.get_app_config("agent_connector").ready()
