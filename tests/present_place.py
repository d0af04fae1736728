"""A store and a place for ballots, for tests of the facilitator's desk.

A test module asks for them with `pytest_plugins = ["present_place"]`.
"""

import time

import pytest
import streamlit as st
from tiny_data import ship, tiny
from workshop_rooms import SUBJECT

import gcs_data
import settings
from gcs_data import parquet
from server.session import Person
from ui import access
from workshop import rooms, site, votes

ANA = Person("Ana", frozenset({"facilitator"}))


class Desk:
    """A store with tiny data and a place for ballots, both empty of rooms."""

    def __init__(self, place, store):
        self.votes, self.store = place, store

    def room(self, *steps, **chosen):
        """A room of somebody else's, after these steps."""
        made = rooms.create(self.votes, SUBJECT, **{"owner": "Bo"} | chosen)
        for step in steps:
            made = step(self.votes, made.code)
        return made

    def now(self, room):
        """The present run of a room."""
        return rooms.room(self.votes, room.code)

    def waits(self, seconds=10):
        """Turn the clock on, past the time in which late ballots count."""
        self.votes.clock = lambda: time.time() + seconds


@pytest.fixture
def desk(tmp_path, monkeypatch, secrets_folder):
    data = ship(tmp_path / "data")
    # Only genes with a name are in the default DNA.
    named = tiny()["genes"].assign(name=["Trust", "Funding"])
    (data / "genes.parquet").write_bytes(parquet.to_bytes(named, "genes"))
    monkeypatch.setenv("GCS_DATA", str(data))
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "Mes données #1"))
    monkeypatch.setenv("GCS_VOTES_URL", str(tmp_path / "votes" / "votes.sqlite3"))
    monkeypatch.setattr(access, "who", lambda: ANA)
    forget()
    place = votes.here()
    yield Desk(place, gcs_data.Store(settings.store(), settings.data_folder()))
    place.close()
    forget()


def forget():
    st.cache_resource.clear()
    st.cache_data.clear()
    site.here.cache_clear()
    votes._at.cache_clear()
