"""A table as a CSV file that no spreadsheet program can be tricked by."""

import pandas as pd

# A spreadsheet runs a cell that starts with one of these as a formula; the last four are the
# full-width forms of the first four, which some programs read alike.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """Put a `'` before text that would be read as a formula, or that starts with one already."""
    return f"'{text}" if text.startswith((*DANGEROUS, "'")) else text


def unguarded(text: str) -> str:
    """Take exactly that `'` away again: `unguarded(guarded(text)) == text`."""
    return text[1:] if text.startswith("'") else text


def csv_bytes(table: pd.DataFrame) -> bytes:
    """The table as UTF-8 with a byte order mark, which Excel needs to read accents.

    Text cells and headings are guarded; numbers stay numbers; missing is an empty cell.
    """
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(
                lambda value: guarded(value) if isinstance(value, str) else value
            )
    safe.columns = [guarded(str(column)) for column in safe.columns]
    # Lines end as RFC 4180 says; with "\n" alone, Python writes a "\r" inside a cell unquoted, and
    # what stands behind it begins a row.
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
