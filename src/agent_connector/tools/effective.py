"""What a user's agents can do now, by the very rules that judge their calls.

Whether something is allowed is asked of the functions that a call goes through; only the
reason beside a no is found here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import router
from django.db.models import QuerySet

from agent_connector.conf import get_conf
from agent_connector.connections.verify import caller_on
from agent_connector.models import Connection, MCPAccess
from agent_connector.policy.agent_access import access_to
from agent_connector.policy.exposure import is_exposed, is_named_in, kin_of, label_of
from agent_connector.policy.role import RoleLimits, narrowest, policies_of
from agent_connector.policy.rules import Denial, access_of, may_connect
from agent_connector.policy.settings import SWITCHES, setting_on, with_settings
from agent_connector.tools.call import denial_of
from agent_connector.tools.definition import Tool, ToolRefused
from agent_connector.tools.modeladmin.find import viewable
from agent_connector.tools.modeladmin.links import admin_site, index_path
from agent_connector.tools.modeladmin.open_models import is_open_to
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.registry import all_tools, find_tool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.admin import ModelAdmin
    from django.contrib.auth.models import User
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


class Obstacle(StrEnum):
    """Why agents do not get at a model, where no `Denial` says it."""

    WITHHELD = auto()
    HIDDEN_BY_SETTING = auto()
    HIDDEN_BY_CODE = auto()
    READ_ONLY_BY_SETTING = auto()
    READ_ONLY_BY_CODE = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """Yes, or no for one reason, and which of the user's roles are that reason."""

    reason: Denial | Obstacle | None = None
    roles: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolLine:
    """One tool, and whether a call of it is judged well."""

    tool: Tool
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLine:
    """One model of the admin, and what agents can do with its records in general.

    A ModelAdmin may say more about single records, as it may to the user.
    """

    model: type[Model]
    known: Finding
    """Whether agents are told of it at all."""

    acts: Mapping[str, Finding]
    """By `view`, `add`, `change` and `delete`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """All of it, for connections of one level."""

    level: str
    stopped: Denial | None
    """Why no call gets through whatever it is; the rest says what would be left."""

    tools: tuple[ToolLine, ...]
    models: tuple[ModelLine, ...]
    most_rows: int
    most_calls: int | None
    """In a minute; None: any number."""


TOOLS_FOR = {
    "view": ("search_records", "get_record"),
    "add": ("create_record",),
    "change": ("update_record",),
    "delete": ("delete_records",),
}
"""With which tools an agent does that to a record; one of them is enough."""


def effective_rights(pk: Any, level: str, *, resource: str) -> Effective | None:
    """Return what agents of this user can do over a connection of this level.

    Read anew from the write database, as a call would be. None: there is no such user.
    """
    user = _user_with_settings(pk)
    if user is None:
        return None
    stopped = may_connect(user).denial
    if not setting_on(user, "mcp_server_enabled"):
        stopped = Denial.SWITCHED_OFF
    caller = _caller_of(user, level, resource=resource)
    roles = {str(one.group): narrowest([one]) for one in _policies(user)}
    return Effective(
        level=level,
        stopped=stopped,
        tools=tuple(
            ToolLine(tool=tool, finding=_may_use(caller, tool, roles))
            for tool in all_tools()
        ),
        models=_model_lines(caller, roles),
        most_rows=caller.most_rows,
        most_calls=caller.most_calls,
    )


def _user_with_settings(pk: Any) -> Any:
    model = get_user_model()
    users: QuerySet[Any] = QuerySet(model, using=router.db_for_write(model))
    found = users.filter(pk=pk).select_related("mcp_access")
    return with_settings(found, *SWITCHES).first()


def _policies(user: User) -> Any:
    return policies_of(user).select_related("group").order_by("group__name")


def _caller_of(user: Any, level: str, *, resource: str) -> Caller:
    """Return who would call over a fresh connection, which is stored nowhere."""
    if access_of(user) is None:
        user.mcp_access = MCPAccess(user=user)  # as it would be, once enabled
    connection = Connection(user=user, level=level, resource=resource)
    return caller_on(connection, switches=user, granted=level, address=None)


def _may_use(
    caller: Caller, tool: Tool | None, roles: Mapping[str, RoleLimits]
) -> Finding:
    denial = Denial.PERMISSION_MISSING if tool is None else denial_of(caller, tool)
    if tool is None or denial is not Denial.ROLE_FORBIDS:
        return Finding(denial)
    forbidding = (
        name
        for name, limits in roles.items()
        if not limits.allow_use(tool.name, needs=tool.needs)
    )
    return Finding(denial, tuple(forbidding))


def _model_lines(
    caller: Caller, roles: Mapping[str, RoleLimits]
) -> tuple[ModelLine, ...]:
    request = AdminRequest(caller, path=index_path())
    try:
        known = {one.model: one for one in viewable(request, adding=True)}
    except ToolRefused:  # the AdminSite does not let the user in
        known = {}
    by_act = {
        act: _any_of([_may_use(caller, find_tool(name), roles) for name in names])
        for act, names in TOOLS_FOR.items()
    }
    site = admin_site()
    return tuple(
        ModelLine(
            model=model,
            known=_is_known(caller, model, roles),
            acts={
                act: _may_act(act, known.get(model), request, by_act[act], model=model)
                for act in TOOLS_FOR
            },
        )
        for model in sorted(apps.get_models(), key=label_of)
        if site.is_registered(model)
    )


def _any_of(findings: list[Finding]) -> Finding:
    return next((one for one in findings if one.allowed), findings[0])


def _may_act(
    act: str,
    model_admin: ModelAdmin[Any] | None,
    request: AdminRequest,
    by_tool: Finding,
    *,
    model: type[Model],
) -> Finding:
    """Answer as the tools come to it: the tool first, then the model, then its admin."""
    if not by_tool.allowed or model_admin is None:
        return by_tool if not by_tool.allowed else Finding(Denial.PERMISSION_MISSING)
    sees = model_admin.has_view_or_change_permission(request)
    may = {
        "view": lambda: sees,
        "add": lambda: model_admin.has_add_permission(request),
        "change": lambda: sees and model_admin.has_change_permission(request),
        "delete": lambda: sees and model_admin.has_delete_permission(request),
    }
    if may[act]():
        return Finding()
    return Finding(_read_only_by(model) or Denial.PERMISSION_MISSING)


def _is_known(
    caller: Caller, model: type[Model], roles: Mapping[str, RoleLimits]
) -> Finding:
    """Answer whether agents of this caller are told of the model."""
    if is_open_to(caller, model):
        return Finding()
    if not is_exposed(model, user_model=get_user_model()):
        return Finding(Obstacle.WITHHELD)
    if is_named_in(get_conf().hidden_models, kin_of(model)):
        return Finding(Obstacle.HIDDEN_BY_SETTING)
    if access_to(model, site=admin_site()).hidden:
        return Finding(Obstacle.HIDDEN_BY_CODE)
    label = label_of(model)
    leaving_out = (name for name, one in roles.items() if not one.allow_model(label))
    return Finding(Denial.ROLE_FORBIDS, tuple(leaving_out))


def _read_only_by(model: type[Model]) -> Obstacle | None:
    if is_named_in(get_conf().read_only_models, kin_of(model)):
        return Obstacle.READ_ONLY_BY_SETTING
    if access_to(model, site=admin_site()).read_only:
        return Obstacle.READ_ONLY_BY_CODE
    return None
