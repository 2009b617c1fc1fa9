"""The actions of a list: finding one, and pressing its button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import model_format_dict

from agent_connector.tools.confirmation import Act
from agent_connector.tools.definition import ToolFailed, ToolRefused
from agent_connector.tools.modeladmin.chosen import Chosen, stamp_of
from agent_connector.tools.modeladmin.links import list_path
from agent_connector.tools.modeladmin.request import AdminRequest, posted
from agent_connector.tools.suggest import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.contrib.admin import ModelAdmin

    from agent_connector.policy.caller import Caller

MAX_SENT = 100
"""Check boxes that are sent where all matching records are meant, as of one page."""
_DELETING = "delete_selected"
_ALWAYS_ASKED = {"action", "select_across"}


ASK_FIRST = (
    "Answers need the `confirm` that came with `asks`: call preview_change, then"
    " run_action without `form`, then with it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One entry of the list's menu."""

    name: str
    label: str
    function: Any


def offered_actions(model_admin: ModelAdmin, request: AdminRequest) -> list[Action]:
    """Return what the list offers this user; deleting has a tool of its own."""
    words = model_format_dict(model_admin.opts)
    return [
        Action(
            name=name,
            label=str(_label_of(action)) % words,
            function=_function_of(action),
        )
        for name, action in model_admin.get_actions(request).items()
        if name != _DELETING
    ]


def find_action(model_admin: ModelAdmin, request: AdminRequest, name: str) -> Action:
    """Return the action, if the list offers it to this user.

    Raises:
        ToolFailed: it does not, or an agent cannot run it. Says which it offers.
    """
    if name == _DELETING:
        raise ToolFailed(
            "Deleting is no action here.",
            code="unknown_action",
            following="Use preview_change with kind `delete`, then delete_records.",
        )
    offered = {one.name: one for one in offered_actions(model_admin, request)}
    if name not in offered:
        raise ToolRefused(
            f"The list of {model_admin.opts.verbose_name_plural} offers this user no"
            f" action {quoted(name)}." + did_you_mean(name, offered),
            code="unknown_action",
            allowed=offered,
            following="An action may need a permission that the user does not have.",
        )
    _require_plain_menu(model_admin)
    return offered[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An action on records as they are."""

    caller: Caller
    model_admin: ModelAdmin
    action: Action
    chosen: Chosen
    versions: Mapping[str, str]

    def act(self, *, answered: bool = False) -> Act:
        """Return what is confirmed; with `answered`, that its page was seen, too."""
        label = self.model_admin.opts.label_lower
        renewed = {"renewed_by": ASK_FIRST} if answered else {}
        return Act(
            what="answered action" if answered else "action",
            arguments={
                "model": label,
                "action": self.action.name,
                **self.chosen.arguments,
            },
            version=stamp_of(sorted(self.versions.items())),
            used_by=("run_action", label),
            **renewed,
        )


def press_button(run: Run) -> list[tuple[str, str]]:
    """Return what the list's page sends when a person runs the action there."""
    across = "all_matching" in run.chosen.arguments
    return [
        ("action", run.action.name),
        ("select_across", "1" if across else "0"),
        ("index", "0"),
        *((ACTION_CHECKBOX_NAME, pk) for pk in run.chosen.pks[:MAX_SENT]),
    ]


def send(run: Run, pairs: Iterable[tuple[str, str]]) -> tuple[AdminRequest, Any]:
    """Send `pairs` to the list's page as a form; return the request and its answer."""
    chosen = run.chosen
    request = AdminRequest(
        run.caller,
        path=list_path(run.model_admin),
        query=chosen.query,
        form=posted(pairs),
    )
    queryset = chosen.queryset.all()
    response = run.model_admin.response_action(request, queryset=queryset)
    if response is None:
        raise ToolFailed(
            " ".join(["The admin did not run it.", *request.said]),
            code="not_applied",
            reason="not_applied",
        )
    return request, response


def _require_plain_menu(model_admin: ModelAdmin) -> None:
    """Raise where the menu asks for more beside the action: it would be missing."""
    fields = model_admin.action_form(auto_id=None).fields
    more = [
        name
        for name, field in fields.items()
        if field.required and name not in _ALWAYS_ASKED
    ]
    if more:
        raise ToolFailed(
            f"This list asks for more beside the action: {', '.join(more)}. Agents"
            " cannot give it.",
            code="not_supported",
            following="A person can run it in the admin.",
        )


def _label_of(action: Any) -> Any:
    """Return the words of the list: an attribute since Django 6.1, a place before."""
    if hasattr(action, "plural_description"):
        return action.plural_description
    return action[2]


def _function_of(action: Any) -> Any:
    return action.func if hasattr(action, "plural_description") else action[0]
