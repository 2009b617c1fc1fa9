"""Why a product works only almost or not at all, and which reason comes first."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from agent_connector.doctor import fixes
from agent_connector.doctor.clients import ClientVerdict, Outlook, judge_clients
from agent_connector.doctor.finding import Blame, Finding, Probe, failed
from agent_connector.guides.definition import (
    CANNOT_REACH,
    NEEDS_HTTPS,
    NOT_ENCRYPTED,
    Server,
)
from agent_connector.guides.registry import GUIDES
from agent_connector.policy.settings import read_settings

pytestmark = pytest.mark.django_db
PUBLIC = "https://shop.example/mcp"
PLAIN = "http://shop.example/mcp"
LOCAL = "http://127.0.0.1:8000/mcp"
PRODUCTS = [guide for guide in GUIDES if guide.key != "other"]
HOSTED = {guide.key for guide in PRODUCTS if guide.is_hosted}
WITH_DOCUMENT = {guide.key for guide in PRODUCTS if guide.has_document}


def judge(
    url: str = PUBLIC, findings: tuple[Finding, ...] = (), **settings: Any
) -> list[ClientVerdict]:
    in_force = replace(read_settings(), **settings)
    return list(judge_clients(Server(url=url, name=""), findings, in_force=in_force))


def keys(verdicts: list[ClientVerdict], result: Outlook) -> set[str]:
    return {one.key for one in verdicts if one.result is result}


def test_without_registration_a_document_introduces_those_that_have_one() -> None:
    verdicts = judge(
        dynamic_client_registration=False, client_id_metadata_documents=True
    )

    assert keys(verdicts, Outlook.OK) == WITH_DOCUMENT
    others = [one for one in verdicts if one.key not in WITH_DOCUMENT]
    assert others
    for one in others:
        assert one.result is Outlook.FAILED
        assert "cannot register itself" in str(one.because)
        assert one.fix == fixes.REGISTRATION


def test_with_a_personal_token_there_is_a_remark_and_nothing_to_mend() -> None:
    verdicts = judge(dynamic_client_registration=False, personal_access_tokens=True)

    remarked = [one for one in verdicts if one.result is Outlook.WARNING]
    assert remarked
    for one in remarked:
        assert "Only with a personal access token" in str(one.because)
        assert one.fix == ""


def test_allowed_addresses_concern_hosted_products_only() -> None:
    verdicts = judge(allowed_addresses=(ip_network("192.0.2.0/24"),))

    assert keys(verdicts, Outlook.WARNING) == HOSTED
    assert keys(verdicts, Outlook.OK) == {one.key for one in PRODUCTS} - HOSTED


def test_a_public_address_in_plain_sight_is_refused_or_remarked_on() -> None:
    for one in judge(PLAIN):
        if one.key in HOSTED:
            told = (Outlook.FAILED, NEEDS_HTTPS, fixes.SITE_URL)
        else:
            told = (Outlook.WARNING, NOT_ENCRYPTED, "")
        assert (one.result, one.because, one.fix) == told


def test_an_address_out_of_reach_is_said_before_what_has_failed() -> None:
    finding = failed(Probe.HOST, "-", Blame(fix="proxy_set_header Host;"))

    for one in judge(LOCAL, (finding,)):
        is_away = one.key in HOSTED
        assert one.result is (Outlook.OUT_OF_REACH if is_away else Outlook.FAILED)
        assert (one.because == CANNOT_REACH) is is_away
        assert one.fix == (fixes.SITE_URL if one.key in HOSTED else "")


def test_the_first_that_stops_clients_is_named() -> None:
    first, later = (failed(probe, "-", Blame()) for probe in (Probe.HOST, Probe.CLOCK))
    mere = failed(Probe.DATABASE, "-", Blame())

    for one in judge(findings=(mere, first, later)):
        assert str(first.title) in str(one.because)
