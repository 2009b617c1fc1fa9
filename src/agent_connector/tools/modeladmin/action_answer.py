"""What an action answered: the list again, another page, or a file."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import msgspec
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils.http import parse_header_parameters

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.page_form import Form, Page, read_page
from agent_connector.tools.modeladmin.values import (
    LONG_TEXT_CHARACTERS,
    SHORT_TEXT_CHARACTERS,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agent_connector.tools.modeladmin.request import AdminRequest

MAX_FILE_BYTES = 1_000_000
"""Of a file that is streamed: reading ends here."""
MAX_FILE_CHARACTERS = 20_000
_TEXT_TYPES = {"application/json", "application/xml", "application/yaml"}
_CHANGELIST_FORM = "changelist-form"


class FileShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that the action made; its text only if it is one and short enough."""

    name: str
    media_type: str
    size: int
    text: str = ""
    truncated: bool = False


class PageShown(msgspec.Struct, frozen=True):
    """What a page says, as data."""

    title: str
    text: str


class ActionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One of three: a file, a page, or where the browser is led."""

    file: FileShown | None = None
    page: PageShown | None = None
    form: Form | None = None
    """Of a page in between: the action goes on when it is sent."""

    errors: dict[str, list[str]] = {}
    leads_to: str = ""
    """Absolute; empty for the list itself."""


def read_answer(request: AdminRequest, response: Any) -> ActionAnswer:
    """Return what the response means.

    Raises:
        ToolFailed: it is a refusal or an error.
    """
    if callable(getattr(response, "render", None)):
        response = response.render()
    if HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST:
        return ActionAnswer(leads_to=_elsewhere(request, response))
    media_type, parameters = parse_header_parameters(
        response.headers.get("Content-Type", "")
    )
    disposition = response.headers.get("Content-Disposition", "")
    if media_type == "text/html" and not disposition:
        return _page(request, response)
    _require_success(response, "")
    return ActionAnswer(
        file=_file(
            response,
            media_type=media_type,
            name=parse_header_parameters(disposition)[1].get("filename", ""),
            charset=parameters.get("charset", "utf-8"),
        )
    )


def _page(request: AdminRequest, response: Any) -> ActionAnswer:
    body, _ = _body_of(response)
    page = read_page(body.decode(response.charset, "replace"))
    _require_success(response, page.title)
    form = _form_in_between(request, page)
    return ActionAnswer(
        page=PageShown(
            title=text(page.title, limit=SHORT_TEXT_CHARACTERS),
            text=text(page.words, limit=LONG_TEXT_CHARACTERS),
        ),
        form=form,
        errors=page.errors if form else {},
    )


def _form_in_between(request: AdminRequest, page: Page) -> Form | None:
    """Return the form that goes on with the action, as the list's page knows it."""
    for form in page.forms:
        names = {name for name, _ in form.sent()}
        target = urljoin(request.get_full_path(), form.target)
        if (
            form.id != _CHANGELIST_FORM
            and {"action", ACTION_CHECKBOX_NAME} <= names
            and urlsplit(target).path == request.path
        ):
            return form
    return None


def _elsewhere(request: AdminRequest, response: Any) -> str:
    address = request.build_absolute_uri(response.headers.get("Location", ""))
    return "" if urlsplit(address).path == request.path else address


def _require_success(response: Any, said: str) -> None:
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        raise ToolFailed(
            f"The action answered {response.status_code}. Nothing was changed. {said}",
            code="refused_by_action",
            reason="refused_by_action",
        )


def _file(response: Any, *, media_type: str, name: str, charset: str) -> FileShown:
    body, is_whole = _body_of(response)
    words = ""
    if media_type.startswith("text/") or media_type in _TEXT_TYPES:
        try:
            words = body.decode(charset, "replace")
        except LookupError:
            words = ""
    return FileShown(
        name=text(name, limit=SHORT_TEXT_CHARACTERS),
        media_type=media_type,
        size=len(body),
        text=words[:MAX_FILE_CHARACTERS],
        truncated=not is_whole or len(words) > MAX_FILE_CHARACTERS,
    )


def _body_of(response: Any) -> tuple[bytes, bool]:
    """Return the body and whether it is all of it; give back what it was read from."""
    if not response.streaming:
        return bytes(response.content), True
    if response.is_async:
        raise ToolFailed(
            "The action answers with an asynchronous stream, which cannot be read here."
            " Nothing was changed.",
            code="not_supported",
            following="A person can run it in the admin.",
        )
    try:
        return _read(iter(response.streaming_content))
    finally:
        # Not `close()`, which tells Django that the agent's own request is over.
        for closer in response._resource_closers:  # noqa: SLF001
            closer()


def _read(chunks: Iterator[bytes]) -> tuple[bytes, bool]:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_FILE_BYTES:
            return bytes(body[:MAX_FILE_BYTES]), False
    return bytes(body), True
