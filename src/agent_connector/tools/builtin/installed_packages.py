"""The tool `installed_packages`, off by default: what the site runs on."""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from importlib.metadata import distributions
from typing import Annotated

import msgspec

from agent_connector.policy.caller import Caller
from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import Tool
from agent_connector.tools.written import Declared, tool_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    python: str
    packages: list[Package]


Name = Annotated[
    str, msgspec.Meta(max_length=200, description="Part of a name; empty: all.")
]


def installed_packages(caller: Caller, *, name: Name = "") -> Installed:
    """Names the Python packages that this site runs on, and their versions."""
    del caller
    found = {
        distribution.name: distribution.version
        for distribution in distributions()
        if distribution.name and name.lower() in distribution.name.lower()
    }
    return Installed(
        python=platform.python_version(),
        packages=[
            Package(name=one, version=found[one])
            for one in sorted(found, key=str.lower)
        ],
    )


INSTALLED_PACKAGES: Tool = replace(
    tool_of(installed_packages, Declared(needs=Scope.READ)),
    # Versions tell which known holes are open.
    superusers_only=True,
)
