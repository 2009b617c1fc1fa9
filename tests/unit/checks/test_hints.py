"""Each hint, followed to the letter, makes its check silent."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import pytest
from django.contrib import admin
from django.core.checks import CheckMessage
from django.db.utils import ConnectionHandler
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from pytest_django import Settings

from agent_connector.checks import sqlite
from agent_connector.checks.admin_site import check_admin_site
from agent_connector.checks.agent_access import check_agent_access
from agent_connector.checks.proxies import check_proxies
from agent_connector.checks.reauthenticate import check_reauthenticate
from agent_connector.checks.routes import check_routes
from agent_connector.checks.site_url import check_site_url
from agent_connector.checks.sqlite import check_sqlite
from agent_connector.checks.tab import MIDDLEWARE, check_tab
from agent_connector.checks.written_tools import check_written_tools
from agent_connector.policy.caller import Caller
from agent_connector.tools import AgentAccess, Scope, tool
from agent_connector.tools.registry import add_tool, all_tools
from panel.shop.models import Customer
from tests.architecture.tree import check_ids
from tests.callers import no_written_tools, use_admin

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}
Check = Callable[[], list[CheckMessage]]


@dataclass(frozen=True, slots=True)
class Site:
    """A project that has a mistake, and whoever mends it as the hint says."""

    settings: Settings
    monkeypatch: pytest.MonkeyPatch

    def connector(self, **given: Any) -> None:
        known = {"SITE_URL": "https://example.com"}
        self.settings.AGENT_CONNECTOR = {**known, **given}

    def urls(self, *patterns: Any) -> None:
        module = ModuleType("urls_of_a_hint")
        module.urlpatterns = list(patterns)  # type: ignore[attr-defined]  # as Django reads it
        self.monkeypatch.setitem(sys.modules, module.__name__, module)
        self.settings.ROOT_URLCONF = module.__name__

    def databases(self, default: dict[str, Any]) -> None:
        handler = ConnectionHandler({"default": default})
        self.monkeypatch.setattr(sqlite, "connections", handler)

    def customers(self, **declared: Any) -> None:
        made = type("Customers", (admin.ModelAdmin,), declared)
        use_admin(self.monkeypatch, Customer, made)

    def written(self) -> None:
        no_written_tools(self.monkeypatch)


def code_in(hint: str) -> str:
    """Return what stands behind the last colon and blank of the hint's sentence."""
    return re.sub(r"^.*?: ", "", hint)


def setting_in(hint: str) -> dict[str, Any]:
    """Return the `AGENT_CONNECTOR` of the hint; `…` stands for what is there."""
    names: dict[str, Any] = {}
    exec(code_in(hint).replace("…, ", ""), names)  # noqa: S102  # what the hint says
    found: dict[str, Any] = names["AGENT_CONNECTOR"]
    return found


Story = tuple[Check, Callable[[str], None]]


def no_site_url(site: Site) -> Story:
    site.settings.AGENT_CONNECTOR = {}
    return check_site_url, lambda hint: site.connector(**setting_in(hint))


def no_callable(site: Site) -> Story:
    site.connector(REAUTHENTICATE="nowhere.at_all")
    module = ModuleType("confirming")
    module.confirm = bool  # type: ignore[attr-defined]  # takes one thing, returns True
    site.monkeypatch.setitem(sys.modules, module.__name__, module)
    right = "confirming.confirm"
    return check_reauthenticate, lambda _: site.connector(REAUTHENTICATE=right)


def no_annotation(site: Site) -> Story:
    site.written()

    def lend(caller: Caller, *, book) -> dict[str, str]:  # type: ignore[no-untyped-def]  # noqa: ANN001  # the mistake
        """Lend a book."""
        return {"book": str(book)}

    tool(needs=Scope.READ)(lend)

    def mend(hint: str) -> None:
        assert "book: str" in hint
        lend.__annotations__["book"] = "str"
        site.written()
        tool(needs=Scope.READ)(lend)

    return check_written_tools, mend


def no_access(site: Site) -> Story:
    site.customers(agent_access={"read_only": True})

    def mend(hint: str) -> None:
        names: dict[str, Any] = {}
        exec(code_in(hint), names)  # noqa: S102  # what the hint says
        site.customers(agent_access=names["agent_access"])

    return check_agent_access, mend


def one_text(site: Site) -> Story:
    site.customers(agent_access=AgentAccess(hidden_fields="phone"))

    def mend(hint: str) -> None:
        access = eval(f"AgentAccess({code_in(hint)})")  # noqa: S307  # what the hint says
        site.customers(agent_access=access)

    return check_agent_access, mend


def no_field(site: Site) -> Story:
    site.customers(agent_access=AgentAccess(hidden_fields=("phnoe",)))
    right = AgentAccess(hidden_fields=("phone",))
    return check_agent_access, lambda _: site.customers(agent_access=right)


def no_tab(site: Site) -> Story:
    middleware = [one for one in site.settings.MIDDLEWARE if one != MIDDLEWARE]
    site.settings.MIDDLEWARE = middleware

    def mend(hint: str) -> None:
        after, line = re.findall(r'after (\w+): "([\w.]+)"', hint)[0]
        place = [one.rpartition(".")[2] for one in middleware].index(after) + 1
        site.settings.MIDDLEWARE = [*middleware[:place], line, *middleware[place:]]

    return check_tab, mend


def no_routes(site: Site) -> Story:
    everything = re_path(".*", TemplateView.as_view(template_name="x.html"))
    site.urls(everything)

    def mend(hint: str) -> None:
        names = {"path": path, "include": include}
        [line] = eval(f"[{code_in(hint)}]", names)  # noqa: S307  # what the hint says
        site.urls(line, everything)

    return check_routes, mend


def other_site(site: Site) -> Story:
    site.settings.ROOT_URLCONF = "tests.two_sites"
    site.connector()

    def mend(hint: str) -> None:
        given = setting_in(hint.replace("path.to.site", "tests.two_sites.staff"))
        site.connector(**given)

    return check_admin_site, mend


def hasty_sqlite(site: Site) -> Story:
    site.databases(SQLITE)

    def mend(hint: str) -> None:
        line = hint.removeprefix("Add to its entry in DATABASES: ")
        site.databases({**SQLITE, **eval("{" + line + "}")})  # noqa: S307

    return check_sqlite, mend


def hidden_proxy(site: Site) -> Story:
    site.settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    site.connector()
    return check_proxies, lambda hint: site.connector(**setting_in(hint))


def no_permission(site: Site) -> Story:
    site.written()
    lend = replace(
        all_tools()[0], name="lend_book", permissions=("shop.chang_product",)
    )
    add_tool(lend)

    def mend(_: str) -> None:
        site.written()
        add_tool(replace(lend, permissions=("shop.change_product",)))

    return check_written_tools, mend


def no_model(site: Site) -> Story:
    site.connector(HIDDEN_MODELS=["order"])

    def mend(hint: str) -> None:
        site.connector(HIDDEN_MODELS=re.findall(r"as (\w+\.\w+);", hint))

    return check_agent_access, mend


STORIES = {
    "E001": no_site_url,
    "E002": no_callable,
    "E003": no_annotation,
    "E004": no_access,
    "E005": one_text,
    "E006": no_field,
    "W001": no_tab,
    "W002": no_routes,
    "W003": other_site,
    "W004": hasty_sqlite,
    "W005": hidden_proxy,
    "W006": no_permission,
    "W007": no_model,
}


@pytest.mark.parametrize("number", STORIES)
def test_the_hint_is_the_cure(
    number: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    check, follow = STORIES[number](Site(settings, monkeypatch))
    [message] = check()
    assert message.id == f"agent_connector.{number}"

    follow(message.hint or "")

    assert check() == []


def test_every_check_is_tried() -> None:
    assert {f"agent_connector.{number}" for number in STORIES} == check_ids()
