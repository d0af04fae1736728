"""What can go wrong, in one tree and one place for the wording.

    GcsDataError
    ├── UnknownDatasetError     no dataset has this name
    ├── UnknownReleaseError     no release has this number
    ├── InvalidDataError        rows break the schema; carries every problem
    ├── DamagedReleaseError     a release names a file that is missing or changed
    ├── PublishConflictError    somebody else published first
    ├── FactsFileError          a sheet of facts beside the datasets has a wrong cell
    ├── UnreadableFileError     an uploaded file cannot be read; says why and what to do
    └── StoreError              the place cannot be read or written; says why and what to do

Each message names the value, what is allowed and the next step. `code` and `values` say the same
as data, for a page that speaks another language.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

TEMPLATES = {
    "unknown_dataset": "There is no dataset called “{name}”. The datasets are {known}.",
    "unknown_release": "There is no release {number}. The newest is release {newest}.",
    "no_release_readable": (
        "No release can be read: {reason} "
        "Run “python -m gcs_data build” to write the shipped datasets anew."
    ),
    "invalid_data": "{count} problem(s) found; nothing was written.",
    "damaged_release": (
        "Release {number} cannot be opened: {reason}. "
        "Open another release, or run “python -m gcs_data verify” to see which files are damaged."
    ),
    "publish_conflict": (
        "Release {newest} was published while you worked on release {base}. "
        "Nothing was overwritten: look at what changed since, then publish again."
    ),
    "manifest_unreadable": "its manifest {path} is empty, cut short or not a manifest",
    "file_missing": "{path} is missing",
    "file_size": "{path} has {found} bytes instead of {expected}",
    "file_changed": "{path} is not what was published",
    "nothing_shipped": "there are no datasets in {path}",
    "derived_dataset": (
        "“{name}” is computed from gene_ratings at every publish. Publish gene_ratings instead."
    ),
    "unknown_occasion": "No ratings were given at “{name}”. The occasions are: {known}.",
    "sweep_unsafe": (
        "Release {number} does not say which files are its own: {reason}. Nothing was removed. "
        "Restore the manifest from a backup, then sweep again."
    ),
    "given_twice": "“{name}” is given twice. Give one file for each dataset.",
    "cell_too_long": (
        "A text in the column “{column}” of {dataset} has {length} characters, and a cell of a "
        "workbook holds {most}. Export it as CSV or Parquet."
    ),
    "facts_file": (
        "“{file}” cannot be used: line {line}, column “{column}” holds “{value}”, which is not "
        "allowed there. data/facts/README.md says what is. Repair that line."
    ),
    "nothing_to_publish": "Nothing differs from release {base}, so there is nothing to publish.",
    "store_full": "The disk is full at {place}. Free some space, then publish again. {kept}",
    "store_read_only": "{place} cannot be written to. Make it writable or set GCS_STORE. {kept}",
    "store_gone": "The store at {place} cannot be reached. Check GCS_STORE. {kept}",
    "store_refused": "The store at {place} refused access. Check its permissions and keys. {kept}",
    "store_unsafe": (
        "{place} cannot refuse to overwrite a file, so a publish there could be lost. "
        "Set GCS_STORE to a local folder or an object store with conditional writes. {kept}"
    ),
    "store_failed": "The store at {place} failed: {reason}. {kept}",
    # What counts ratings.
    "engine_unknown": "Nothing called “{name}” counts ratings. Set GCS_ENGINE to one of: {known}.",
    "engine_missing": (
        "Ratings are counted by {engine}, and “{package}” is not installed. "
        "Run “.venv/bin/pip install {install}”. {kept}"
    ),
    "engine_java": (
        "Spark did not start: it needs Java 17 or newer. Install a Java runtime, for example "
        "“apt install default-jre-headless”, or set GCS_ENGINE to duckdb. {kept}"
    ),
    "engine_failed": "The ratings could not be counted by {engine}: {reason}. {kept}",
    # Files that come in: what they are.
    "upload_empty": "“{name}” is empty. Fill it in, save it and upload it again.",
    "upload_too_big": (
        "“{name}” has {found} MB; at most {most} MB can be uploaded. "
        "Remove pictures and sheets that are not needed, or split it into several files."
    ),
    "upload_lock_file": (
        "“{name}” is the small file that a spreadsheet program keeps while a workbook is open. "
        "Upload the workbook itself: it has the same name without the sign at its beginning."
    ),
    "upload_pdf": (
        "“{name}” is a PDF, whatever its name says. "
        "Open the spreadsheet that it was made from and save that as .xlsx."
    ),
    "upload_html": (
        "“{name}” is a web page, not a spreadsheet, whatever its name says. "
        "Open it in a spreadsheet program, save it as .xlsx and upload that."
    ),
    "upload_xml": (
        "“{name}” is an XML file. "
        "Open it in a spreadsheet program, save it as .xlsx and upload that."
    ),
    "upload_other_document": (
        "“{name}” is a text document or a presentation, not a spreadsheet. "
        "Copy its table into a spreadsheet and save that as .xlsx."
    ),
    "upload_numbers": (
        "“{name}” is a Numbers document. In Numbers, export it to Excel and upload that."
    ),
    "upload_archive": (
        "“{name}” is an archive, not a spreadsheet. Unpack it and upload the files inside."
    ),
    "upload_macros": (
        "“{name}” is a workbook with macros, and those are not read here. "
        "Save it as .xlsx, which leaves the macros out, and upload that."
    ),
    "upload_xlsb": ("“{name}” is a binary workbook (.xlsb). Save it as .xlsx and upload that."),
    "upload_old_excel": (
        "“{name}” was saved by a version of Excel from before 1995, or not as a whole workbook. "
        "Save it as .xlsx and upload that."
    ),
    "upload_password": (
        "“{name}” is protected by a password. Take the password off, save it and upload it again."
    ),
    "upload_unknown": (
        "“{name}” is not a kind of file that can be read. "
        "These can: .xlsx, .xls, .ods, .csv, .tsv and .parquet."
    ),
    "upload_no_table": (
        "“{name}” holds no table. Write the column names in one row and the data below it, "
        "then upload it again."
    ),
    # What is wrong inside.
    "upload_damaged": (
        "“{name}” is damaged or cut short. "
        "Open it in a spreadsheet program, save it as a new .xlsx file and upload that."
    ),
    "upload_inflated": (
        "“{name}” unpacks to more than {most} MB, so it was not read. "
        "Remove pictures and sheets that are not needed, or split it into several files."
    ),
    "upload_ratio": (
        "“{part}” inside “{name}” unpacks to more than {most} times its size, so it was not read. "
        "Copy the table into a new workbook and upload that."
    ),
    "upload_parts": (
        "“{name}” consists of {found} parts; a workbook may have {most}. "
        "Copy the table into a new workbook and upload that."
    ),
    "upload_doctype": (
        "“{part}” inside “{name}” declares a document type or an entity, which no spreadsheet "
        "program writes. Copy the table into a new workbook and upload that."
    ),
    "upload_same_sheets": (
        "Two sheets of “{name}” are both called “{sheet}”. Rename one and upload it again."
    ),
    "upload_cells": (
        "“{name}” has more than {most} million filled cells. Split it into several files."
    ),
    "upload_sheet_cells": (
        "With its sheet “{sheet}”, “{name}” has more than {most} million filled cells. "
        "Delete sheets that are not needed, or split it into several files."
    ),
    "upload_rows": (
        "“{name}” has a table of {rows} rows and {columns} columns. At most {most} million cells "
        "are read, empty ones too. Split it into several files."
    ),
    "upload_tables": (
        "The sheets of “{name}” have more than {most} million cells together, empty ones too. "
        "Delete sheets that are not needed, or split it into several files."
    ),
    "upload_columns": (
        "“{name}” has {found} columns on line {line}; at most {most} are read. "
        "Take out the columns that are not needed and upload it again."
    ),
    "upload_sheet_columns": (
        "The sheet “{sheet}” of “{name}” has something in the cell {cell}; at most {most} columns "
        "are read. Delete the columns to the right of the table and upload it again."
    ),
    "upload_far_cell": (
        "The sheet “{sheet}” of “{name}” reaches down to row {row}, with too much empty space "
        "between. Delete the rows below the table, save it and upload it again."
    ),
    "upload_error_value": (
        "The cell {cell} of the sheet “{sheet}” of “{name}” shows an error that cannot be read, "
        "“{value}”. Repair or empty the cell and upload the file again."
    ),
    "upload_findings": (
        "More than {most} cells or rows of “{name}” are broken, such as cells that show an error "
        "or rows that are too long. Repair what they have in common and upload the file again."
    ),
    "upload_disagree": (
        "The sheet “{sheet}” of “{name}” was read in two ways, which do not agree: {read} and "
        "{counted} filled cells. Nothing was taken from it. Open it in a spreadsheet program, "
        "save it as a new .xlsx file and upload that."
    ),
    "upload_nul": (
        "“{name}” holds a NUL byte on line {line}, at character {column}; text has none. "
        "Save it again as “CSV UTF-8” and upload that."
    ),
    "upload_encoding": (
        "“{name}” is not written in {encoding} from line {line} on. "
        "Save it again as “CSV UTF-8” and upload that."
    ),
    "upload_encoding_unknown": (
        "“{name}” is written in an encoding that cannot be told from its bytes. "
        "Say which it is, or save it again as “CSV UTF-8”."
    ),
    "upload_quote": (
        "The quotation marks in “{name}” do not fit together in the row that begins on line "
        "{line}: one is opened and not closed, or stands inside a cell. "
        "Repair that row and upload the file again."
    ),
    "upload_parquet_type": (
        "The column “{column}” of “{name}” has the type {found}. "
        "Only text, numbers, true or false, and dates can be read; write it as one of those."
    ),
    # What happened while it was read.
    "upload_memory": (
        "Reading “{name}” needs more than {most} MB of memory, so it was stopped. "
        "Copy the table into a new workbook and upload that."
    ),
    "upload_time": (
        "Reading “{name}” took too long, so it was stopped. "
        "Copy the table into a new workbook, or split it into several files."
    ),
    "upload_crashed": (
        "The program that reads files broke down over “{name}”, so nothing was taken from it. "
        "Copy the table into a new workbook and upload that."
    ),
    "upload_busy": (
        "Several other files are being read just now. Wait a minute, then upload “{name}” again."
    ),
}
KEPT = "The last release stays readable."


class GcsDataError(Exception):
    """The base of every error that this package raises on purpose."""

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        self.values = values
        super().__init__(TEMPLATES[code].format(**values))


class UnknownDatasetError(GcsDataError):
    """No dataset has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__("unknown_dataset", name=name, known=", ".join(known))


class UnknownReleaseError(GcsDataError):
    """No release has this number."""

    def __init__(self, number: object, newest: int) -> None:
        super().__init__("unknown_release", number=number, newest=newest)


class InvalidDataError(GcsDataError):
    """Rows break the schema. `problems` lists all of them, not the first."""

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = list(problems)
        super().__init__("invalid_data", count=len(self.problems))

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *map(str, self.problems)])


class DamagedReleaseError(GcsDataError):
    """A release names a file that is missing, cut short or changed."""


class PublishConflictError(GcsDataError):
    """Somebody else published first; nothing was overwritten."""

    def __init__(self, base: int, newest: int) -> None:
        super().__init__("publish_conflict", base=base, newest=newest)


class FactsFileError(GcsDataError):
    """A sheet of facts beside the datasets has a cell, or a header, that is not allowed."""

    def __init__(self, file: str, line: int, column: str, value: str) -> None:
        super().__init__("facts_file", file=file, line=line, column=column or "–", value=value[:80])


class UnreadableFileError(GcsDataError):
    """An uploaded file cannot be read. Nothing of it was kept."""


class StoreError(GcsDataError):
    """The place where releases are kept cannot be read or written."""


def near_misses(value: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known values that look like this one, best first; empty where none does."""
    return get_close_matches(str(value), list(known), n=most, cutoff=0.6)
