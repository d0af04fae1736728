"""How long 100,000 ratings take to check and compare: `python benchmarks/upload.py`.

One xlsx of 100,000 ratings by 2,500 named raters, with the occasion they were given at, is read in
its own process, understood and compared with the shipped data; and once more as corrections of
themselves, which compares every cell. Beside it stands what calamine alone needs to turn the file
into Python values. Both are best of three: seconds by the clock, and of the processor (all
processes), of which the ratio is not disturbed by what else the machine does.
"""

import os
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import python_calamine
import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gcs_data import changes
from gcs_data.incoming.choices import Choices
from gcs_data.incoming.read import read
from gcs_data.incoming.understand import understand
from gcs_data.people import People
from gcs_data.proposal import proposed
from gcs_data.schema import DATASETS, STAKEHOLDER_GROUPS
from gcs_data.store import Store, load

DATA = Path(__file__).resolve().parent.parent / "data"
RATERS, STORIES, TIMES = 2_500, 4, 3
TARGET_RATIO, TARGET_SECONDS = 5, 30
HEADER = (
    "rating_id",
    "story_id",
    "gene_id",
    "score",
    "scale",
    "rater_id",
    "stakeholder_group",
    "occasion_id",
    "rated_on",
    "provenance",
)


def workbook(stories, genes):
    """The upload, as bytes."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        occasions = book.add_worksheet("occasions")
        occasions.write_row(0, 0, ("occasion_id", "title"))
        occasions.write_row(1, 0, ("survey-2026", "A large survey"))
        ratings = book.add_worksheet("gene_ratings")
        ratings.write_row(0, 0, HEADER)
        row = 0
        for rater in range(RATERS):
            for story in stories:
                for gene in genes:
                    row += 1
                    cells = (
                        f"survey-2026.{row}",
                        story,
                        gene,
                        (7 * row + rater) % 11,
                        "0-10",
                        f"Rater Number {rater}",
                        STAKEHOLDER_GROUPS[rater % 6],
                        "survey-2026",
                        "2026-05-14",
                        "workshop",
                    )
                    ratings.write_row(row, 0, cells)
    return file.getvalue(), row


def spent():
    """Seconds of the processor so far, of this process and of those it started."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def best(work):
    """The shortest time by the clock and of the processor, and what was made."""
    clocks, processors = [], []
    for _ in range(TIMES):
        start, before = perf_counter(), spent()
        made = work()
        clocks.append(perf_counter() - start)
        processors.append(spent() - before)
    return min(clocks), min(processors), made


def said(what, clock, processor):
    """Print one line."""
    print(f"{what:44} {clock:6.2f} s   processor {processor:6.2f} s")


def calamine_alone():
    """What the library itself needs."""
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


with TemporaryDirectory() as folder:
    store = Store(Path(folder) / "store", DATA)
    known = {name: load(store, name) for name in DATASETS if not DATASETS[name].derived}
    genes = known["genes"]["gene_id"].tolist()[:10]
    stories = known["stories"]["story_id"].tolist()[:STORIES]
    people = People(Path(folder))
    content, rows = workbook(stories, genes)
    print(f"{rows:,} ratings, {len(content) / 2**20:.1f} MB")

    alone = best(calamine_alone)
    said("calamine alone", *alone[:2])
    reading = best(lambda: read(content, "survey.xlsx"))
    said("read in a process of its own", *reading[:2])
    understood = best(lambda: understand(reading[2], known, Choices(), pseudonyms=people.preview))
    said("understand", *understood[:2])
    assert understood[2].problems == (), understood[2].problems[:3]
    proposal = best(lambda: proposed(store, 0, understood[2], reading=reading[2]))
    said("compare and check the whole", *proposal[:2])
    assert proposal[2].ready and len(proposal[2].changes["gene_ratings"].added) == rows

    whole = proposal[2].frames["gene_ratings"]
    corrected = whole.assign(score=whole["score"].where(whole["score"] == 5, whole["score"] + 1))
    again = best(lambda: changes.changes("gene_ratings", whole, corrected))
    said("compare 100,000 corrections, cell by cell", *again[:2])

    clock = sum(part[0] for part in (reading, understood, proposal))
    processor = sum(part[1] for part in (reading, understood, proposal))
    said("read, understand and compare", clock, processor)
    print(
        f"{processor / alone[1]:.1f} times calamine alone of the processor, {clock / alone[0]:.1f} "
        f"by the clock (target {TARGET_RATIO}); {clock:.1f} s (target {TARGET_SECONDS} s)"
    )
