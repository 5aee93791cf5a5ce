"""Benchmarks: ``python -m tests.benchmarks`` prints a table and keeps it in ``build/bench.json``."""
