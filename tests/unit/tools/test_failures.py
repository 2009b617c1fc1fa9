"""Django's errors become words for an agent; everything else is a bug."""

from __future__ import annotations

import pytest
from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError
from django.http import Http404

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.failures import failure_of


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ToolFailed("No.", code="own"), "own"),
        (ValidationError("No."), "invalid_values"),
        (PermissionDenied(), "permission_missing"),
        (Http404(), "not_found"),
        (ObjectDoesNotExist(), "not_found"),
        (SuspiciousOperation("secret detail"), "invalid_request"),
        (ProtectedError("secret detail", set()), "protected"),
        (DataError("secret detail"), "conflict"),
        (IntegrityError("secret detail"), "conflict"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_of_django_gets_a_code_and_keeps_its_details(
    error: Exception, code: str
) -> None:
    failure = failure_of(error)

    assert failure is not None
    assert failure.code == code
    assert "secret" not in f"{failure.detail()} {failure.reason}"


def test_validation_errors_are_keyed_by_field() -> None:
    failure = failure_of(ValidationError({"price": ["Too low."]}))

    assert failure is not None
    assert failure.fields == {"price": ["Too low."]}


def test_a_validation_error_without_a_field_stands_under_all() -> None:
    failure = failure_of(ValidationError("Too low."))

    assert failure is not None
    assert failure.fields == {"__all__": ["Too low."]}


def test_anything_else_is_a_bug() -> None:
    assert failure_of(ZeroDivisionError()) is None
