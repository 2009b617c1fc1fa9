"""Ask for every screen of the host project; `python -m tests.unfold_site.walk`.

A process of its own: Unfold replaces the admin's templates. Says what failed, by
assertion.
"""

from __future__ import annotations

from tests.unfold_site.start import GRID, World, start


def main() -> None:
    world = start()
    look(world)
    act(world)


def look(world: World) -> None:
    """Every screen opens in Unfold's frame and says what it is about."""
    for address, words in world.screens().items():
        answer = world.browser.get(address)
        assert answer.status_code == 200, address
        assert "unfold/css/styles" in answer.content.decode(), address
        assert words in answer.content.decode(), address


def act(world: World) -> None:
    """Revoking goes through the grid's action and its page in between."""
    form = {"action": "revoke", "_selected_action": str(world.jane)}
    asked = world.browser.post(GRID, form)
    assert "Their active tokens will be revoked" in asked.content.decode()
    shown = asked.content.decode().partition('name="shown" value="')[2]
    confirmed = form | {"confirm": "yes", "shown": shown.partition('"')[0]}
    done = world.browser.post(GRID, confirmed, follow=True)
    assert "Revoked 1 token of 1 user." in done.content.decode()


if __name__ == "__main__":
    main()
