"""What is wrong with the whole of the data once an upload is in it.

An import looks at the file. Here is what only shows together with what is published: a reference to
a row that goes or is left out, two rows that must not be the same, a correction that does not fit
the rest of its row. Problems of the file's rows are named one by one. Those of published rows are
counted, one problem for each column and rule: a story that goes may have thousands of ratings.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from gcs_data.checks import Broken, broken_rules
from gcs_data.incoming.limits import cell_name
from gcs_data.incoming.sheets import Reading
from gcs_data.incoming.understand import Understood
from gcs_data.matching import Rows
from gcs_data.problems import Problem
from gcs_data.schema import DATASETS, rules

MOST_NAMED = 3  # Of the published rows that a problem counts.


@dataclass(frozen=True)
class Merged:
    """A dataset as it would become; for each row its position in the file, -1 where published."""

    frame: pd.DataFrame
    source: Rows


@dataclass(frozen=True)
class Whole:
    """A release and the file that is to change it.

    Attributes:
        published: A dataset of the release, by its name.
        names: The datasets that people write and the release has.
        understood: What the file holds.
        reading: The file; without it, problems name no cell.
    """

    published: Callable[[str], pd.DataFrame]
    names: Collection[str]
    understood: Understood
    reading: Reading | None = None


def consequences(
    whole: Whole,
    merged: Mapping[str, Merged],
    bad: Mapping[str, Collection[int]],
    left_out: Mapping[str, Collection[int]],
) -> list[Problem]:
    """Every problem that only shows in the whole.

    Args:
        whole: The release and the file.
        merged: The datasets of the file as they would become.
        bad: By dataset, positions of the file's rows of which something is said already: there
            is no more to say.
        left_out: Those that are not in `merged`.
    """
    referred = _targets(DATASETS)
    ids = {
        name: _ids(name, merged[name].frame if name in merged else whole.published(name))
        for name in referred & (_targets(merged) | merged.keys())
        if name in merged or name in whole.names
    }
    lost = {
        name: _ids(name, whole.understood.frames[name].iloc[sorted(rows)])
        for name, rows in left_out.items()
        if name in referred
    }
    problems: list[Problem] = []
    for name, each in merged.items():
        for broken in broken_rules(DATASETS[name], each.frame, ids):
            if len(broken.rows):
                problems += _of_rule(whole, name, each, broken, set(bad.get(name, ())), lost)
    for name in whole.names:
        if name not in merged:
            problems += _lost_references(whole, name, merged, ids)
    return problems


def _targets(names: Iterable[str]) -> set[str]:
    """The datasets that columns of these refer to."""
    columns = [column for name in names for column in DATASETS[name].columns.values()]
    return {rules(column)["refers"] for column in columns} - {""}


def _ids(name: str, frame: pd.DataFrame) -> set[str]:
    return set(frame[DATASETS[name].key[0]].dropna().unique())


def _of_rule(
    whole: Whole,
    name: str,
    merged: Merged,
    broken: Broken,
    bad: Collection[int],
    lost: Mapping[str, Collection[str]],
) -> Iterator[Problem]:
    """One problem for each of the file's rows that breaks a rule, one for all published ones."""
    if broken.rule == "missing" and broken.column not in whole.understood.present[name]:
        return  # The import says so once, of the whole column.
    published: list[object] = []
    for row in broken.rows:
        value, values, suggestions = broken.say(int(row))
        rule, source = broken.rule, int(merged.source[row])
        if rule == "duplicate":
            # Of two rows that are the same, the one to fix is the file's.
            other = int(merged.source[values["other_row"]])
            source, other = (source, other) if source >= 0 else (other, source)
            values = {"key": values["key"]}
            if other >= 0:
                values["other"] = _line(whole.understood, name, other)
            else:
                rule = "same_as_published"
        if rule == "unknown_reference" and value in lost.get(values["refers"], ()):
            rule, suggestions = "refers_left_out", ()
        if source < 0:
            published.append(value)
        elif source not in bad:
            yield _of_file(whole, name, source, broken.column, value, rule, values, suggestions)
    if published:
        said = {**values, "count": len(published)}
        rule = "still_referred" if broken.rule == "unknown_reference" else "published_wrong"
        yield Problem(name, None, broken.column, _named(published), rule, said)


def _of_file(whole: Whole, name, row, column, value, rule, values, suggestions) -> Problem:  # type: ignore[no-untyped-def]
    """A problem of one of the file's rows, with where that stands."""
    understood = whole.understood
    sheet = str(understood.lines[name]["sheet"].iloc[row])
    line = _line(understood, name, row)
    matched = understood.columns[sheet].matched
    found = [each for each in whole.reading.sheets if each.name == sheet] if whole.reading else []
    header, cell = "", ""
    if found and column in matched:
        at = matched[column]
        header, cell = found[0].header[at], cell_name(line - 1, found[0].first_column + at)
    key = understood.frames[name][list(DATASETS[name].key)].iloc[row].dropna()
    return Problem(
        name,
        row,
        column,
        value,
        rule,
        values,
        suggestions,
        at=line,
        sheet=sheet,
        cell=cell,
        key=", ".join(map(str, key)),
        header=header,
    )


def _line(understood: Understood, name: str, row: int) -> int:
    return int(understood.lines[name]["line"].iloc[row])


def _lost_references(
    whole: Whole, name: str, merged: Mapping[str, Merged], ids: Mapping[str, set[str]]
) -> Iterator[Problem]:
    """For a dataset that the file does not change: which of its rows point to what goes."""
    for column, rule in DATASETS[name].columns.items():
        target = rules(rule)["refers"]
        if target not in merged or not _ids(target, whole.published(target)) - ids[target]:
            continue
        values = whole.published(name)[column]
        lost = values[values.notna() & ~values.isin(ids[target])]
        if len(lost):
            said = {"refers": target, "count": len(lost)}
            yield Problem(name, None, column, _named(lost), "still_referred", said)


def _named(values: Iterable[object]) -> str:
    """The first of these values, each once."""
    different = list(dict.fromkeys(map(str, values)))
    return ", ".join(different[:MOST_NAMED]) + (" …" if len(different) > MOST_NAMED else "")
