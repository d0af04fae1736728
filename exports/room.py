"""What came out of a room, as one value: everything that its slides and its handout are made from.

It travels to the child process that makes a file (`exports.apart`) as JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from figures.sentences import FEWEST
from words import LANGUAGES

COUNTS = [f"n_{score}" for score in range(1, 6)]
PROFILE = ["gene", "n", "mean", "median", "sd", "low", "high", *COUNTS, "agreement", "method"]
MOVEMENT = ["gene", "mean_1", "mean_2", "difference", "low", "high"]
ORDER = ["gene", "position"]
TYPES = {"str", "int64", "Int64", "float64", "bool", "boolean"}


@dataclass(frozen=True)
class Record:
    """What the room is drawn over, and never merged with.

    Attributes:
        name: What the record is called.
        provenance: "expert" ratings, or the "published" DNA, which is an order and no score.
        profile: For experts in the shape of a round; as published, columns gene and position, in
            the order of position.
    """

    name: str
    provenance: Literal["expert", "published"]
    profile: pd.DataFrame

    def __post_init__(self) -> None:
        if self.provenance not in ("expert", "published"):
            raise ValueError(f"“{self.provenance}” ratings are never the record.")
        _require(self.profile, PROFILE if self.provenance == "expert" else ORDER, self.name)
        if self.provenance == "expert" and not self.profile["n"].sum():
            raise ValueError(f"“{self.name}” holds no rating.")
        if "illustrative" in set(self.profile.get("provenance", ())):
            raise ValueError("Made-up ratings are never the record.")


@dataclass(frozen=True)
class RoomResult:
    """What one room found about one story.

    Attributes:
        story: The story's title.
        occasion: The occasion's title.
        held_on: The day of the workshop.
        place: Where it was; empty if nobody said.
        language: The language of the files, of the genes' names and of every other text here.
        release: The release of the datasets that the room worked with.
        code: The code by which the room was joined; it names the room afterwards.
        rounds: One frame for each round, as `gcs_data.query.gene_profile` gives it, with a column
            gene (its name). The same genes in each, in the order of the axes.
        joined: How many phones joined.
        voted: How many ballots count in the last round.
        rehearsal: Whether the ratings were only tried out.
        record: What the room is drawn over.
        groups: The last round by stakeholder group or table, by the group's name.
        contested: Names of the genes to talk about, the most contested first.
        movement: How genes moved from the first round to the second, the same people in both:
            columns gene, mean_1, mean_2, difference, low and high (95 % interval of the
            difference), and n if it is known.
        sources: Where the story's facts come from: addresses, or names of documents.
        notes: What else a reader should know, such as that ballots on paper were typed in.
    """

    story: str
    occasion: str
    held_on: date
    place: str
    language: str
    release: int
    code: str
    rounds: tuple[pd.DataFrame, ...]
    joined: int
    voted: int
    rehearsal: bool = False
    record: Record | None = None
    groups: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    contested: tuple[str, ...] = ()
    movement: pd.DataFrame | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        LANGUAGES[self.language]
        if not self.rounds:
            raise ValueError("A room without a round has no result.")
        for place, frame in enumerate(self.rounds, 1):
            _require(frame, PROFILE, f"round {place}")
            if list(frame["gene"]) != self.genes:
                raise ValueError("Every round has the same genes in the same order.")
        for name, frame in self.groups.items():
            _require(frame, PROFILE, name)
        if self.movement is not None:
            _require(self.movement, MOVEMENT, "movement")

    @property
    def last(self) -> pd.DataFrame:
        """The round that counts."""
        return self.rounds[-1]

    @property
    def genes(self) -> list[str]:
        """Names of the genes, in the order of the axes."""
        return list(self.rounds[0]["gene"])

    @property
    def moved(self) -> pd.DataFrame | None:
        """Movement, where there is any."""
        return None if self.movement is None or self.movement.empty else self.movement

    @property
    def illustrative(self) -> bool:
        """Whether the ratings are made up; then nothing is stated as a fact."""
        return self.rehearsal or "illustrative" in set(self.last.get("provenance", ()))


def _require(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    if missing := [column for column in columns if column not in frame]:
        raise ValueError(f"“{name}” has no column {', '.join(missing)}.")
    if frame["gene"].duplicated().any():
        raise ValueError(f"“{name}” names a gene twice.")


def by_gene(frame: pd.DataFrame) -> dict[str, Any]:
    """The rows of a frame as named tuples, by the gene's name, in their order."""
    # Not `gcs_data.query.rows`: whoever makes a file would wait for the schema to load.
    rows: Any = frame.itertuples(index=False)
    return {row.gene: row for row in rows}


def contested_genes(profile: pd.DataFrame) -> tuple[str, ...]:
    """Genes on which a round is divided, two camps before ratings that spread, widest first."""
    order = {"two_camps": 0, "spread": 1}
    divided = profile[profile["agreement"].isin(list(order))]
    divided = divided.assign(order=divided["agreement"].map(order))
    ordered = divided.sort_values(["order", "sd"], ascending=[True, False], kind="stable")
    return tuple(ordered["gene"])


def shown_groups(result: RoomResult) -> dict[str, pd.DataFrame]:
    """The groups as they may leave the room: nobody can be read off, also not by subtraction.

    A gene that fewer than five of a group rated is emptied in that group. Where the room's total
    less the groups shown would still leave one to four people, the smallest group shown is emptied
    as well. A group with nothing left is left out.
    """
    names, genes = list(result.groups), result.genes
    if not names:
        return {}
    frames = [result.groups[name].set_index("gene").reindex(genes).reset_index() for name in names]
    n = np.array([frame["n"].fillna(0).to_numpy("int64") for frame in frames])
    total = result.last["n"].to_numpy("int64")
    shown = n >= FEWEST
    for gene in range(len(genes)):
        while shown[:, gene].any():
            left = total[gene] - n[shown[:, gene], gene].sum()
            if left == 0 or left >= FEWEST:
                break
            smallest = min(np.flatnonzero(shown[:, gene]), key=lambda group: n[group, gene])
            shown[smallest, gene] = False
    return {
        name: _emptied(frame, shown[place])
        for place, (name, frame) in enumerate(zip(names, frames, strict=True))
        if shown[place].any()
    }


def _emptied(frame: pd.DataFrame, kept: Any) -> pd.DataFrame:
    counts = {name: frame[name].fillna(0).where(kept, 0).astype("int64") for name in ["n", *COUNTS]}
    means = {name: frame[name].where(kept) for name in ["mean", "median", "sd", "low", "high"]}
    return frame.assign(**counts, **means, agreement=frame["agreement"].where(kept, "too_few"))


def to_json(result: RoomResult) -> bytes:
    """A result as JSON; `from_json` gives an equal one."""
    return json.dumps(_plain(result)).encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        return {name: _column(value[name]) for name in value.columns}
    if isinstance(value, RoomResult | Record):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _column(column: pd.Series) -> dict[str, Any]:
    kind = str(column.dtype)
    values = [None if pd.isna(value) else value for value in column.tolist()]
    return {"type": kind if kind in TYPES else "str", "values": values}


def from_json(content: bytes) -> RoomResult:
    """A result from what `to_json` wrote.

    Raises:
        ValueError: If it is something else.
    """
    try:
        given = json.loads(content)
        record = given["record"] and Record(
            **{**given["record"], "profile": _frame(given["record"]["profile"])}
        )
        return RoomResult(
            **{
                **given,
                "held_on": date.fromisoformat(given["held_on"]),
                "rounds": tuple(_frame(each) for each in given["rounds"]),
                "record": record,
                "groups": {name: _frame(each) for name, each in given["groups"].items()},
                "movement": given["movement"] and _frame(given["movement"]),
                **{name: tuple(given[name]) for name in ("contested", "sources", "notes")},
            }
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"This is not the result of a room: {problem!r}") from problem


def _frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    made = {}
    for name, column in columns.items():
        if column["type"] not in TYPES:
            raise ValueError(f"“{column['type']}” is not a type of column.")
        made[name] = pd.Series(column["values"], dtype=column["type"])
    return pd.DataFrame(made)
