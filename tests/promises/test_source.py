"""Promises about the tree itself: nothing unfinished, nothing huge, nothing undocumented, everything packed."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("syncer", "connectors", "mappings")
FOLDERS = (*SOURCES, "tests", "docs", "config")
LARGEST = 1024 * 1024
UNFINISHED = re.compile(r"#.*\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|raise Not" + r"ImplementedError")
BROAD = re.compile(r"except \(?(?:Base)?Exception\b|except:")
GUARDS = {"guard.py", "main.py"}


def files(*folders: str, suffix: str = "") -> Iterator[Path]:
    """The files of folders, without what running leaves behind."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in path.parts):
                yield path


def project() -> dict[str, list[str]]:
    """What pyproject puts into the wheel."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel: dict[str, list[str]] = told["tool"]["hatch"]["build"]["targets"]["wheel"]
    return wheel


def imported(*folders: str) -> set[str]:
    """The top-level names of all that the modules import."""
    found: set[str] = set()
    for path in files(*folders, suffix=".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found


def test_every_library_that_is_asked_for_is_used() -> None:
    """What an operator must install is imported somewhere. The time zones' data are read without an import, and uvicorn finds
    its parser by the name that it is given.
    """
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[^A-Za-z0-9_.-]", line)[0].lower().replace("_", "-") for line in told}
    homes = packages_distributions()
    used = {home.lower().replace("_", "-") for name in imported(*SOURCES) for home in homes.get(name, ())}
    assert names - used == {"tzdata", "httptools"}


def test_no_file_is_huge() -> None:
    """Nothing over 1 MB: a repository is not a store of data."""
    assert [str(path) for path in files(*FOLDERS) if path.stat().st_size > LARGEST] == []


def test_nothing_is_left_for_later() -> None:
    """No reminder and no stub stands in the code."""
    assert [
        str(path) for path in files(*FOLDERS, suffix=".py") if UNFINISHED.search(path.read_text(encoding="utf-8"))
    ] == []


def test_only_two_places_catch_everything() -> None:
    """The guard around plugins, and the command line that turns our bug into a report."""
    broad = [
        path.name for path in files(*SOURCES, suffix=".py") for _ in BROAD.findall(path.read_text(encoding="utf-8"))
    ]
    assert set(broad) <= GUARDS
    assert len(broad) == len(GUARDS)


def test_every_module_says_what_it_is() -> None:
    """Each module of the product begins with a docstring."""
    modules = [path for path in files(*SOURCES, suffix=".py") if path.read_text(encoding="utf-8").strip()]
    assert [str(path) for path in modules if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


def test_every_test_states_its_rule() -> None:
    """A test's docstring is the rule it holds."""
    silent = []
    for path in files("tests", suffix=".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node):
                silent.append(f"{path.name}:{node.lineno} {node.name}")
    assert silent == []


def test_every_package_is_packed() -> None:
    """What stands in the source roots goes into the wheel, and nothing else is named."""
    packages = {
        path.parent.relative_to(ROOT).as_posix() for folder in SOURCES for path in (ROOT / folder).glob("*/__init__.py")
    }
    assert set(project()["packages"]) == packages
    assert [package for package in packages if not (ROOT / package / "py.typed").exists()] == []


def test_every_command_line_entry_is_there() -> None:
    """The script and the connectors that pyproject announces can be imported."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = [*told["scripts"].values(), *told["entry-points"]["pmosync.connectors"].values()]
    assert all(find_spec(entry.partition(":")[0]) is not None for entry in entries)


def test_the_wheel_holds_every_file(tmp_path: Path) -> None:
    """Mappings, migrations, type markers and modules: all files of the packages are in the wheel that is built."""
    uv = ROOT / ".uv" / "bin" / "uv"
    if not uv.exists():
        pytest.skip("uv is not set up: `make test` does it")
    line = [str(uv), "build", "--quiet", "--wheel", "--offline", "--out-dir", str(tmp_path), str(ROOT)]
    told = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    if told.returncode and "hatchling" in told.stderr:
        pytest.skip("the build backend is not in uv's cache, and tests use no network")
    assert told.returncode == 0, told.stderr
    (built,) = tmp_path.glob("*.whl")
    with ZipFile(built) as wheel:
        packed = set(wheel.namelist())
    wanted = {path.relative_to(ROOT / folder).as_posix() for folder in SOURCES for path in files(folder)}
    assert wanted - packed == set()
    assert {"pmosync_mappings/jira.yaml", "pmosync/store/migrations/env.py", "pmosync/py.typed"} <= packed
