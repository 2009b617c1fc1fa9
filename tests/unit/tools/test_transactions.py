"""What a call writes is committed together, also where models live apart."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction

from agent_connector.tools.transactions import join, one_transaction
from panel.shop.models import Category
from tests.panel.shop import make_category

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.django_db
def test_an_error_undoes_what_was_written_after_joining() -> None:
    with contextlib.suppress(RuntimeError), one_transaction("default"):
        join("default")
        make_category()
        raise RuntimeError

    assert not Category.objects.exists()


@pytest.mark.django_db
def test_nobody_joins_where_no_call_is_under_way() -> None:
    with one_transaction("default"):
        pass

    with transaction.atomic(), pytest.raises(LookupError):
        join("default")


def test_two_databases_change_together_or_not_at_all() -> None:
    path = [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))}

    walk = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.two_databases.walk"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert walk.returncode == 0, walk.stderr
