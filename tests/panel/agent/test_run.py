"""What ends the agent: the error that matters, however wrapped, or Ctrl-C."""

from __future__ import annotations

import asyncio

import pytest

from panel.agent.errors import AgentStopped, CutOff
from panel.agent.run import first_of, until_interrupted


def test_the_error_that_matters_is_found_however_deep() -> None:
    cut = CutOff("revoked")
    inner = ExceptionGroup("inner", [ValueError(), cut])
    wrapped = ExceptionGroup("outer", [OSError(), inner])

    assert first_of(AgentStopped, wrapped) is cut
    assert first_of(KeyError, wrapped) is None
    assert first_of(CutOff, cut) is cut


def test_an_interruption_stays_one_whatever_the_work_makes_of_it() -> None:
    async def turns_it_into_another_error() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise OSError("the connection broke") from None

    async def interrupt() -> None:
        task = asyncio.create_task(until_interrupted(turns_it_into_another_error()))
        await asyncio.sleep(0.01)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(interrupt())


def test_what_the_work_raises_by_itself_is_raised() -> None:
    async def fails() -> None:
        raise CutOff("revoked")

    with pytest.raises(CutOff):
        asyncio.run(until_interrupted(fails()))
