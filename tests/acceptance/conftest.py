"""One server for all clients, and a fresh computer for each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.machine import PROGRAMS, Machine, make_machine
from tests.http.server import Site, running_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if not (PROGRAMS / "node").exists() and os.environ.get("CI") != "true":
        pytest.skip("the clients are not installed: make acceptance does it")
    return make_machine(tmp_path, username="editor")
