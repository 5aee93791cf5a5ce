"""The emulator answers as recordings of the real servers do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from pmosync.emulation.server import LoopbackServer
from pmosync_google_sheets.emulator import SheetsEmulator


def test_recorded_sessions_are_answered_alike(conformance: Path, tmp_path: Path) -> None:
    """At least 85 % of the recorded answers come out identical: status, body, defaults, what is left out."""
    out = tmp_path / "score.json"
    with LoopbackServer(SheetsEmulator().app) as server:
        tool = conformance / "tools" / "replay_gspread.py"
        command = [
            sys.executable,
            str(tool),
            str(conformance / "data" / "gspread"),
            server.url,
            server.url,
            "--json",
            str(out),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=100)
    score = json.loads(out.read_text())
    assert score["strict"] / score["total"] >= 0.85, score["fails"][:10]
