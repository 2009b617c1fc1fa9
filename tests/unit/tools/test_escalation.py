"""No tool leads to more rights or to a secret, whoever the user is."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib import admin
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.signing import Signer
from django.forms import inlineformset_factory
from django.utils import timezone
from pytest_django import Settings

from agent_connector.models import (
    Connection,
    ConnectorSettings,
    MCPAccess,
    RolePolicy,
    Token,
)
from agent_connector.policy.caller import Caller
from agent_connector.tools.call import call_tool
from agent_connector.tools.definition import Tool, ToolFailed, encode_answer
from agent_connector.tools.registry import all_tools, find_tool
from tests.callers import call, failure_of, make_caller, use_admin
from tests.factories import make_admin, make_connection, make_personal, make_user
from tests.panel.shop import make_order

pytestmark = pytest.mark.django_db

TOOLS = [tool for tool in all_tools() if "model" in tool.input.__struct_fields__]
WITHHELD = sorted(
    model._meta.label
    for model in apps.get_models()
    if model._meta.app_label
    in {"admin", "agent_connector", "auth", "contenttypes", "sessions"}
)
GIVEN: dict[str, Any] = {
    "id": "1",
    "ids": ["1"],
    "values": {"is_superuser": True},
    "field": "groups",
    "kind": "update",
    "action": "delete_selected",
    "confirm": "x",
}


LET_IN = {"id", "ids", "values"}
"""What may be left out and is given all the same."""


def arguments_for(tool: Tool, model: str, **given: Any) -> dict[str, Any]:
    """Return what the tool demands, and the record where it takes one."""
    known = {**GIVEN, **given}
    demanded = {
        field.name: known[field.name]
        for field in msgspec.structs.fields(tool.input)
        if field.name in known and (field.required or field.name in LET_IN)
    }
    return {**demanded, "model": model}


def rights_and_secrets() -> dict[str, Any]:
    """Return what must not change: users, their rights, tokens, sessions, settings."""
    tables: list[Any] = [
        User,
        Group,
        User.groups.through,
        User.user_permissions.through,
        Token,
        Session,
        ConnectorSettings,
        RolePolicy,
    ]
    return {
        table._meta.label: sorted(map(repr, table.objects.values_list()))
        for table in tables
    }


def with_every_permission() -> User:
    """Return a user who is no superuser and may do everything."""
    user = make_user()
    user.user_permissions.set(Permission.objects.all())
    return User.objects.select_related("mcp_access").get(pk=user.pk)


@pytest.mark.parametrize("is_superuser", [True, False])
@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_rights_tokens_and_traces_are_unknown_to_every_tool(
    tool: Tool, *, is_superuser: bool
) -> None:
    user = make_admin(username="") if is_superuser else with_every_permission()
    caller = make_caller(user, level="delete")
    missing = failure_of(caller, tool.name, **arguments_for(tool, "x.x")).detail()
    before = rights_and_secrets()

    told = {
        label: failure_of(caller, tool.name, **arguments_for(tool, label)).detail()
        for label in WITHHELD
    }

    assert len(told) > 15
    for label, detail in told.items():
        assert (detail["code"], detail["next"]) == (missing["code"], missing["next"])
        assert str(detail["message"]).startswith(f"There is no model `{label}`")
    assert rights_and_secrets() == before


RIGHTS = ["is_superuser", "is_staff", "groups", "user_permissions", "password"]


class EveryField(admin.ModelAdmin):
    """The plainest admin of users, which shows and takes all that they have."""


@pytest.mark.parametrize("admin_class", [UserAdmin, EveryField])
@pytest.mark.parametrize("name", RIGHTS)
def test_where_code_opts_users_in_no_rights_are_given(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, admin_class: Any, name: str
) -> None:
    use_admin(monkeypatch, User, admin_class)
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "EXPOSED_MODELS": ["auth.user"],
    }
    caller, victim = make_caller(level="delete"), make_user(username="victim")
    group = Group.objects.create(name="Rulers")
    values = {
        "groups": [str(group.pk)],
        "user_permissions": [str(Permission.objects.all()[0].pk)],
    }
    before = rights_and_secrets()

    failure = failure_of(
        caller,
        "update_record",
        model="auth.user",
        id=victim.pk,
        values={name: values.get(name, True)},
    )

    assert "withheld" in failure.fields[name][0]
    assert rights_and_secrets() == before


def open_users(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, admin_class: Any, *more: str
) -> None:
    """Let code open users to agents, in this admin, and `more` of the models."""
    use_admin(monkeypatch, User, admin_class)
    exposed = {"EXPOSED_MODELS": ["auth.user", *more]}
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, **exposed}


@pytest.mark.parametrize("name", RIGHTS)
@pytest.mark.parametrize("tool", ["create_record", "update_record", "preview_change"])
def test_nobody_gives_rights_to_a_new_user_or_to_themselves(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tool: str, name: str
) -> None:
    open_users(settings, monkeypatch, EveryField)
    caller = make_caller(with_every_permission(), level="delete")
    group = Group.objects.create(name="Rulers")
    values: dict[str, Any] = {"groups": [str(group.pk)], "user_permissions": ["1"]}
    mine = {"id": caller.user.pk, "ids": [caller.user.pk], "kind": "update"}
    taken = {key: mine[key] for key in mine if key in find_input(tool)}
    before = rights_and_secrets()

    failure = failure_of(
        caller,
        tool,
        model="auth.user",
        values={"username": "x", name: values.get(name, True)},
        **taken,
    )

    assert "withheld" in failure.fields[name][0]
    assert rights_and_secrets() == before


def find_input(tool: str) -> tuple[str, ...]:
    found = find_tool(tool)
    assert found is not None
    return found.input.__struct_fields__


def rows_of(kind: Any) -> Any:
    """Return an inline that puts rows of `kind` on the page of their user."""
    return type("Rows", (admin.TabularInline,), {"model": kind, "fk_name": "user"})


GIVES_RIGHTS = [
    User.groups.through,
    User.user_permissions.through,
    LogEntry,
    MCPAccess,
    Connection,
]


@pytest.mark.parametrize("kind", GIVES_RIGHTS, ids=lambda kind: kind._meta.label)
def test_no_rights_are_given_by_rows_on_the_page_of_a_user(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    inlines = {"inlines": [rows_of(kind)], "fields": ["first_name"]}
    open_users(settings, monkeypatch, type("Users", (admin.ModelAdmin,), inlines))
    caller = make_caller(level="delete")
    page: dict[str, Any] = {"model": "auth.user", "id": caller.user.pk}
    rows = inlineformset_factory(User, kind, fk_name="user", fields="__all__")
    prefix = rows.get_default_prefix()
    row: dict[str, Any] = {"group": "1", "permission": "1", "enabled": True}
    before = rights_and_secrets()

    shown = call(caller, "get_record", **page)
    described = call(caller, "describe_model", purpose="change", **page)
    failures = [
        failure_of(
            caller,
            "update_record",
            **page,
            inlines={prefix: {"add": [row]}},
            expected_version=shown["version"],
        ),
        failure_of(
            caller,
            "create_record",
            model="auth.user",
            values={"first_name": "x"},
            inlines={prefix: {"add": [row]}},
        ),
        failure_of(
            caller,
            "preview_change",
            kind="update",
            model="auth.user",
            ids=[caller.user.pk],
            inlines={prefix: {"add": [row]}},
        ),
    ]

    assert "inlines" not in shown
    assert "inlines" not in described
    for failure in failures:
        assert failure.message.startswith(f"There are no rows `{prefix}` on this page")
        assert failure.allowed == []
    assert rights_and_secrets() == before


def test_rows_that_code_opens_do_not_name_a_group(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    inlines = {"inlines": [rows_of(User.groups.through)], "fields": ["first_name"]}
    users = type("Users", (admin.ModelAdmin,), inlines)
    open_users(settings, monkeypatch, users, "auth.user_groups")
    caller = make_caller(level="delete")
    group = Group.objects.create(name="Rulers")
    page: dict[str, Any] = {"model": "auth.user", "id": caller.user.pk}
    version = call(caller, "get_record", **page)["version"]

    failure = failure_of(
        caller,
        "update_record",
        **page,
        inlines={"User_groups": {"add": [{"group": str(group.pk)}]}},
        expected_version=version,
    )

    assert "withheld" in failure.fields["User_groups.add[0].group"][0]
    assert not caller.user.groups.exists()


QUESTIONS: list[dict[str, Any]] = [
    {"filters": {"password__startswith": "md5"}},
    {"filters": {"password": "x"}},
    {"filters": {"logentry__object_repr__startswith": "x"}},
    {"filters": {"mcp_connections__tokens__digest__startswith": "x"}},
    {"filters": {"groups__permissions__codename": "x"}},
    {"ordering": ["password"]},
    {"columns": ["password"]},
]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_no_question_about_users_is_answered_from_what_is_secret(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, question: dict[str, Any]
) -> None:
    asks = {"list_display": ["username", "password"], "search_fields": ["password"]}
    asks["list_filter"] = ["password", "is_staff"]
    open_users(settings, monkeypatch, type("Users", (admin.ModelAdmin,), asks))
    caller = make_caller()

    failure = failure_of(caller, "search_records", model="auth.user", **question)
    found = failure_of(caller, "search_records", model="auth.user", query="md5")

    assert failure.code.startswith("invalid_")
    assert found.code == "no_search"
    assert "md5$" not in str(call(caller, "search_records", model="auth.user"))


def test_no_answer_of_a_reading_tool_holds_a_secret(settings: Settings) -> None:
    """Every model opted in that can be, every record, every tool that reads."""
    owner = make_admin(username="")
    secrets = _make_secrets(owner)
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "EXPOSED_MODELS": [model._meta.label for model in apps.get_models()],
    }
    caller = make_caller(owner, level="delete")

    answers = list(_answers_of(caller))

    assert len(answers) > 20
    for secret in secrets:
        assert not [one for one in answers if secret in one]


def _make_secrets(owner: User) -> list[str]:
    """Return texts that may stand in no answer, of users, tokens and the site."""
    make_order(lines=((2, "7.50"),))
    connected = make_connection(make_user())[1]
    personal = make_personal(make_user())
    Session.objects.create(
        session_key="k" * 32,
        session_data=Signer().sign("secret session"),
        expire_date="2030-01-01T00:00Z",
    )
    LogEntry.objects.create(
        user=owner,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(owner.pk),
        object_repr="x",
        action_flag=ADDITION,
    )
    hashes = User.objects.values_list("password", flat=True)
    database = django_settings.DATABASES["default"].get("PASSWORD")
    return [
        *hashes,
        *(value.rpartition("$")[2] for value in hashes),
        connected.access,
        connected.refresh,
        personal.text,
        "secret session",
        "k" * 32,
        django_settings.SECRET_KEY,
        *([str(database)] if database else []),
    ]


def _answers_of(caller: Caller) -> Any:
    def asked(tool: Tool, arguments: dict[str, Any]) -> str:
        try:
            answer = call_tool(caller, tool.name, arguments, now=timezone.now())
        except ToolFailed as failure:
            return str(failure.detail())
        return encode_answer(answer).decode()

    yield str(call(caller, "whoami"))
    listed = call(caller, "list_models")["models"]
    for model in [one["model"] for one in listed]:
        rows = call(caller, "search_records", model=model, limit=5)["rows"]
        for tool in TOOLS:
            if not tool.read_only:
                continue
            for pk in [row["id"] for row in rows] or ["1"]:
                yield asked(tool, arguments_for(tool, model, id=pk, ids=[pk]))
