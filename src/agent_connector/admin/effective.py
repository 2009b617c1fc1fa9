"""What a user's agents can do: tools, models and limits, each no with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agent_connector.admin.links import screen_url
from agent_connector.admin.page import Page, render_page
from agent_connector.admin.people import visible_user
from agent_connector.models import Level
from agent_connector.policy.administration import may_view_users
from agent_connector.policy.exposure import label_of
from agent_connector.policy.rules import Denial, access_of
from agent_connector.policy.site import MCP_PATH
from agent_connector.tools.effective import (
    Finding,
    ModelLine,
    Obstacle,
    effective_rights,
)

WORDS: dict[str, str | Promise] = {
    Denial.INACTIVE: gettext_lazy("The user is inactive."),
    Denial.NOT_STAFF: gettext_lazy("The user may not sign in to the admin."),
    Denial.DISABLED: gettext_lazy("MCP access is disabled."),
    Denial.SWITCHED_OFF: gettext_lazy("The MCP server is switched off."),
    Denial.SCOPE_MISSING: gettext_lazy("The connection may not do that."),
    Denial.ABOVE_CEILING: gettext_lazy("Above what administrators allow this user."),
    Denial.SITE_READ_ONLY: gettext_lazy("Agents may only read on this site."),
    Denial.ROLE_FORBIDS: gettext_lazy("A role of the user leaves it out."),
    Denial.PERMISSION_MISSING: gettext_lazy("The user lacks the permission."),
    Obstacle.WITHHELD: gettext_lazy("Withheld from agents unless code opens it."),
    Obstacle.HIDDEN_BY_SETTING: gettext_lazy("Hidden by HIDDEN_MODELS."),
    Obstacle.HIDDEN_BY_CODE: gettext_lazy("Hidden by the code of its admin."),
    Obstacle.READ_ONLY_BY_SETTING: gettext_lazy("Only read, by READ_ONLY_MODELS."),
    Obstacle.READ_ONLY_BY_CODE: gettext_lazy("Only read, by the code of its admin."),
}
"""Every reason that the page can give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A yes, or a no with its reason."""

    is_yes: bool
    why: str
    label: str = ""
    """What the column is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A model as the page lists it."""

    name: str
    label: str
    cells: tuple[Cell, ...]
    why: str


def show_effective(
    site: AdminSite, request: HttpRequest, *, pk: str
) -> TemplateResponse:
    """Show it for connections of one level, the widest unless the address says else."""
    user = visible_user(request, pk)
    level = request.GET.get("level", "")
    level = level if level in Level.values else Level.DELETE
    resource = request.build_absolute_uri("/").rstrip("/") + MCP_PATH
    found = effective_rights(user.pk, level, resource=resource)
    if found is None:  # deleted a moment ago
        raise Http404
    known = [one for one in found.models if one.known.allowed]
    # Which models and tools are withheld is for those who administer it.
    sees_all = may_view_users(request.user).allowed
    return render_page(
        site,
        request,
        "effective.html",
        Page(title=_("What agents can do"), user=user),
        {
            "levels": Level.choices,
            "level": level,
            "stopped": WORDS[found.stopped] if found.stopped else "",
            "tools": [
                (one.tool, cell_of(one.finding))
                for one in found.tools
                if sees_all or one.finding.reason is not Denial.PERMISSION_MISSING
            ],
            "acts": list(_acts()),
            "models": [
                _row_of(one) for one in known if sees_all or one.acts["view"].allowed
            ],
            "hidden": [
                _row_of(one)
                for one in found.models
                if sees_all and not one.known.allowed
            ],
            "most_rows": found.most_rows,
            "most_calls": found.most_calls,
            "is_enabled": getattr(access_of(user), "enabled", False),
            "info_url": screen_url(site.name, "info", user.pk),
        },
    )


def cell_of(finding: Finding, *, label: str = "") -> Cell:
    return Cell(is_yes=finding.allowed, why=text_of(finding), label=label)


def text_of(finding: Finding) -> str:
    """Return the reason of a no; a role is named."""
    if finding.reason is None:
        return ""
    if finding.reason is Denial.ROLE_FORBIDS and finding.roles:
        return _("Role: %(names)s") % {"names": ", ".join(finding.roles)}
    return str(WORDS[finding.reason])


def _acts() -> Iterable[str]:
    return (_("View"), _("Add"), _("Change"), _("Delete"))


def _row_of(line: ModelLine) -> Row:
    findings: Any = line.acts.values()
    return Row(
        name=capfirst(str(line.model._meta.verbose_name_plural)),
        label=label_of(line.model),
        cells=tuple(
            cell_of(finding, label=label)
            for finding, label in zip(findings, _acts(), strict=True)
        ),
        why=text_of(line.known),
    )
