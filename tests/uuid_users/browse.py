"""Look at every screen of the host project; `python -m tests.uuid_users.browse`.

A process of its own, as the walk. Says what failed, by assertion.
"""

from __future__ import annotations

import os

from tests.host_browser import browse
from tests.uuid_users.walk import GRID, PASSWORD, start

LISTS = "/staff-admin/agent_connector/"


def main() -> None:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop here
    browser, jane = start()
    from agent_connector.models import MCPAccess  # noqa: PLC0415  # needs the apps
    from tests.factories import make_client, make_connection  # noqa: PLC0415  # as it

    MCPAccess.objects.create(user=jane, enabled=True)
    make_connection(jane, make_client("Claude Code", host="claude.ai"))
    user = f"{GRID}{jane.pk}/"
    screens = [
        f"/staff-admin/uuid_users/person/{jane.pk}/change/",
        *(GRID, f"{GRID}account/"),
        *(f"{user}{end}/" for end in ("info", "tokens", "events", "access")),
        *(f"{LISTS}client/", f"{LISTS}toolcall/", f"{LISTS}connectorsettings/"),
    ]
    browse(browser, screens, grid=GRID, password=PASSWORD)


if __name__ == "__main__":
    main()
