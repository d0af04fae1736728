"""Workbooks to fill in, one sheet for each dataset, made from the schema.

Drop-down lists stand on a hidden sheet as named ranges. Columns of text are formatted as text, so
that Excel turns no `1-5` into a date. The first row below the headers is an example, which an
import knows (`gcs_data.incoming.examples`) and skips.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from exports import template_words
from exports.template_words import YES_NO
from exports.workbook import CREATED, Writer, sheet_names
from gcs_data.errors import UnknownDatasetError
from gcs_data.folding import folded
from gcs_data.incoming import places
from gcs_data.incoming.examples import EXAMPLES
from gcs_data.schema import DATASETS, Dataset, rules
from words import Words

NAMES = tuple(EXAMPLES)  # What people fill in: nothing derived, and not the countries.
REFERRED = ("countries", "stories", "genes", "occasions")
HIGHEST_SCORE = 100  # On any scale; which one, another column says.
LAST_ROW = 1_048_575
WIDE, NARROW = 40, 18
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255  # Excel's limits for what it says beside a cell.
REQUIRED, OPTIONAL, GREY = "#FFE08A", "#E8EAED", "#6B7078"


def template(names: Sequence[str], published: Mapping[str, pd.DataFrame], *, t: Words) -> bytes:
    """A workbook to fill in with these datasets.

    Args:
        names: Some of `NAMES`, in the order of the sheets.
        published: The datasets in `REFERRED`, for the drop-down lists. One that is missing or has
            no rows gives no list.
        t: The words of whoever fills it in.

    Returns:
        An xlsx file: equal bytes for equal arguments.

    Raises:
        UnknownDatasetError: If there is no such dataset, or nobody fills it in by hand.
    """
    if unknown := [name for name in names if name not in NAMES]:
        raise UnknownDatasetError(unknown[0], NAMES)
    lists = _lists(names, published, t)
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        about, listed = sheet_names([t("Read me"), "Lists", *names])[:2]
        _write_read_me(book, book.add_worksheet(about), names, t)
        looks = _looks(book)
        for name in names:
            _write_sheet(book, looks, DATASETS[name], lists, t)
        _write_lists(book, book.add_worksheet(listed), lists)
    return file.getvalue()


def _write_read_me(book: Any, sheet: Any, names: Sequence[str], t: Words) -> None:
    heading = book.add_format({"bold": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    write = Writer(book, sheet)
    for row, line in enumerate(template_words.read_me(names, t)):
        write.text(row, 0, line[0], heading)
        write.text(row, 1, line[1], body)


def _looks(book: Any) -> dict[str, Any]:
    text = {"num_format": "@"}
    header = {**text, "bold": True, "bottom": 1}
    example = {"italic": True, "font_color": GREY}
    return {
        "required": book.add_format({**header, "bg_color": REQUIRED}),
        "optional": book.add_format({**header, "bg_color": OPTIONAL}),
        "text": book.add_format(text),
        "number": None,
        "example text": book.add_format({**text, **example}),
        "example number": book.add_format(example),
    }


def _write_sheet(
    book: Any,
    looks: Mapping[str, Any],
    dataset: Dataset,
    lists: Mapping[str, Sequence[str]],
    t: Words,
) -> None:
    sheet = book.add_worksheet(dataset.name)
    sheet.freeze_panes(1, 1)
    write = Writer(book, sheet)
    for place, (name, column) in enumerate(dataset.columns.items()):
        kind = "number" if rules(column)["kind"] in ("whole", "number") else "text"
        width = WIDE if name in ("title", "summary") else max(NARROW, len(name) + 2)
        sheet.set_column(place, place, width, looks[kind])
        write.text(0, place, name, looks["optional" if column.nullable else "required"])
        note = template_words.note(dataset, name, t)
        sheet.write_comment(0, place, note, {"x_scale": 2, "y_scale": 1.5})
        if allowed := _validation(dataset, name, lists, t):
            sheet.data_validation(1, place, LAST_ROW, place, allowed)
        example = EXAMPLES[dataset.name].get(name, "")
        if example and kind == "number":
            sheet.write_number(1, place, float(example), looks["example number"])
        else:
            write.text(1, place, example, looks["example text"])


def _validation(
    dataset: Dataset, name: str, lists: Mapping[str, Sequence[str]], t: Words
) -> dict[str, Any] | None:
    """What Excel lets a person write. It helps whoever fills it in; an import checks anew."""
    rule = rules(dataset.columns[name])
    source = _list_name(dataset, name)
    if source in lists and rule["refers"]:
        # Not refused: it may name a row that is itself only being added.
        return {
            "validate": "list",
            "source": f"={_range(source)}",
            "error_type": "information",
            "error_title": _cut(t("Not in the list"), LONGEST_TITLE),
            "error_message": _cut(
                t("It may be new. When you upload this, you will see whether it is known."),
                LONGEST_MESSAGE,
            ),
        }
    if source in lists:
        return {
            "validate": "list",
            "source": f"={_range(source)}",
            "error_title": _cut(t("Not in the list"), LONGEST_TITLE),
            "error_message": _cut(t("Choose from the list."), LONGEST_MESSAGE),
        }
    if rule["kind"] == "whole" and rule["span"]:
        low, high = (0, HIGHEST_SCORE) if name == "score" else rule["span"]
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": int(low),
            "maximum": int(high),
            "error_title": _cut(t("Not a whole number"), LONGEST_TITLE),
            "error_message": _cut(template_words.whole((low, high), t), LONGEST_MESSAGE),
        }
    return None


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _lists(
    names: Sequence[str], published: Mapping[str, pd.DataFrame], t: Words
) -> dict[str, Sequence[str]]:
    """The drop-down lists that these datasets need, by name; none is empty."""
    lists: dict[str, Sequence[str]] = {}
    for dataset in (DATASETS[name] for name in names):
        for name, column in dataset.columns.items():
            rule = rules(column)
            values = YES_NO if rule["kind"] == "flag" else rule["choices"]
            if rule["refers"] in published:
                values = _ids(rule["refers"], published[rule["refers"]], t)
            if values:
                lists[_list_name(dataset, name)] = values
    return lists


def _list_name(dataset: Dataset, name: str) -> str:
    rule = rules(dataset.columns[name])
    if rule["refers"]:
        return str(rule["refers"])
    return "yes_no" if rule["kind"] == "flag" else f"{dataset.name}_{name}"


def _ids(name: str, frame: pd.DataFrame, t: Words) -> list[str]:
    """What a person chooses from to name a row of another dataset."""
    if name == "countries":
        called = frame[f"name_{t.language}"].fillna(frame["name_en"])
        codes = frame["country_iso3"]
        # A name that an import would have to ask about is no help: then the code.
        listed = [
            text if places.meaning(text).value == code else code
            for text, code in zip(called, codes, strict=True)
        ]
        return sorted(listed, key=folded)
    return sorted(frame[DATASETS[name].key[0]].dropna())


def _range(name: str) -> str:
    return f"list_{name}"


def _write_lists(book: Any, sheet: Any, lists: Mapping[str, Sequence[str]]) -> None:
    """One list in each column, without headers: nothing here is a table to import."""
    sheet.very_hidden()
    write = Writer(book, sheet)
    for place, (name, values) in enumerate(lists.items()):
        for row, value in enumerate(values):
            write.text(row, place, value)
        column = xl_col_to_name(place)
        area = f"='{sheet.get_name()}'!${column}$1:${column}${len(values)}"
        book.define_name(_range(name), area)
