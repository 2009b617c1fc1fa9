"""`python -m panel.agent`, which is what `make agent` runs."""

from __future__ import annotations

import asyncio
import logging
import os
import sys

from panel.agent.options import parse_options
from panel.agent.run import run_agent
from panel.agent.terminal import Terminal


def main() -> int:
    """Run the agent and return its exit code."""
    options = parse_options(sys.argv[1:], environment=os.environ)
    # The libraries' own logs would repeat, less plainly, what the agent says.
    logging.disable(logging.CRITICAL)
    try:
        return asyncio.run(run_agent(options, Terminal()))
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
