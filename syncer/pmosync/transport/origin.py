"""The one place a session may talk to: scheme, host and port, compared and never guessed."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

import idna
from msgspec import Struct

from pmosync.errors import ConfigError

PORTS = {"http": 80, "https": 443}
METADATA = frozenset(
    ipaddress.ip_address(address) for address in ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")
)
"""Addresses at which clouds serve credentials to their machines, beyond the link-local range."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Origin(Struct, frozen=True):
    """Scheme, host (lower case, IDNA) and port of a server."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{name}" if PORTS[self.scheme] == self.port else f"{self.scheme}://{name}:{self.port}"

    @property
    def called(self) -> str:
        """The host, with its port where that is not the scheme's own: what people look for in their settings."""
        return str(self).partition("://")[2]


def configured(address: str) -> Origin:
    """The origin of an address from the settings (its path is ignored). ConfigError says what is wrong with it."""
    origin = parsed(address)
    if origin is None:
        raise ConfigError(
            "an address is not a plain http(s) address",
            remedy="write it as https://host[:port], without user or password",
        )
    if fault := unfit(origin):
        raise ConfigError(f"{origin} cannot be used: {fault}", remedy="use an https address of the server")
    return origin


def parsed(address: str) -> Origin | None:
    """Scheme, host and port of an address; None if it has others, a user, or none at all."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    host = _host(parts)
    return Origin(parts.scheme.lower(), host, port or PORTS[parts.scheme.lower()]) if host else None


def unfit(origin: Origin) -> str:
    """Why no request may go to this origin, or ""."""
    address = _literal(origin.host)
    if address is not None and (fault := forbidden(address)):
        return fault
    if origin.scheme == "http" and not loopback(origin.host):
        return "plain http is for loopback only, the token would be readable on the way"
    return ""


def loopback(host: str) -> bool:
    """Whether a host name or address stands for this very machine."""
    address = _literal(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def refused_peer(scheme: str, peer: str) -> str:
    """Why a connection that has reached this address may not be used, or "". Judged after resolution, before a byte is
    sent.
    """
    address = _literal(peer.split("%")[0])
    if address is None:
        return "it has no readable address"
    if fault := forbidden(address):
        return fault
    return "plain http left this machine" if scheme == "http" and not address.is_loopback else ""


def forbidden(address: Address) -> str:
    """Why an address is never talked to, or "" (private networks are fine: self-managed servers live there)."""
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_link_local or address in METADATA:
        return "it is a link-local or cloud metadata address"
    return "it is not the address of a host" if address.is_multicast or address.is_unspecified else ""


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""
