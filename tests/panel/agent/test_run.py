"""Errors come wrapped in groups; the agent looks for the one that matters."""

from __future__ import annotations

from panel.agent.errors import AgentStopped, CutOff
from panel.agent.run import first_of


def test_the_error_that_matters_is_found_however_deep() -> None:
    cut = CutOff("revoked")
    inner = ExceptionGroup("inner", [ValueError(), cut])
    wrapped = ExceptionGroup("outer", [OSError(), inner])

    assert first_of(AgentStopped, wrapped) is cut
    assert first_of(KeyError, wrapped) is None
    assert first_of(CutOff, cut) is cut
