"""A host that publishes client documents: real TLS on loopback, answers as told."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from agent_connector.oauth.fetch import Network
from tests.factories import REDIRECT_URI

HOST = "client.example"
URL = f"https://{HOST}/about/client.json"
ADDRESS = "93.184.216.34"
"""A public one, under which tests pretend to find the host."""

Answer = Callable[[socket.socket], None]


def document(**changes: Any) -> dict[str, Any]:
    """Return a sound document, with members changed or, by None, removed."""
    members = {
        "client_id": URL,
        "client_name": "Claude Code",
        "redirect_uris": [REDIRECT_URI, "http://localhost/callback"],
        "token_endpoint_auth_method": "none",
        **changes,
    }
    return {name: value for name, value in members.items() if value is not None}


def answer_with(
    body: Any = None,
    *,
    status: str = "200 OK",
    **headers: str,
) -> Answer:
    """Send one answer; header names are written with underscores."""
    if not isinstance(body, bytes):
        body = json.dumps(document() if body is None else body).encode()
    given = {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    text = f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body
    return lambda peer: peer.sendall(text)


@dataclass
class DocumentHost:
    """What it answers, and what it was asked."""

    port: int
    authority: Path
    answer: Answer = field(default_factory=answer_with)
    before_tls: Answer | None = None
    """Told to the bare connection, in place of TLS and the answer."""

    requests: list[str] = field(default_factory=list)
    connected_to: list[str] = field(default_factory=list)
    """The addresses that connections were asked for."""

    def network(
        self,
        *found: str,
        resolve: Callable[[str], list[str]] | None = None,
        seconds: float = 5.0,
    ) -> Network:
        """Return a world in which every name leads to `found`, and that leads here."""

        def connect(address: str, patience: float) -> socket.socket:
            self.connected_to.append(address)
            return socket.create_connection(("127.0.0.1", self.port), patience)

        return Network(
            resolve=resolve or (lambda _host: list(found or [ADDRESS])),
            connect=connect,
            tls=lambda: ssl.create_default_context(cafile=self.authority),
            seconds=seconds,
        )


@contextmanager
def running_host(folder: Path, *, name: str = HOST) -> Iterator[DocumentHost]:
    """Serve until the end of the block, on a free port."""
    authority, own = _make_certificates(folder, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = DocumentHost(port=listener.getsockname()[1], authority=authority)
        threading.Thread(
            target=_serve, args=(host, listener, context), daemon=True
        ).start()
        yield host
        listener.shutdown(socket.SHUT_RDWR)


def _serve(
    host: DocumentHost, listener: socket.socket, context: ssl.SSLContext
) -> None:
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_talk, args=(host, peer, context), daemon=True).start()


def _talk(host: DocumentHost, peer: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError), peer:
        if host.before_tls is not None:
            host.before_tls(peer)
            return
        with context.wrap_socket(peer, server_side=True) as secured:
            host.requests.append(secured.recv(4096).decode())
            host.answer(secured)


def _make_certificates(folder: Path, name: str) -> tuple[Path, Path]:
    """Return the file of an authority, and that of key and certificate of `name`."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test authority")])
    root_id = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    usage = dict.fromkeys(
        [
            *("digital_signature", "content_commitment", "key_encipherment"),
            *("data_encipherment", "key_agreement", "crl_sign"),
            *("encipher_only", "decipher_only"),
        ],
        False,
    )
    authority = (
        _certificate(root, root, root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(key_cert_sign=True, **usage), critical=True)
        .add_extension(root_id, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(root_id)
    own = (
        _certificate(
            x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]), root, key
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=True)
        .add_extension(issued_by, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files = folder / "authority.pem", folder / "host.pem"
    files[0].write_bytes(authority.public_bytes(pem))
    files[1].write_bytes(private + own.public_bytes(pem))
    return files


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = timezone.now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
    )
