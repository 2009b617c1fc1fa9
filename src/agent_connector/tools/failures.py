"""Say in clear words what Django's own errors mean for an agent."""

from __future__ import annotations

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404  # noqa: TID251  # an exception, nothing of HTTP

from agent_connector.tools.definition import ToolFailed, ToolRefused


def failure_of(error: Exception) -> ToolFailed | None:
    """Return what to tell the agent, or None when the error is a bug."""
    match error:
        case ToolFailed():
            return error
        case ValidationError():
            return invalid_values(error)
        case PermissionDenied():
            return ToolRefused("This user may not do that.", code="permission_missing")
        case ObjectDoesNotExist() | Http404():
            return ToolFailed("There is no such record.", code="not_found")
        case SuspiciousOperation():
            return ToolFailed("The admin refused the request.", code="invalid_request")
        case _:
            return _database_failure_of(error)


def _database_failure_of(error: Exception) -> ToolFailed | None:
    if isinstance(error, (ProtectedError, RestrictedError)):
        return ToolFailed("Other records still need this one.", code="protected")
    # SQLite's driver calls a number out of range what PostgreSQL calls DataError.
    if isinstance(error, (DataError, IntegrityError, OverflowError)):
        return ToolFailed(
            "The database refused these values. Nothing was changed.",
            code="conflict",
            following="Read the record again and check the values.",
            reason=type(error).__name__,
        )
    return None


def invalid_values(error: ValidationError) -> ToolFailed:
    """Return the messages of a `ValidationError`, keyed by field."""
    fields: dict[str, list[str]] = (
        error.message_dict
        if hasattr(error, "error_dict")
        else {str(NON_FIELD_ERRORS): error.messages}
    )
    return ToolFailed(
        "The values are not valid. Nothing was changed.",
        code="invalid_values",
        fields=fields,
    )
