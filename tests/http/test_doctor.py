"""The doctor before a real nginx: the right set-up passes, each wrong one is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.http.hand import count
from tests.http.nginx import (
    ALL,
    RIGHT,
    find_nginx,
    free_port,
    make_certificate,
    running_nginx,
)
from tests.http.person import Person, form_for
from tests.http.server import ROOT, Site, environment_of, running_site

COMMAND = ("agent_connector", "doctor", "--json")
DOCUMENTS = {"resource-document", "root-document", "server-document"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxied:
    """The panel, and the address at which an nginx is to stand before it."""

    site: Site
    url: str
    port: int
    certificate: Path | None
    environment: dict[str, str] = field(repr=False)

    @contextmanager
    def behind(self, server: str, folder: Path) -> Iterator[None]:
        with running_nginx(
            folder,
            server,
            port=self.port,
            upstream=self.site.url,
            certificate=self.certificate,
        ):
            yield

    def doctor(self, *options: str, **variables: str) -> dict[str, Any]:
        """Run the command as an operator on the server does; it exits as it says."""
        run = subprocess.run(
            [sys.executable, "manage.py", *COMMAND, *options],
            cwd=ROOT,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        report: dict[str, Any] = json.loads(run.stdout)
        assert run.returncode == (0 if report["healthy"] else 1), run.stderr
        assert "Traceback" not in run.stderr
        return report


@contextmanager
def _proxied(folder: Path, certificate: Path | None = None) -> Iterator[Proxied]:
    if find_nginx() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("nginx was not found: apt-get install nginx-light")
        pytest.skip("needs nginx: apt-get install nginx-light")
    port = free_port()
    url = f"https://localhost:{port}" if certificate else f"http://127.0.0.1:{port}"
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.http.proxied_settings",
        "GUNICORN_CMD_ARGS": "--workers 1 --threads 4",
        "TEST_SITE_URL": url,
    }
    with running_site(folder, **variables) as site:
        environment = environment_of(site.database_url, port=0) | variables
        yield Proxied(
            site=site,
            url=url,
            port=port,
            certificate=certificate,
            environment=environment,
        )
        site.assert_sound()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    with _proxied(tmp_path_factory.mktemp("plain")) as proxied:
        yield proxied


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("secured")
    with _proxied(folder, make_certificate(folder)) as proxied:
        yield proxied


def results(report: dict[str, Any], result: str) -> set[str]:
    return {one["id"] for one in report["findings"] if one["result"] == result}


def finding(report: dict[str, Any], probe: str) -> dict[str, Any]:
    [found] = [one for one in report["findings"] if one["id"] == probe]
    return dict(found)


def test_the_right_set_up_passes(plain: Proxied, tmp_path: Path) -> None:
    with plain.behind(RIGHT + ALL, tmp_path):
        report = plain.doctor("--as", "editor")

    assert report["healthy"]
    assert results(report, "warning") == set()
    # Whether the internet is there is not the proxy's to say.
    assert results(report, "skipped") - {"outbound"} == {"plain-http"}
    verdicts = {one["key"]: one["result"] for one in report["clients"]}
    assert verdicts["claude-code"] == "ok"
    assert verdicts["chatgpt"] == "out-of-reach"  # a local address
    doctors = "client_name = 'AI Agent Connector Doctor'"
    assert count(plain.site, "connection", doctors) == 0
    assert count(plain.site, "toolcall", doctors) == 1


def test_the_right_set_up_with_https_passes(secured: Proxied, tmp_path: Path) -> None:
    with secured.behind(RIGHT + ALL, tmp_path):
        report = secured.doctor(
            "--as", "editor", SSL_CERT_FILE=str(secured.certificate)
        )

    assert results(report, "failed") == set()
    assert "https" in finding(report, "scheme")["seen"]
    assert finding(report, "https")["result"] == "ok"
    assert finding(report, "tools")["result"] == "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One mistake, the findings that fail by it, and the words that name it."""

    server: str
    failed: set[str]
    cause: str
    fix: str


STRIP = "proxy_pass http://127.0.0.1:UPSTREAM/;"
WRONG = {
    "Authorization stripped": Wrong(
        server=RIGHT + 'proxy_set_header Authorization "";' + ALL,
        failed={"authorization"},
        cause="drops the Authorization header",
        fix="proxy_set_header Authorization $http_authorization;",
    ),
    "well-known swallowed": Wrong(
        server=RIGHT + ALL + "location /.well-known/ { return 404; }",
        failed=DOCUMENTS,
        cause="does not hand this path to Django",
        fix="location ^~ /.well-known/oauth- {",
    ),
    "well-known served by something else": Wrong(
        server=RIGHT + ALL + 'location /.well-known/ { return 200 "hello"; }',
        failed=DOCUMENTS,
        cause="does not hand this path to Django",
        fix="location ^~ /.well-known/oauth- {",
    ),
    "another host passed on": Wrong(
        server=RIGHT.replace("$http_host", "$proxy_host") + ALL,
        failed={"host"},
        cause="passes another Host on",
        fix="proxy_set_header Host $http_host;",
    ),
    "a host that Django refuses": Wrong(
        server=RIGHT.replace("$http_host", "backend.internal") + ALL,
        failed=DOCUMENTS | {"challenge", "token-endpoint"},
        cause="Django refuses the host name",
        fix="proxy_set_header Host $http_host;",
    ),
    "the path of the endpoint stripped": Wrong(
        server=RIGHT + ALL + f"location /mcp {{ {STRIP} }}",
        failed={"challenge", "token-endpoint"},
        cause="takes /mcp away from the path",
        fix="proxy_pass http://127.0.0.1:8000;",
    ),
    "the path below the endpoint stripped": Wrong(
        # To /mcp itself nginx then answers with a redirect.
        server=RIGHT + ALL + f"location /mcp/ {{ {STRIP} }}",
        failed={"challenge", "token-endpoint"},
        cause="takes /mcp away from the path",
        fix="proxy_pass http://127.0.0.1:8000;",
    ),
    "a path added": Wrong(
        server=RIGHT + "location / { proxy_pass http://127.0.0.1:UPSTREAM/app/; }",
        failed=DOCUMENTS | {"challenge", "token-endpoint"},
        cause="Django answers, but under another path",
        fix="proxy_pass http://127.0.0.1:8000;",
    ),
    "X-Forwarded-For not set": Wrong(
        server=RIGHT.replace("X-Forwarded-For", "X-Other") + ALL,
        failed={"addresses"},
        cause="does not say whom it was connected from",
        fix="proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    ),
    "an old document": Wrong(
        server=RIGHT
        + ALL
        + "location = /.well-known/oauth-authorization-server {"
        + """ return 200 '{"issuer": "https://old.example.com"}'; }""",
        failed={"server-document", "issuer"},
        cause="A cache keeps an old document, or another program",
        fix="proxy_cache off;",
    ),
    "the challenge hidden": Wrong(
        server=RIGHT + "proxy_hide_header WWW-Authenticate;" + ALL,
        failed={"challenge"},
        cause="WWW-Authenticate was lost",
        fix="proxy_pass_header WWW-Authenticate;",
    ),
    "caching allowed": Wrong(
        server=RIGHT + "proxy_hide_header Cache-Control;" + ALL,
        failed={"caching"},
        cause="removes or replaces Cache-Control",
        fix="proxy_pass_header Cache-Control;",
    ),
    "Django not reached": Wrong(
        server=RIGHT + "location / { proxy_pass http://127.0.0.1:9; }",
        failed=DOCUMENTS | {"challenge", "token-endpoint"},
        cause="does not reach Django",
        fix="proxy_pass http://127.0.0.1:8000;",
    ),
    "a password before the site": Wrong(
        server=RIGHT + "location / { return 401; }",
        failed=DOCUMENTS | {"challenge", "token-endpoint"},
        cause="Something before Django refuses",
        fix="location /mcp {",
    ),
}


@pytest.mark.parametrize("mistake", WRONG.values(), ids=WRONG)
def test_each_mistake_is_named_with_its_cure(
    plain: Proxied, tmp_path: Path, mistake: Wrong
) -> None:
    with plain.behind(mistake.server, tmp_path):
        report = plain.doctor("--as", "editor")

    assert results(report, "failed") == mistake.failed
    for probe in mistake.failed - {"issuer"}:
        named = finding(report, probe)
        assert mistake.cause in named["cause"]
        assert mistake.fix in named["fix"]
    is_stopped = mistake.failed.isdisjoint({"addresses", "caching"})
    is_expected = {"failed" if is_stopped else "ok", "out-of-reach"}
    assert {one["result"] for one in report["clients"]} == is_expected


def test_following_the_cure_mends_it(plain: Proxied, tmp_path: Path) -> None:
    broken = WRONG["well-known swallowed"].server
    with plain.behind(broken, tmp_path):
        fix = finding(plain.doctor(), "server-document")["fix"]

    followed = fix.replace("127.0.0.1:8000", "127.0.0.1:UPSTREAM")
    with plain.behind(broken + followed, tmp_path):
        assert results(plain.doctor("--as", "editor"), "failed") == set()


def test_a_short_limit_for_bodies_is_a_warning(plain: Proxied, tmp_path: Path) -> None:
    with plain.behind(RIGHT + "client_max_body_size 64k;" + ALL, tmp_path):
        report = plain.doctor("--as", "editor")

    assert report["healthy"]
    assert finding(report, "body")["result"] == "warning"
    assert finding(report, "body")["fix"] == "client_max_body_size 1m;"


def test_a_proxy_that_keeps_the_scheme_to_itself(
    secured: Proxied, tmp_path: Path
) -> None:
    with secured.behind(RIGHT.replace("X-Forwarded-Proto", "X-Other") + ALL, tmp_path):
        report = secured.doctor(SSL_CERT_FILE=str(secured.certificate))

    assert results(report, "failed") == {"scheme"}
    assert finding(report, "scheme")["fix"] == (
        "proxy_set_header X-Forwarded-Proto $scheme;"
    )


def test_a_certificate_that_nobody_signed(secured: Proxied, tmp_path: Path) -> None:
    with secured.behind(RIGHT + ALL, tmp_path):
        report = secured.doctor("--as", "editor")

    assert results(report, "failed") == {"reach"}
    assert "self-signed" in finding(report, "reach")["seen"]
    assert "certificate is not accepted" in finding(report, "reach")["cause"]


def test_a_site_with_one_worker_says_so_instead_of_hanging(tmp_path: Path) -> None:
    alone = {"GUNICORN_CMD_ARGS": "--workers 1 --threads 1"}
    with running_site(tmp_path, **alone) as site, Person(site.url) as admin:
        admin.sign_in("admin")
        page = admin.get("/admin/agent_connector/connectorsettings/doctor/")
        began = time.monotonic()

        answer = admin.submit(page, form_for(page, field="connect", value="on"))

        assert "one worker that serves one request at a time" in answer.text
        assert time.monotonic() - began < 15
        site.assert_sound()


def test_nothing_listens(plain: Proxied) -> None:
    report = plain.doctor("--as", "editor")

    assert results(report, "failed") == {"reach"}
    assert "Nothing listens there" in finding(report, "reach")["cause"]
    assert {one["result"] for one in report["clients"]} == {"failed", "out-of-reach"}
