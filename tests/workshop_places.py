"""Fixtures: places for ballots, in SQLite and in a real PostgreSQL.

A test module asks for them with `pytest_plugins = ["workshop_places"]`.
"""

import os
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from workshop.votes import Votes

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
_schemas = count(1)


class Clock:
    """A clock that a test turns."""

    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def votes(request, tmp_path, clock):
    """A place for ballots that nothing has been written to yet."""
    if request.param == "sqlite":
        url = str(tmp_path / "Mes données #1" / "votes.sqlite3")
    else:
        url = new_schema(request.getfixturevalue("postgresql"))
    place = Votes(url, clock)
    yield place
    place.close()


@pytest.fixture
def local(tmp_path, clock):
    """The same, always SQLite: for what does not depend on the database."""
    place = Votes(str(tmp_path / "votes.sqlite3"), clock)
    yield place
    place.close()


@pytest.fixture(scope="session")
def postgresql():
    """The address of a real PostgreSQL server, started for these tests alone."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install psycopg[binary]")
    if not BINARIES:
        pytest.skip("There is no /usr/lib/postgresql/*/bin: install PostgreSQL's packages")
    # Not below pytest's own folder, which another user may not enter: PostgreSQL refuses root.
    folder = Path(tempfile.mkdtemp(prefix="gcs-pg-"))
    who = {"user": "nobody"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, "nobody")
    binary, data = BINARIES[-1].parent, folder / "data"

    def run(*command, **rest):
        subprocess.run(command, check=True, cwd=folder, stdin=subprocess.DEVNULL, **who | rest)

    run(binary / "initdb", "-D", data, "-U", "gcs", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    control = [binary / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    run(*control, "-o", options, "start")
    try:
        yield f"postgresql://gcs@/postgres?host={folder}"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def new_schema(address):
    """An empty part of a PostgreSQL server for one test."""
    name = f"t{next(_schemas)}"
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return f"{address}&options=-csearch_path%3D{name}"
