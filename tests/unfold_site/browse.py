"""Look at a host project with Django's users; `python -m tests.unfold_site.browse`.

Unfold's, or that of the settings named as argument. A process of its own, as the walk.
Says what failed, by assertion.
"""

from __future__ import annotations

import os
import sys

from tests.host_browser import browse
from tests.unfold_site.start import GRID, start


def main() -> None:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop here
    world = start(*sys.argv[1:])
    from tests.factories import PASSWORD  # noqa: PLC0415  # they need the apps

    browse(world.browser, world.screens(), grid=GRID, password=PASSWORD)


if __name__ == "__main__":
    main()
