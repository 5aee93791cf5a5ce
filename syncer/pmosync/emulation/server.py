"""An ASGI app on a loopback port, in a thread of its own: what tests, the demo and ``pmosync emulate`` run emulators on."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from email.utils import formatdate
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pmosync.errors import ConfigError

GRACE = 2.0
"""Seconds in which what is being answered when the server is told to end may still be finished."""
TICK = 0.1
"""Seconds between two looks of the library at its clock: the ``Date`` of an answer is that old at most."""
PAUSE = 0.002
"""Seconds between two looks at whether the last answer has gone out: a test makes and ends hundreds of servers."""


class LoopbackServer:
    """Serves ``app`` on 127.0.0.1 until left. ``port`` 0 takes a free one; ``url`` says which."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", loop="asyncio", http="httptools"
        )
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> LoopbackServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin serving. The socket listens already, so the first request waits rather than fails."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being answered (at most ``GRACE`` seconds) and close the port; at once if nothing is."""
        self._server.tell()
        self._thread.join(timeout=GRACE + 3)
        self._socket.close()

    def wait(self) -> None:
        """Block until the server ends (Ctrl-C ends it)."""
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)


class _Server(uvicorn.Server):
    """The library's server, which ends when it is told: of itself it looks ten times a second whether it shall, and
    then waits a tenth more whether or not anything is being answered.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def tell(self) -> None:
        """End; from any thread, at any time."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended already
                self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """Serve until told."""
        self._loop = asyncio.get_running_loop()
        tick = 0
        while not await self.on_tick(tick):
            tick += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), TICK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the port and every connection on which nothing is being answered, the others when their answer is out or
        the time of grace is over. An answer that nobody waits for any more is not waited for.
        """
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._silence(), GRACE)
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    async def _silence(self) -> None:
        while self.server_state.connections:
            await asyncio.sleep(PAUSE)


def dated(app: ASGIApp) -> ASGIApp:
    """``app`` with a ``Date`` header on every answer that has none of its own."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                if not any(name.lower() == b"date" for name, _ in headers):
                    message = {**message, "headers": [*headers, (b"date", formatdate(usegmt=True).encode())]}
            await send(message)

        await app(scope, receive, sent)

    return answer


def _listen(port: int) -> socket.socket:
    """A listening loopback socket without Nagle's delay (40 ms on every small answer otherwise)."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise ConfigError(f"port {port} on 127.0.0.1 is taken", remedy="choose another with --port") from error
    listener.listen(128)
    return listener
