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
from django.utils import timezone
from pytest_django import Settings

from agent_connector.models import ConnectorSettings, RolePolicy, Token
from agent_connector.policy.caller import Caller
from agent_connector.tools.call import call_tool
from agent_connector.tools.definition import Tool, ToolFailed, encode_answer
from agent_connector.tools.registry import all_tools
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
