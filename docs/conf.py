"""How the documentation is built: `make docs`."""

from __future__ import annotations

project = "AI Agent Connector"
author = "AI Agent Connector contributors"
project_copyright = author
extensions = ["myst_parser"]
exclude_patterns = ["_build", "examples"]
html_theme = "alabaster"
html_theme_options = {
    "description": "AI clients on the Django admin, each under its user's permissions"
}
html_show_sphinx = False
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings: list[str] = []
