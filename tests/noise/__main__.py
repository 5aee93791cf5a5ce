"""Measures the noise budget under the default rules and prints the table of ``docs/noise.md``."""

from __future__ import annotations

import sys

from pmosync.compute.policy import Policy
from tests.noise.measured import measured, table

if __name__ == "__main__":
    sys.stdout.write(table(list(measured(Policy()))))
