"""A real nginx before the panel, without root, for the time of one test."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 20
RIGHT = """
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
"""
"""What docs/doctor.md tells people to write above their locations."""

ALL = "location / { proxy_pass http://127.0.0.1:UPSTREAM; }"
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def find_nginx() -> str | None:
    """Return the path of nginx, which lies beside the path of people on Debian.

    None as well without openssl, which makes the certificate that it shows.
    """
    if shutil.which("openssl") is None:
        return None
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def free_port() -> int:
    """Return a port that was free a moment ago: nginx takes no socket of ours."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_nginx(
    folder: Path, server: str, *, port: int, upstream: str, certificate: Path | None
) -> Iterator[None]:
    """Serve `server`, the inside of a server block, on `port`; stop it by process id."""
    path = find_nginx()
    assert path is not None
    written = folder / "nginx.conf"
    written.write_text(
        _configuration(folder, server, port=port, certificate=certificate).replace(
            "127.0.0.1:UPSTREAM", upstream.removeprefix("http://")
        )
    )
    process = subprocess.Popen(
        [path, "-p", str(folder), "-c", str(written), "-e", str(folder / "error.log")],
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process, log=folder / "error.log")
        yield
    finally:
        process.terminate()
        process.wait()


def _configuration(
    folder: Path, server: str, *, port: int, certificate: Path | None
) -> str:
    temporary = "\n".join(f"{name}_temp_path {folder / name};" for name in _TEMPORARY)
    secured = (
        f"ssl_certificate {certificate}; ssl_certificate_key {certificate};"
        if certificate
        else ""
    )
    return f"""
daemon off; master_process off; pid {folder / "nginx.pid"};
events {{ worker_connections 64; }}
http {{
    access_log off;
    {temporary}
    server {{
        listen 127.0.0.1:{port}{" ssl" if certificate else ""};
        {secured}
        {server}
    }}
}}
"""


def make_certificate(folder: Path) -> Path:
    """Return a file with a key and a certificate for localhost, signed by itself."""
    key, path = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "30"),
            *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(path)),
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(key.read_bytes() + path.read_bytes())
    path.chmod(0o600)
    return path


def _wait_for(port: int, process: subprocess.Popen[bytes], *, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(log.read_text())
