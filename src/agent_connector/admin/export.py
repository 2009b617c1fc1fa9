"""Send a list as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR, ChangeList
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  # full-width signs start formulas too
"""What makes a spreadsheet calculate a cell, or take it apart, instead of showing it."""


def filtered_rows(model_admin: ModelAdmin, request: HttpRequest) -> QuerySet[Any]:
    """Return what the list at this query string shows, all pages of it, in its order.

    Raises:
        BadRequest: the query string asks for what the list cannot be filtered by.
    """
    query = request.GET.copy()
    for name in (PAGE_VAR, ALL_VAR, ERROR_FLAG):
        query.pop(name, None)
    request.GET = query  # type: ignore[assignment]  # as immutable as anybody wants
    try:
        changelist: ChangeList = model_admin.get_changelist_instance(request)
    except IncorrectLookupParameters as problem:
        raise BadRequest("The list cannot be filtered like this.") from problem
    rows: QuerySet[Any] = changelist.queryset
    return rows


class _Line:
    """A file that hands back the line it is given, as `csv` wants one."""

    def write(self, line: str) -> str:
        return line


def csv_response(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, now: datetime
) -> StreamingHttpResponse:
    """Return a download of `header` and `rows`, made while it is sent."""
    response = StreamingHttpResponse(
        _lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{name}-{now:%Y-%m-%d}.csv"'
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"  # by which spreadsheets know UTF-8
    yield writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def safe_cell(value: object) -> str:
    """Return the text of a cell, quoted by an apostrophe where it could be a formula.

    Numbers of ours are never negative, so that nothing that is one gets quoted.
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def utc_text(at: datetime | None) -> str:
    """Return a moment to the second, in UTC where the site keeps time zones."""
    if at is None:
        return ""
    if timezone.is_naive(at):
        return at.strftime("%Y-%m-%d %H:%M:%S")
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
