"""OpenAI ChatGPT: apps in developer mode, called from OpenAI's cloud."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agent_connector.guides.definition import SIGN_IN, Guide

GUIDE = Guide(
    key="chatgpt",
    title="OpenAI ChatGPT",
    steps=(
        _("Open Settings, then Apps (Connectors in older versions)."),
        _("Switch on Developer mode in the advanced settings, then choose Create."),
        _(
            "Give it a name, paste the MCP Server URL, choose OAuth as the"
            " authentication, and save."
        ),
    ),
    expect=(SIGN_IN,),
    notes=(
        _(
            "In a Business, Enterprise or Edu workspace an administrator may have to"
            " allow developer mode or add the app first."
        ),
    ),
    is_hosted=True,
    has_document=True,
)
