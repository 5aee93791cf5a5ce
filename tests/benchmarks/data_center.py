"""A Jira Data Center site in a process of its own, as ``pmosync emulate`` runs a Cloud site: prints the settings of a connection,
an empty line behind them, and serves until it is ended.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from pmosync.cli.emulate import ticking
from pmosync.cli.opened import clock
from pmosync.emulation.faults import Faults
from pmosync.emulation.server import LoopbackServer
from pmosync_jira.emulator import JiraEmulator


def main(data: str, folder: str, latency: str) -> None:
    """Serve the records in ``data``, so many milliseconds away, with the token's file below ``folder``."""
    emulator = JiraEmulator("server")
    emulator.load(Path(data))
    emulator.advance(clock())
    Path(folder).mkdir(parents=True, exist_ok=True)
    with LoopbackServer(Faults(ticking(emulator), latency=float(latency) / 1000)) as server:
        settings = {"connector": "jira", **emulator.connection(server.url, Path(folder))}
        sys.stdout.write(yaml.safe_dump({"connections": {"jira": settings}}) + "\n")
        sys.stdout.flush()
        server.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
