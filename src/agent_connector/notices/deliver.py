"""Hand a mail to the project's mail server, and wait for it only so long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import mail as django_mail

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

TIMEOUT_SECONDS = 10
"""For each answer of the server, where the project sets no timeout of its own."""


def deliver(mail: EmailMessage) -> None:
    """Send it, or raise whatever the project's mail backend raises."""
    backend = project_backend()
    if getattr(backend, "timeout", 0) is None:  # Django's own would wait for ever
        backend.timeout = TIMEOUT_SECONDS
    backend.send_messages([mail])


def project_backend() -> Any:
    """Return a new instance of the backend that the project's settings name."""
    mailers = getattr(django_mail, "mailers", None)  # since Django 6.1
    return django_mail.get_connection() if mailers is None else mailers.default
