"""One thing that is wrong with a sheet, and the wording of everything that can be.

A `Problem` says which sheet, row and column, which value, which rule, and what is allowed. Its
wording stands in one place (`MESSAGES`), so that a page can say the same in another language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gcs_data.schema import DATE, ISO3, LANGUAGE, LETTER, PSEUDONYM, SLUG, SOURCE, WEB

LONGEST_VALUE = 120  # Characters of a value that a message shows; a cell can hold 32,767.

MESSAGES = {
    # Sheets and their columns.
    "unknown_column": "there is no column called “{column}” here. The columns are {allowed}.",
    "missing_column": "the column “{column}” is missing.",
    "repeated_column": "the column “{column}” is there twice.",
    "same_column": "these columns all mean “{column}”: {headers}. Keep one of them.",
    "unsure_column": "“{value}” is not one of our columns, but looks like one.",
    "unsure_dataset": "it is not clear what this sheet holds. It could be: {allowed}.",
    "no_dataset": "no sheet of this file has the columns of one of our datasets.",
    "sheets_differ": "the sheets {sheets} hold the same dataset and must have the same columns.",
    "no_file": "the file “{value}” is missing.",
    "not_utf8": "the file is not UTF-8 text ({value}). Save it as “CSV UTF-8”.",
    "empty_file": "the file “{value}” is empty; its first line must name the columns.",
    "broken": "the file cannot be read from here on ({value}). Look for a quotation mark too many.",
    "ragged": "this row has {found} cells instead of {expected}: “{value}”.",
    "example_filled": (
        "this row still has the name of the example, “{value}”. Give it a name of its own, "
        "or delete it."
    ),
    # Cells as they were read.
    "error_cell": "the spreadsheet shows an error here: {value}.",
    "merged": "this cell is merged with others. Take the merge apart and fill every cell.",
    "unreadable_cell": "this cell could not be read ({value}).",
    # Single values.
    "missing": "this cell must not be empty.",
    "not_whole": "“{value}” is not a whole number.",
    "not_number": "“{value}” is not a number.",
    "not_flag": "“{value}” is neither true nor false.",
    "decimal_comma": "“{value}” has a comma. In this file a number is written with a point.",
    "percent": "“{value}” is a percentage. Write the number alone.",
    "not_calculated": "the file does not hold the result of this formula. Save it once in Excel.",
    "long_number": (
        "a spreadsheet keeps 15 digits of a number and has lost the end of this one, {value}. "
        "Type it again in a cell formatted as text."
    ),
    "mixed_decimals": (
        "“{value}” has a point where other numbers of this column have a decimal comma, "
        "so it can be read in two ways."
    ),
    "excel_date": "Excel turned {typed} into {day}. Type it again in a cell formatted as text.",
    "date_not_number": "this cell holds the date {value} where a number is expected.",
    "no_such_day": "there is no such day as {value}.",
    "choice": "“{value}” is not one of {allowed}.",
    "ambiguous": "“{value}” can mean more than one: {allowed}.",
    "span": "{value} is not between {low} and {high}.",
    "pattern": "“{value}” is not written as expected: {expected}.",
    "untrimmed": "“{value}” is empty, or begins or ends with a space.",
    "type": "“{value}” has the wrong type; expected {expected}.",
    "duplicate": "the row on line {other} has the same {key}: {value}.",
    "unknown_reference": "“{value}” is not in {refers}.",
    "bad_pseudonym": (
        "“{value}” looks like a pseudonym, but its check character is wrong. Copy it again."
    ),
    "more_problems": (
        "this column has {count} more cells with the same problem. Repair what they have in common."
    ),
    # Scores and their scale.
    "undeclared_scale": "say on which scale the scores were given: {allowed}.",
    "off_scale": "{value} is not on the declared scale, {scale}.",
    "score_differs": "{given} on the scale {scale} makes {expected}, not {value}.",
    "missing_as_given": "a score from the scale {scale} needs the score as it was given.",
    # Together with what is published.
    "same_as_published": "a published row has the same {key}: {value}.",
    "refers_left_out": "“{value}” in {refers} is left out, so this row cannot be published.",
    "still_referred": (
        "published rows point here to what would be removed from {refers}: {value}. Rows: {count}."
    ),
    "unsure_removal": (
        "nothing can be removed here while rows are left out whose key cannot be read. "
        "Such rows: {count}."
    ),
    "published_wrong": "published rows would no longer be right, such as {value}. Rows: {count}.",
    # What else the uploader should know. Nothing to fix.
    "unused_column": "The column “{value}” ({cell}) was not used.",
    "unused_sheet": "The sheet “{value}” was not used: its columns are not those of a dataset.",
    "left_out_sheet": "The sheet “{value}” was left out, as you chose.",
    "hidden_sheet": "The sheet “{value}” is hidden and was not used.",
    "rows_above_header": (
        "Rows above the headers of the sheet “{sheet}” were left out: {count}. The headers stand "
        "on line {line}."
    ),
    "assumed_encoding": (
        "The file does not say how its letters are stored; it was read as {encoding}. "
        "Look whether this is right: {sample}"
    ),
    "other_extension": "The name ends in {extension}, but the file is {kind}. It was read as that.",
    "no_table": "The sheet “{value}” holds no table.",
    "derived_sheet": "The sheet “{value}” was not used: we compute it ourselves at every publish.",
    "empty_sheet": "The sheet “{value}” has no rows.",
    "example_skipped": "The example row was skipped: line {value}.",
    "blank_rows": "Rows without a value in any of our columns were skipped: {count}.",
    "column_read_as": "The column “{value}” was read as “{means}”.",
    "read_as": "“{value}” was read as “{means}” in {column}. Cells: {count}.",
    "remembered": (
        "“{value}” was read as “{means}” in {column}, as {who} confirmed on {when}. Cells: {count}."
    ),
    "commas_read": "Numbers with a decimal comma in {column}: {count}.",
    "times_dropped": "Times of day were left out in {column}. Cells: {count}.",
    "dates_as_text": "Dates in the text column {column} were read as written. Cells: {count}.",
    "pseudonyms": "Names of raters that became pseudonyms: {count}. The names are not kept here.",
    "scale_rule": (
        "Scores given from {low} to {high} become 1 to 5 by one rule: 1 + 4 × (score − {low}) / "
        "{width}, rounded to the nearest whole number, halves up. The score as given is kept."
    ),
    "scores_converted": "Scores converted from the scale {scale} to 1-5: {count}.",
    "look_alike": (
        "“{value}” (line {line}) looks like “{other}”, but is written with other letters."
    ),
    "did_you_mean": "Did you mean “{suggestion}”?",
}
PATTERNS = {
    SLUG: "small letters and digits with hyphens, like “glacy-plus”",
    SOURCE: "a web address that starts with https://",
    WEB: "a web address that starts with https://",
    ISO3: "three capital letters, like EST",
    DATE: "a date like 2026-05-14",
    LETTER: "one capital letter",
    LANGUAGE: "two small letters, like fr",
    PSEUDONYM: "a pseudonym: r- and 20 characters",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to fix, in the coordinates of the sheet it came from.

    Attributes:
        row: Counts data rows from 0; None where the whole column or sheet is meant.
        column: The schema's name of the column.
        value: What was seen. Never a person's name.
        rule: The code of its sentence in `MESSAGES`; `values` holds what else the sentence says.
        suggestions: What may have been meant, best first.
        at: The line of a CSV file, or the row of a sheet, where the reader knew it.
        sheet, cell: Where it stands in an uploaded file: "Stories", "B17".
        key: What identifies the row, as its key columns say.
        header: The column's name as the file writes it.
        question: The id of the question whose answer solves it.
    """

    dataset: str
    row: int | None
    column: str
    value: object
    rule: str
    values: Mapping[str, Any] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    at: int | None = None
    sheet: str = ""
    cell: str = ""
    key: str = ""
    header: str = ""
    question: str = ""

    @property
    def line(self) -> int:
        """The line it stands on: as read, else as in a sheet in which row 0 is on line 2."""
        if self.at is not None:
            return self.at
        return 1 if self.row is None else self.row + 2

    @property
    def fields(self) -> dict[str, Any]:
        """What fills the placeholders of its sentence, in whatever language that is."""
        column = shortened(self.header or self.column)
        return {**self.values, "value": shortened(self.value), "column": column}

    @property
    def message(self) -> str:
        text = MESSAGES[self.rule].format(**self.fields)
        if self.suggestions:
            text += " " + MESSAGES["did_you_mean"].format(suggestion=self.suggestions[0])
        return text

    def __str__(self) -> str:
        if not (self.sheet or self.cell):
            return f"{self.dataset}.csv, line {self.line}, {self.column}: {self.message}"
        where = (self.sheet, self.cell or f"line {self.line}", self.header or self.column)
        return f"{', '.join(part for part in where if part)}: {self.message}"


def shortened(value: object) -> str:
    """A value as a message shows it: at most `LONGEST_VALUE` characters."""
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
