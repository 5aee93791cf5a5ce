"""TLS and proxies: always verified, only as the settings say."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pmosync.errors import ConfigError, TransientError
from pmosync.transport import Limits, Transport


class _Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the name is the library's
        """Say nothing."""


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up on our certificate is what the tests want."""


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A TLS server whose certificate stands for ``localhost`` and is its own authority: its port and the certificate."""
    path = _certificate(tmp_path_factory.mktemp("tls"))
    server = _Server(("127.0.0.1", 0), _Hello)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_port, path
    server.shutdown()
    server.server_close()
    thread.join()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_an_unknown_authority_is_refused(secure: tuple[int, Path]) -> None:
    """A certificate that does not verify is not worked around, and not retried: the remedy is a CA file."""
    origin = f"https://localhost:{secure[0]}"
    transport = Transport()
    session = transport.session(origin)
    session.verify = False
    with pytest.raises(ConfigError, match="does not verify → set ca_file"):
        session.get(origin)
    assert transport.counts().requests == 1


def test_our_own_authority(secure: tuple[int, Path]) -> None:
    """With the organisation's CA file the same server is fine, under the name it is certified for and no other."""
    port, path = secure
    transport = Transport(ca_file=str(path))
    assert transport.session(f"https://localhost:{port}").get(f"https://localhost:{port}/a").text == "hello"
    with pytest.raises(ConfigError, match="does not verify"):
        transport.session(f"https://127.0.0.1:{port}").get(f"https://127.0.0.1:{port}/a")


def test_a_ca_file_that_is_none(tmp_path: Path, secure: tuple[int, Path]) -> None:
    """A file without certificates is the settings' fault."""
    path = tmp_path / "ca.pem"
    path.write_text("no certificate", encoding="ascii")
    origin = f"https://localhost:{secure[0]}"
    with pytest.raises(ConfigError, match="ca_file"):
        Transport(ca_file=str(path)).session(origin).get(origin)


def test_the_proxy_of_the_settings() -> None:
    """Other hosts are reached through the proxy, which sees where to and not the token."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen: list[bytes] = []
        thread = threading.Thread(target=_refuse, args=(listener, seen))
        thread.start()
        transport = Transport(Limits(attempts=1), proxy=f"http://127.0.0.1:{listener.getsockname()[1]}")
        session = transport.session("https://jira.example.com")
        session.headers["Authorization"] = "Bearer secret"
        with pytest.raises(TransientError, match="through the proxy"):
            session.get("https://jira.example.com/rest")
        thread.join()
    assert seen[0].startswith(b"CONNECT jira.example.com:443")
    assert b"secret" not in seen[0]


def _refuse(listener: socket.socket, seen: list[bytes]) -> None:
    connection, _ = listener.accept()
    with connection:
        seen.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
