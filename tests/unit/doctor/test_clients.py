"""Each product would work, almost, or not, for a reason that is named."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from agent_connector.doctor.clients import ClientVerdict, Outlook, judge_clients
from agent_connector.doctor.finding import Blame, Finding, Probe, failed
from agent_connector.guides.definition import Server
from agent_connector.guides.registry import GUIDES
from agent_connector.policy.settings import read_settings

pytestmark = pytest.mark.django_db
PUBLIC = "https://shop.example/mcp"


def verdicts(
    url: str = PUBLIC, findings: list[Finding] | None = None, **settings: Any
) -> dict[str, ClientVerdict]:
    in_force = replace(read_settings(), **settings)
    server = Server(url=url, name="")
    judged = judge_clients(server, findings or [], in_force=in_force)
    return {one.key: one for one in judged}


def hosted() -> set[str]:
    return {guide.key for guide in GUIDES if guide.is_hosted}


def failing(judged: dict[str, ClientVerdict]) -> set[str]:
    return {key for key, one in judged.items() if one.result is Outlook.FAILED}


def test_every_product_of_the_guides_is_judged_and_works_on_a_sound_site() -> None:
    judged = verdicts()

    assert judged.keys() == {guide.key for guide in GUIDES} - {"other"}
    assert failing(judged) == set()


def test_hosted_products_do_not_reach_a_local_address() -> None:
    judged = verdicts("http://127.0.0.1:8000/mcp")

    away = {key for key, one in judged.items() if one.result is Outlook.OUT_OF_REACH}
    assert away == hosted()
    assert failing(judged) == set()
    assert all("SITE_URL" in judged[key].fix for key in hosted())


def test_what_stops_clients_stops_all_of_them_and_is_named() -> None:
    finding = failed(Probe.AUTHORIZATION, "", Blame(cause="dropped"))

    judged = verdicts(findings=[finding])

    assert failing(judged) == judged.keys()
    assert all(str(finding.title) in str(one.because) for one in judged.values())


def test_what_stops_nobody_stops_none() -> None:
    assert not failing(verdicts(findings=[failed(Probe.CACHING, "", Blame())]))


def test_without_registration_a_personal_token_is_a_way_for_some() -> None:
    closed = verdicts(dynamic_client_registration=False)
    with_tokens = verdicts(
        dynamic_client_registration=False, personal_access_tokens=True
    )

    assert failing(closed) == closed.keys()
    assert {guide.key for guide in GUIDES if guide.personal} - {"other"} == {
        key for key, one in with_tokens.items() if one.result is Outlook.WARNING
    }


def test_allowed_addresses_are_a_remark_for_hosted_products() -> None:
    judged = verdicts(allowed_addresses=(ip_network("192.0.2.0/24"),))

    remarked = {key for key, one in judged.items() if one.result is Outlook.WARNING}
    assert hosted() <= remarked
    assert not failing(judged)
