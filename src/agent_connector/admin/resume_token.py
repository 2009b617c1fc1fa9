"""Resume one suspended token, after a plain confirmation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from agent_connector.admin.clients import client_name
from agent_connector.admin.one_token import Question, ask_about_token
from agent_connector.connections.suspend import resume_connection
from agent_connector.models import Connection
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_resume


def resume_token(
    site: AdminSite, request: HttpRequest, *, pk: str, public_id: UUID
) -> HttpResponseBase:
    """Ask first; then let the connection be used again, with the tokens it has."""
    question = Question(
        title=_("Resume token"),
        template="resume_token.html",
        may=may_resume,
        act=_resume,
        facts=lambda _request, found: {"suspended_at": found.suspended_at},
    )
    return ask_about_token(site, request, question, pk=pk, public_id=public_id)


def _resume(request: HttpRequest, connection: Connection) -> None:
    name = {"client": client_name(connection)}
    resumed = resume_connection(
        connection,
        actor=request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
        now=timezone.now(),
        address=address_of(request.META),
    )
    if resumed:
        text = _("Token of %(client)s resumed. The client works again.")
        messages.success(request, text % name)
    else:
        text = _("This token of %(client)s is not suspended. Nothing was changed.")
        messages.info(request, text % name)
