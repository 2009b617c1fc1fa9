"""Find out whether the demo can have its port."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"
HIGHEST_PORT = 65_535


class PortUnusable(Exception):
    """The demo cannot listen there; the text says what to do."""


def claim_port(text: str) -> int:
    """Return the port that `text` names, after a try to listen on it.

    Raises:
        PortUnusable: it is no port number, or another program has it.
    """
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        raise PortUnusable(f"PORT is {text!r}, but must be a number from 1 to 65535.")
    port = int(text)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As gunicorn does: a port that its last owner just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            other = port + 1 if port < HIGHEST_PORT else 8000
            raise PortUnusable(
                f"Port {port} is taken ({error.strerror}).\n"
                f"  Stop the program that has it, or try PORT={other} make demo"
            ) from error
    return port
