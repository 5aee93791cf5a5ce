# Two words set everything up: `make demo` and `make test`. Needs git, make and python3 >= 3.11 with venv.
UV_VERSION := 0.13.8
PYTHON ?= python3
RUN := .venv/bin
SOURCES := syncer connectors mappings tests
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
# Where the machine has authorities of its own (a company's proxy, say), the package index is reached by them.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := true
endif

.DEFAULT_GOAL := help
.PHONY: help demo test soak bench noise lint types layers tests format lock dist pictures clean

help:
	@echo "make demo      a portfolio of 20 projects lives 12 weeks in emulated systems; leaves demo/workbook.xlsx and .html"
	@echo "make test      lint, types, layers and tests (PMOSYNC_CONFORMANCE=FOLDER opens the checks on recorded data)"
	@echo "make soak      the same tests with the full counts"
	@echo "make bench     the benchmarks; a table, kept in build/bench.json"
	@echo "make noise     what the rules make of milestones drawn by chance: the table of docs/noise.md"
	@echo "make pictures  the pictures in docs/ (needs LibreOffice and Chromium)"
	@echo "make dist      the wheel, in dist/"

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.ready: uv.lock pyproject.toml | .uv/bin/uv
	.uv/bin/uv sync --quiet --frozen --compile-bytecode --python $(PYTHON)
	@# Compiled once here, not by each of the processes that tests and the demo start (some machines keep Python from storing it).
	@$(RUN)/python -m compileall -q syncer connectors mappings
	@touch $@

demo: .venv/.ready
	@$(RUN)/pmosync demo --folder demo

test: lint types layers tests

lint: .venv/.ready
	$(RUN)/ruff format --check --quiet $(SOURCES)
	$(RUN)/ruff check --quiet $(SOURCES)

types: .venv/.ready
	$(RUN)/mypy

layers: .venv/.ready
	$(RUN)/lint-imports

tests: .venv/.ready
	$(RUN)/pytest -n auto --dist loadfile --no-loadscope-reorder

soak: .venv/.ready
	PMOSYNC_SOAK=1 $(RUN)/pytest -n auto --dist loadfile --no-loadscope-reorder --timeout 3000

bench: .venv/.ready | .uv/bin/uv
	.uv/bin/uv sync --quiet --frozen --group bench --python $(PYTHON)
	$(RUN)/python -m tests.benchmarks

noise: .venv/.ready
	$(RUN)/python -m tests.noise

pictures: .venv/.ready
	$(RUN)/python -m tests.pictures

format: .venv/.ready
	$(RUN)/ruff format $(SOURCES)
	$(RUN)/ruff check --fix $(SOURCES)

lock: .uv/bin/uv
	.uv/bin/uv lock
	.uv/bin/uv export --quiet --frozen --no-dev --no-emit-project --no-header --output-file requirements.txt

dist: .venv/.ready
	.uv/bin/uv build --quiet

clean:
	rm -rf .venv .uv build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
