"""Chromium at work: a page of the report becomes a picture."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
DEADLINE = 60
"""Seconds that the browser may take."""

WIDTH, HEIGHT = 1_280, 800


class NoBrowserError(Exception):
    """No Chromium is installed."""


def screenshot(report: Path, place: str, file: Path) -> None:
    """A page of the report as it opens, as a PNG. NoBrowserError if there is no browser."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        raise NoBrowserError("chromium is not installed: the pictures need it, and a CJK font such as fonts-noto-cjk")
    line = [program, "--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}",
            f"--screenshot={file.resolve()}", f"{report.resolve().as_uri()}#{place}"]  # fmt: skip
    subprocess.run(line, capture_output=True, timeout=DEADLINE, check=True)
