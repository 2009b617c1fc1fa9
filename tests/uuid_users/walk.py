"""Walk through every screen of the host project; `python -m tests.uuid_users.walk`.

A process of its own: a process has one user model. Says what failed, by assertion.
"""

from __future__ import annotations

import os
from typing import Any

import django
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment

GRID = "/staff-admin/agent_connector/mcpuser/"
PASSWORD = "correct horse battery staple"


def main() -> None:
    browser, jane = start()
    look(browser, jane)
    act(browser, jane)


def start() -> tuple[Client, Any]:
    """Return a browser in which root has signed in, and Jane Doe."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.uuid_users.settings"
    django.setup()
    setup_test_environment()
    call_command("check", fail_level="WARNING", verbosity=0)
    call_command("makemigrations", "agent_connector", check=True, verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    people: Any = get_user_model()._default_manager
    root = people.create_user("root@example.com", PASSWORD, is_superuser=True)
    jane = people.create_user("jane@example.com", PASSWORD, full_name="Jane Doe")
    browser = Client()
    browser.force_login(root)
    return browser, jane


def look(browser: Client, jane: Any) -> None:
    """Every page opens and names the user; the tab stands on the host's own page."""
    info = f"{GRID}{jane.pk}/info/"
    for end in ("", "?q=doe jane", "?q=jane@example", "?o=1", f"{jane.pk}/info/"):
        assert "Jane Doe" in _text(browser, GRID + end), end
    for end in ("tokens", "events", "access", "revoke"):
        assert "Jane Doe" in _text(browser, f"{GRID}{jane.pk}/{end}/"), end
    assert "root@example.com" in _text(browser, f"{GRID}account/")
    own = _text(browser, f"/staff-admin/uuid_users/person/{jane.pk}/change/")
    assert info in own
    assert "The host's own words" in own
    assert browser.get(f"{GRID}abc/info/").status_code == 404


def act(browser: Client, jane: Any) -> None:
    """Enabling, revoking and refusing work with keys that are no numbers."""
    form = {"action": "enable", "_selected_action": str(jane.pk)}
    seal = browser.post(GRID, form).context["chosen"].seal
    form |= {"confirm": "yes", "password": PASSWORD, "shown": seal}
    done = browser.post(GRID, form, follow=True)
    assert "MCP access enabled for 1 user." in done.content.decode()
    off = {"access": "disabled", "password": PASSWORD}
    done = browser.post(f"{GRID}{jane.pk}/access/", off, follow=True)
    assert "MCP access disabled. Jane Doe had no active token." in done.content.decode()
    assert browser.post(GRID, form | {"_selected_action": "7"}).status_code == 400


def _text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


if __name__ == "__main__":
    main()
