"""Agents that write without pause while the workers that serve them are killed."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.http.load import tool_call
from tests.http.server import Site
from tests.http.wire import MCP_HEADERS
from tests.http.wsgi import WORKER_HEADER

MOST_ANSWERS, MOST_WAIT_SECONDS = 12, 0.1
"""Between one kill and the next, as the dice fall."""

TIMEOUT_SECONDS = 60


class CutOff(Exception):
    """The worker was gone before it answered: nobody knows what it has done."""


@dataclass(slots=True, kw_only=True)
class Killing:
    """So many writers, each with a token and a product of its own."""

    site: Site
    accesses: list[str] = field(repr=False)
    products: list[str]
    dice: random.Random = field(default_factory=lambda: random.Random(6))

    calls: int = 0
    cut_off: int = 0
    failures: list[str] = field(default_factory=list)
    """Answers other than what was asked for; there should be none."""

    _seen: set[int] = field(default_factory=set)
    """Workers that have answered."""

    _killed: set[int] = field(default_factory=set)
    """An answer of one may be on its way still."""

    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, kills: int) -> None:
        """Kill `kills` workers, each at a random moment."""
        with ThreadPoolExecutor(len(self.accesses)) as pool:
            running = [
                pool.submit(self._write, number) for number in range(len(self.accesses))
            ]
            try:
                for _ in range(kills):
                    self._kill_one()
            finally:
                self._over.set()
            for one in running:
                one.result()

    def _kill_one(self) -> None:
        enough = self.calls + self.dice.randint(1, MOST_ANSWERS)
        patience = time.monotonic() + TIMEOUT_SECONDS
        while self.calls < enough or not self._seen - self._killed:
            if time.monotonic() > patience:
                raise TimeoutError("No worker answers any more.")
            time.sleep(0.001)
        time.sleep(self.dice.uniform(0, MOST_WAIT_SECONDS))
        with self._lock:
            worker = self.dice.choice(sorted(self._seen - self._killed))
            self._killed.add(worker)
        os.kill(worker, signal.SIGKILL)

    def _write(self, number: int) -> None:
        for turn in itertools.count():
            if self._over.is_set():
                return
            for act in (self._come_and_go, self._change, self._restock):
                try:
                    act(number, f"{number}-{turn}")
                except CutOff:
                    self.cut_off += 1

    def _come_and_go(self, number: int, mark: str) -> None:
        """Create a category; of two of them, delete one."""
        values = {"name": f"Killed {mark}", "slug": f"killed-{mark}"}
        made = self._call(number, "create_record", model=CATEGORY, values=values)
        if int(mark.partition("-")[2]) % 2:
            return
        about: dict[str, Any] = {"model": CATEGORY, "ids": [made["id"]]}
        confirm = self._call(number, "preview_change", kind="delete", **about)
        self._call(number, "delete_records", **about, confirm=confirm["confirm"])

    def _change(self, number: int, mark: str) -> None:
        self._call(
            number,
            "update_record",
            model=PRODUCT,
            id=self.products[number],
            values={"description": f"Killed {mark}"},
        )

    def _restock(self, number: int, mark: str) -> None:
        """Run the action that asks how many pieces to add, and answer it."""
        about: dict[str, Any] = {
            "model": PRODUCT,
            "ids": [self.products[number]],
            "action": "restock",
        }
        seen = self._call(number, "preview_change", kind="action", **about)
        asked = self._call(number, "run_action", **about, confirm=seen["confirm"])
        form = {"pieces": str(1 + int(mark.partition("-")[2]) % 997)}
        confirm = asked["confirm"]
        self._call(number, "run_action", **about, form=form, confirm=confirm)

    def _call(self, number: int, tool: str, **arguments: Any) -> dict[str, Any]:
        """Return the answer of one call over a wire of its own.

        Raises:
            CutOff: there is none.
        """
        place = urlsplit(self.site.url)
        wire = http.client.HTTPConnection(
            str(place.hostname), place.port, TIMEOUT_SECONDS
        )
        headers = {
            **MCP_HEADERS,
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.accesses[number]}",
        }
        try:
            wire.request("POST", "/mcp", tool_call(tool, **arguments), headers)
            answer = wire.getresponse()
            body = json.loads(answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise CutOff from error
        finally:
            wire.close()
        with self._lock:
            self.calls += 1
            self._seen.add(int(answer.headers[WORKER_HEADER]))
        result = body.get("result", {})
        if answer.status != http.client.OK or result.get("isError", True):
            self.failures.append(f"{tool}: {answer.status} {result.get('content')}")
            raise CutOff
        told: dict[str, Any] = result["structuredContent"]
        return told


CATEGORY = "shop.category"
PRODUCT = "shop.product"
