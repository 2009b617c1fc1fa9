"""Host, scheme and sender as they arrive, for each way to set a proxy up."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from pytest_django import Settings

from agent_connector.doctor.arrivals import probe_arrivals
from agent_connector.doctor.endpoint import FORGED_ADDRESS
from agent_connector.doctor.finding import Finding, Result
from agent_connector.doctor.wire import Silence
from tests.doctoring import SITE, Request, by_id, examination

pytestmark = pytest.mark.django_db
SECURE = "https://127.0.0.1:8000"


def found(**way: Any) -> dict[str, Finding]:
    return by_id(probe_arrivals(examination(**way)))


def test_directly_all_arrives_as_it_was_sent() -> None:
    assert {one.result for one in found().values()} == {Result.OK}


@pytest.mark.parametrize(
    ("site", "host", "result"),
    [
        ("http://localhost", "localhost:80", Result.OK),
        ("http://localhost", "LOCALHOST", Result.OK),
        ("http://localhost:80", "localhost", Result.OK),
        ("http://localhost", "127.0.0.1", Result.FAILED),
        ("http://localhost", "localhost:8000", Result.FAILED),
    ],
)
def test_the_host_is_compared_as_browsers_do(
    site: str, host: str, result: Result
) -> None:
    def rename(request: Request) -> None:
        request.host = host

    assert found(url=site, before=rename)["host"].result is result


def test_a_scheme_that_is_not_told_of(settings: Settings) -> None:
    def unsecure(request: Request) -> None:
        request.scheme = "http"

    finding = found(url=SECURE, before=unsecure)["scheme"]

    assert finding.result is Result.FAILED
    assert "proxy_set_header X-Forwarded-Proto" in finding.fix
    assert "SECURE_PROXY_SSL_HEADER" in finding.fix
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    finding = found(url=SECURE, before=unsecure)["scheme"]
    assert finding.fix == "proxy_set_header X-Forwarded-Proto $scheme;"


def test_a_scheme_that_is_told_of_and_not_believed() -> None:
    def tell(request: Request) -> None:
        request.scheme = "http"
        request.headers["X-Forwarded-Proto"] = "https"

    finding = found(url=SECURE, before=tell)["scheme"]

    assert finding.result is Result.FAILED
    assert finding.fix.startswith("SECURE_PROXY_SSL_HEADER")


def test_a_site_that_calls_itself_http_and_is_reached_by_https() -> None:
    def secure(request: Request) -> None:
        request.scheme = "https"

    finding = found(url=SITE, before=secure)["scheme"]

    assert finding.result is Result.FAILED
    assert SECURE in finding.fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What a chain of proxies makes of X-Forwarded-For, and what is believed of it."""

    told: str | None
    trusted: Any
    result: Result
    fix: str = ""
    cause: str = ""
    is_direct: bool = False


THROUGH = "127.0.0.1"
CHAINS = {
    "nothing between": Chain(
        told=FORGED_ADDRESS, trusted=0, is_direct=True, result=Result.OK
    ),
    "nothing between, but one is counted": Chain(
        told=FORGED_ADDRESS,
        trusted=1,
        is_direct=True,
        result=Result.FAILED,
        cause="Anybody can write",
        fix='"TRUSTED_PROXIES": 0',
    ),
    "one that adds": Chain(
        told=f"{FORGED_ADDRESS}, 192.0.2.9", trusted=1, result=Result.OK
    ),
    "one that replaces": Chain(told="192.0.2.9", trusted=1, result=Result.OK),
    "one that is not counted": Chain(
        told=f"{FORGED_ADDRESS}, 192.0.2.9",
        trusted=0,
        result=Result.FAILED,
        fix='"TRUSTED_PROXIES": 1',
    ),
    "two, of which one is counted": Chain(
        told=f"{FORGED_ADDRESS}, 192.0.2.9, 10.0.0.1",
        trusted=1,
        result=Result.FAILED,
        fix='"TRUSTED_PROXIES": 2',
    ),
    "one, but two are counted": Chain(
        told=f"{FORGED_ADDRESS}, 192.0.2.9",
        trusted=2,
        result=Result.FAILED,
        cause="Anybody can write",
        fix='"TRUSTED_PROXIES": 1',
    ),
    "one that hands on what it was sent": Chain(
        told=FORGED_ADDRESS,
        trusted=1,
        result=Result.FAILED,
        fix="proxy_set_header X-Forwarded-For",
    ),
    "one that hands on what it was sent, not counted": Chain(
        told=FORGED_ADDRESS,
        trusted=0,
        result=Result.WARNING,
        fix="proxy_set_header X-Forwarded-For",
    ),
    "one that drops the header": Chain(
        told=None,
        trusted=1,
        result=Result.WARNING,
        fix="proxy_set_header X-Forwarded-For",
    ),
    "networks that hold all": Chain(
        told=f"{FORGED_ADDRESS}, 192.0.2.9, 10.0.0.1",
        trusted=["10.0.0.0/8", "127.0.0.0/8"],
        result=Result.OK,
    ),
    "networks that lack one": Chain(
        told=f"{FORGED_ADDRESS}, 192.0.2.9, 10.0.0.1",
        trusted=["127.0.0.0/8"],
        result=Result.FAILED,
        fix='"TRUSTED_PROXIES": 2',
    ),
}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_a_forged_sender_is_never_believed(chain: Chain, settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"TRUSTED_PROXIES": chain.trusted}

    def forward(request: Request) -> None:
        if not chain.is_direct:
            request.port += 1
        del request.headers["X-Forwarded-For"]
        if chain.told is not None:
            request.headers["X-Forwarded-For"] = chain.told

    finding = found(before=forward)["addresses"]

    assert finding.result is chain.result, finding
    assert chain.fix in finding.fix
    assert chain.cause in str(finding.cause)


def test_the_forged_address_is_nobodys() -> None:
    assert ip_address(FORGED_ADDRESS) in ip_network("198.51.100.0/24")


def test_without_word_of_what_arrived_nothing_is_said() -> None:
    def drop(request: Request) -> None:
        request.headers.clear()

    findings = found(before=drop)

    assert {one.result for one in findings.values()} == {Result.SKIPPED}
    assert "SECRET_KEY" in str(findings["host"].cause)


def test_silence_is_said_once_elsewhere() -> None:
    findings = found(silence=Silence.REFUSED)

    assert {one.result for one in findings.values()} == {Result.SKIPPED}
