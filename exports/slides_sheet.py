"""The workbook behind a chart: what it draws, and beside that what else is known of each gene.

No cell of it is a formula or a link, whatever a gene or a group is called.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from exports.workbook import CREATED, Writer

SHEET = "Sheet1"  # The library's charts look for their numbers there.
NAMES_WIDTH, NUMBERS_WIDTH = 34, 12


@dataclass(frozen=True)
class Numbers:
    """What a chart draws.

    Attributes:
        genes: The categories, as they are written in the chart.
        series: The name of each series and its values, NaN for a gap.
        beside: More columns for the data sheet, one row per gene.
    """

    genes: Sequence[str]
    series: Sequence[tuple[str, Sequence[float]]]
    beside: pd.DataFrame = field(default_factory=pd.DataFrame)

    def column(self, name: str) -> str:
        """Where a column of `beside` is in the sheet, such as `Sheet1!$D$2:$D$8`."""
        place = 1 + len(self.series) + list(self.beside.columns).index(name)
        letter = xl_col_to_name(place)
        return f"{SHEET}!${letter}$2:${letter}${len(self.genes) + 1}"


def data_sheet(numbers: Numbers) -> bytes:
    """The workbook behind a chart."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet(SHEET)
        write = Writer(book, sheet)
        columns: list[tuple[object, Sequence[object]]] = [("", numbers.genes)]
        columns += numbers.series
        columns += [
            (name, numbers.beside.iloc[:, n].tolist()) for n, name in enumerate(numbers.beside)
        ]
        for column, (name, values) in enumerate(columns):
            sheet.set_column(column, column, NUMBERS_WIDTH if column else NAMES_WIDTH)
            write.text(0, column, str(name))
            for row, value in enumerate(values, 1):
                write.value(row, column, value)
    return file.getvalue()
