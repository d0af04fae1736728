"""What stands in the database of ballots. The same tables in SQLite and in PostgreSQL.

A room has one run at a time; a reset begins another and keeps the old one. Round 0 of a run holds
test ballots, which are never counted. A ballot is one row: its choices are a text with one
character per gene, in the room's order.

The counts below `ballots` are written in the same transaction as the ballots, so that whoever
shows a room never reads a ballot.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData()


def _key(name: str, kind: type[Integer] | type[String] = Integer) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


ROOMS = Table(
    "rooms",
    METADATA,
    Column("room_id", Integer, primary_key=True),
    Column("code", String, nullable=False, unique=True),
    Column("run_id", Integer, nullable=False),  # The run that goes on now.
    Column("story_id", String, nullable=False),
    Column("release", Integer, nullable=False),
    # Title and genes as JSON: a room goes on where the store cannot be read.
    Column("subject", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("ask_group", Boolean, nullable=False),
    Column("tables", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("used_at", Double, nullable=False),  # The last command; a room ends some time after.
    sqlite_autoincrement=True,  # No number is given twice.
)
RUNS = Table(
    "runs",
    METADATA,
    Column("run_id", Integer, primary_key=True),
    Column("room_id", Integer, nullable=False, index=True),
    Column("run", Integer, nullable=False),  # 1 for the first.
    Column("state", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("testing", Boolean, nullable=False),
    Column("opened_at", Double),
    Column("stopped_at", Double),  # When the round was paused or closed.
    Column("revealed_at", Double),
    Column("version", Integer, nullable=False),  # Grows with every command,
    Column("counted", Integer, nullable=False),  # and this with everything that is counted.
    Column("joined", Integer, nullable=False),
    sqlite_autoincrement=True,
)
BALLOTS = Table(
    "ballots",
    METADATA,
    _key("run_id"),
    _key("round"),
    _key("device", String),
    Column("number", BigInteger, nullable=False),
    Column("stakeholder_group", String, nullable=False),
    Column("choices", String, nullable=False),
    Column("source", String, nullable=False),
    Column("late", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
DEVICES = Table(
    "devices", METADATA, _key("run_id"), _key("device", String), sqlite_with_rowid=False
)
TURNOUT = Table(
    "turnout",
    METADATA,
    _key("run_id"),
    _key("round"),
    Column("voted", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    Column("paper", Integer, nullable=False),
    sqlite_with_rowid=False,
)
TALLIES = Table(
    "tallies",
    METADATA,
    _key("run_id"),
    _key("round"),
    _key("source", String),
    _key("stakeholder_group", String),
    _key("gene"),  # Its place among the room's genes.
    _key("score"),  # 0 is "don't know".
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)
MOVES = Table(  # From the first round to the second, by people who rated a gene in both.
    "moves",
    METADATA,
    _key("run_id"),
    _key("gene"),
    _key("before"),
    _key("after"),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)
TURNS = Table(  # How many pages the desk has turned on the room's own screens, forward less back.
    "turns",
    METADATA,
    _key("room_id"),
    Column("pages", Integer, nullable=False),
    sqlite_with_rowid=False,
)
PRESENCE = Table(  # How many phones each server process hears from.
    "presence",
    METADATA,
    _key("process", String),
    _key("run_id"),
    Column("connected", Integer, nullable=False),
    Column("at", Double, nullable=False),
    sqlite_with_rowid=False,
)
