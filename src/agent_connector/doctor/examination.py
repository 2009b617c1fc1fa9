"""One run: the site that is examined, what is in force there, and what was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agent_connector.audit.recorded import DOCTOR
from agent_connector.doctor.wire import Answer, NoAnswer, Wire
from agent_connector.oauth.metadata import (
    authorization_server_document,
    protected_resource_document,
)
from agent_connector.policy.site import MCP_PATH

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from agent_connector.policy.settings import SiteSettings

RESOURCE_PATH = "/.well-known/oauth-protected-resource"
SERVER_PATH = "/.well-known/oauth-authorization-server"


@dataclass(slots=True, kw_only=True)
class Examination:
    """What the probes of one run share; each answer is asked for once."""

    wire: Wire
    in_force: SiteSettings
    now: datetime
    user: User | None = None
    """In whose name a connection is tried; None: none is."""

    address: str | None = None
    """From where the run was asked for, for the record."""

    actor: User | None = None
    """Who asked for it on a page, for the record, too."""

    via: str = DOCTOR
    """How the record names the run."""

    _asked: dict[str, Answer | NoAnswer] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """Scheme and host, as clients are told."""
        return self.wire.url

    @property
    def host(self) -> str:
        return urlsplit(self.site).hostname or ""

    @property
    def resource(self) -> str:
        return self.site + MCP_PATH

    def page(self, path: str) -> Answer:
        """Return what a GET of `path` answers.

        Raises:
            NoAnswer: nothing does.
        """
        return self.once(f"GET {path}", lambda: self.wire.ask("GET", path))

    def unauthorized(self) -> Answer:
        """Return what the MCP endpoint answers to a message without a token.

        Raises:
            NoAnswer: nothing does.
        """
        return self.once("no token", lambda: self.wire.ask("POST", MCP_PATH))

    def once(self, key: str, ask: Callable[[], Answer]) -> Answer:
        """Return what `ask` has returned or raised under this key in this run."""
        if key not in self._asked:
            try:
                self._asked[key] = ask()
            except NoAnswer as silence:
                self._asked[key] = silence
        found = self._asked[key]
        if isinstance(found, NoAnswer):
            raise found
        return found

    def expected_document(self, path: str) -> dict[str, Any]:
        """Return what this site itself answers at the well-known `path`."""
        if path == SERVER_PATH:
            return authorization_server_document(
                self.site,
                registration=self.in_force.dynamic_client_registration,
                documents=self.in_force.client_id_metadata_documents,
            )
        return protected_resource_document(resource=self.resource, issuer=self.site)
