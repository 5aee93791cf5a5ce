"""urllib3 connections that look at whom they have reached, and whose reads obey the request's deadline."""

from __future__ import annotations

import http.client
import socket
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pmosync.errors import ConfigError
from pmosync.transport.origin import refused_peer
from pmosync.transport.watch import Reading, current


class PlainConnection(HTTPConnection):
    """A watched connection over plain http, or to a proxy."""

    response_class: Any = staticmethod(lambda sock, *given, **named: _response(sock, *given, **named))

    def _new_conn(self) -> socket.socket:
        return _approved(super()._new_conn(), "http", self.host, bool(self.proxy))

    def send(self, data: Any) -> None:
        _grant(self.sock)
        super().send(data)


class SecureConnection(HTTPSConnection):
    """A watched connection over TLS."""

    response_class: Any = staticmethod(lambda sock, *given, **named: _response(sock, *given, **named))

    def _new_conn(self) -> socket.socket:
        return _approved(super()._new_conn(), "https", self.host, bool(self.proxy))

    def send(self, data: Any) -> None:
        _grant(self.sock)
        super().send(data)


class PlainPool(HTTPConnectionPool):
    """Makes watched plain connections."""

    ConnectionCls = PlainConnection


class SecurePool(HTTPSConnectionPool):
    """Makes watched TLS connections."""

    ConnectionCls = SecureConnection


def watched(manager: urllib3.PoolManager) -> urllib3.PoolManager:
    """The same pool manager, making our connections."""
    manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return manager


def _response(sock: socket.socket, *given: Any, **named: Any) -> http.client.HTTPResponse:
    return http.client.HTTPResponse(Reading(sock), *given, **named)  # type: ignore[arg-type]


def _approved(sock: socket.socket, scheme: str, host: str, proxied: bool) -> socket.socket:
    """The socket, unless it has reached an address that no request may go to (a proxy is the operator's own choice)."""
    fault = "" if proxied else refused_peer(scheme, sock.getpeername()[0])
    if fault:
        sock.close()
        raise ConfigError(
            f"{host} resolves to an address that is refused: {fault}",
            remedy="check the address and the DNS of this machine",
        )
    return sock


def _grant(sock: socket.socket | None) -> None:
    """Give the sending of a request the read timeout: a slice of an earlier read must not cut it."""
    if sock is not None:
        watch = current.get()
        sock.settimeout(max(0.001, min(watch.read, watch.remaining())))
