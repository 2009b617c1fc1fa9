"""A way to the site that ends in Django's test client, with a proxy to play between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from agent_connector.doctor.examination import Examination
from agent_connector.doctor.finding import Finding
from agent_connector.doctor.wire import Answer, NoAnswer, Silence, Wire
from agent_connector.policy.arrival import HEADER, fresh_question, read_arrival
from agent_connector.policy.settings import read_settings

SITE = "http://127.0.0.1:8000"
OUR_PORT = 40_000


@dataclass(slots=True, kw_only=True)
class Request:
    """What is on its way: a proxy may change it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    host: str
    scheme: str
    port: int = OUR_PORT


def unchanged(request: Request) -> None:
    del request


@dataclass(slots=True, kw_only=True)
class Way(Wire):
    """The wire of a test; `before` and `after` are what is between."""

    url: str = SITE
    before: Callable[[Request], None] = unchanged
    after: Callable[[Answer], Answer] = lambda answer: answer
    asked: list[str] = field(default_factory=list)
    silence: Silence | None = None

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        url: str = "",
    ) -> Answer:
        self.asked.append(f"{method} {url}{path}")
        if self.silence:
            raise NoAnswer(self.silence)
        question, place = fresh_question(), urlsplit(url or self.url)
        request = Request(
            method=method,
            path=path,
            headers={**(headers or {}), HEADER: question},
            body=body or b"",
            host=place.netloc,
            scheme=place.scheme,
        )
        self.before(request)
        told = _send(request)
        received = Message()
        for name, value in told.headers.items():
            received[name] = value
        return self.after(
            Answer(
                path=path,
                status=told.status_code,
                headers=received,
                body=told.content,
                local_port=OUR_PORT,
                at=datetime.now(UTC),  # as the wire's own
                arrival=read_arrival(received[HEADER] or "", question=question),
            )
        )


def _send(request: Request) -> Any:
    headers = dict(request.headers)
    content_type = headers.pop("Content-Type", "application/octet-stream")
    headers.setdefault("Accept", "application/json")
    return Client(raise_request_exception=False).generic(
        request.method,
        request.path,
        request.body,
        content_type,
        secure=request.scheme == "https",
        headers={**headers, "Host": request.host},
        REMOTE_PORT=str(request.port),
    )


def as_of(path: str, **changes: Any) -> Callable[[Answer], Answer]:
    """Let what answers at this path be something else, and nobody's of ours."""

    def after(answer: Answer) -> Answer:
        if answer.path != path:
            return answer
        return replace(answer, arrival=None, **changes)

    return after


def headers_of(**names: str) -> Message:
    message = Message()
    for name, value in names.items():
        message[name.replace("_", "-")] = value
    return message


def examination(**way: Any) -> Examination:
    """Return one over such a way."""
    names = ("user", "address", "actor", "via")
    options = {name: way.pop(name) for name in names if name in way}
    return Examination(
        wire=Way(**way), in_force=read_settings(), now=timezone.now(), **options
    )


def by_id(findings: Any) -> dict[str, Finding]:
    return {str(one.id): one for one in findings}
