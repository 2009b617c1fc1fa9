"""The check that clients find our documents at the root of the site."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from pytest_django import Settings

from agent_connector.checks.routes import check_routes


def _use(settings: Settings, monkeypatch: pytest.MonkeyPatch, *urls: object) -> None:
    module = ModuleType("urls_of_a_test")
    module.urlpatterns = list(urls)  # type: ignore[attr-defined]  # as Django reads it
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.ROOT_URLCONF = module.__name__


def test_the_panel_is_found_to_be_right() -> None:
    assert check_routes() == []


def test_routes_below_a_path_are_not_found_by_clients(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(settings, monkeypatch, path("agents/", include("agent_connector.urls")))

    [message] = check_routes()

    assert message.id == "agent_connector.W002"
    assert "/.well-known/oauth-authorization-server" in message.msg
    assert 'include("agent_connector.urls")' in (message.hint or "")


def test_a_pattern_that_takes_every_path_before_ours_is_noticed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = re_path(".*", TemplateView.as_view(template_name="x.html"))
    ours = path("", include("agent_connector.urls"))
    _use(settings, monkeypatch, everything, ours)

    assert [message.id for message in check_routes()] == ["agent_connector.W002"]
