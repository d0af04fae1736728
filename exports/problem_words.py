"""What is wrong with a cell, as a sentence in a visitor's language."""

from gcs_data.problems import MESSAGES, Problem
from words import Words


def sentence(problem: Problem, t: Words) -> str:
    """The problem as one sentence with a capital letter. Plain text; values in it are data."""
    fields = problem.fields
    if "expected" in fields:
        fields["expected"] = t(str(fields["expected"]))
    text = t(MESSAGES[problem.rule], **fields)
    return text[:1].upper() + text[1:]


def suggestion(problem: Problem) -> str:
    """What may have been meant; empty where nothing comes near."""
    return problem.suggestions[0] if problem.suggestions else ""
