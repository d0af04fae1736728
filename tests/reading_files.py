"""What tests of the reader ask of a reading."""

import pytest

from gcs_data.errors import UnreadableFileError
from gcs_data.incoming.read import read, read_here


def sheet(content, name="stories.xlsx", *, here=True, **more):
    """The only sheet of a file."""
    (only,) = (read_here if here else read)(content, name, **more).sheets
    return only


def cells(content, name="stories.xlsx", **more):
    """The cells below the header, row by row."""
    return sheet(content, name, **more).cells.to_numpy().tolist()


def findings(content, name="stories.xlsx", **more):
    """Rule, line, column and value of each."""
    found = sheet(content, name, **more).findings
    return [(one.rule, one.line, one.column, one.value) for one in found]


def refusal(content, name="stories.xlsx", *, here=True, **more):
    """The code with which a file is refused; its sentence must be whole."""
    with pytest.raises(UnreadableFileError) as caught:
        (read_here if here else read)(content, name, **more)
    sentence = str(caught.value)
    assert "{" not in sentence
    assert sentence.endswith(".")
    return caught.value.code


def refused_with(content, name="stories.xlsx", **more):
    """Code and values of a refusal."""
    with pytest.raises(UnreadableFileError) as caught:
        read_here(content, name, **more)
    return caught.value.code, caught.value.values
