"""An ASGI app on a loopback port, in a thread of its own: what tests, the demo and ``pmosync emulate`` run emulators on."""

from __future__ import annotations

import socket
import threading
from email.utils import formatdate
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pmosync.errors import ConfigError


class LoopbackServer:
    """Serves ``app`` on 127.0.0.1 until left. ``port`` 0 takes a free one; ``url`` says which."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            loop="asyncio",
            http="httptools",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
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
        """Finish what is being answered (at most 2 s) and close the port."""
        self._server.should_exit = True
        self._thread.join(timeout=5)
        self._socket.close()

    def wait(self) -> None:
        """Block until the server ends (Ctrl-C ends it)."""
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)


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
