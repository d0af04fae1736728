"""Fixtures: an object-store server on loopback, and an empty place in a bucket of its own.

A test module asks for them with `pytest_plugins = ["object_places"]`.
"""

from importlib.util import find_spec

import pytest
from buckets import ObjectServer


@pytest.fixture(scope="session")
def object_server(tmp_path_factory):
    """One server for all tests of a process."""
    if find_spec("moto") is None:
        pytest.skip("moto is not installed: pip install -r requirements-dev.txt")
    running = ObjectServer(tmp_path_factory.mktemp("objects") / "server.log")
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def s3(object_server, monkeypatch):
    """The address of an empty place in a bucket of its own; other processes find it as well."""
    for name, value in object_server.env.items():
        monkeypatch.setenv(name, value)
    return f"s3://{object_server.bucket()}/stories/gcs"
