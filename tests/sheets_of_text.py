"""Files as a reader hands them on, made by hand: sheets of text."""

import pandas as pd

from gcs_data.incoming.sheets import Reading, Sheet
from gcs_data.schema import DATASETS


def sheet(name, header, *rows, first_line=2, **more):
    """A sheet whose header stands on line 1; rows are tuples of text."""
    lines = pd.Index(range(first_line, first_line + len(rows)), name="line", dtype="int64")
    cells = pd.DataFrame(list(rows), index=lines, columns=range(len(header)), dtype="str")
    return Sheet(name, tuple(header), 1, cells, **more)


def of_dicts(name, *rows, **more):
    """A sheet with every column that one of the rows has."""
    header = list(dict.fromkeys(column for row in rows for column in row))
    return sheet(name, header, *(tuple(row.get(c, "") for c in header) for row in rows), **more)


def file(*sheets, kind="xlsx", **more):
    return Reading("upload.xlsx", "0" * 64, kind, tuple(sheets), **more)


def written(name, frame):
    """A dataset's frame as a reader would find it in a sheet."""
    columns = {}
    for column, dtype in DATASETS[name].dtypes.items():
        values = frame[column]
        if dtype == "boolean":
            text = values.map({True: "true", False: "false"})
        elif dtype == "float64":
            text = values.map(lambda value: repr(value).removesuffix(".0"), na_action="ignore")
        else:
            text = values.astype("str")
        columns[column] = text.astype("str").fillna("")
    cells = pd.DataFrame(columns)
    return sheet(name, list(cells), *cells.itertuples(index=False, name=None))
