"""Nobody can be read off: not by adding and subtracting what is published, not by name."""

import json
import logging
import zipfile
from io import BytesIO
from itertools import product

import numpy as np
import openpyxl
import pandas as pd
import pytest
from starlette.applications import Starlette
from tiny_data import ship, tiny

from exports.dataset_file import FORMATS
from gcs_data.__main__ import main
from gcs_data.derive import rating_counts
from gcs_data.people import People
from gcs_data.pseudonym import pseudonym
from gcs_data.schema import DATASETS, SMALLEST_GROUP, STAKEHOLDER_GROUPS
from gcs_data.store import Store, publish
from server import api
from server.api_asking import ROOT

APP = Starlette(routes=[api.mounted()])
GENES = ("trust", "funding")


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("GCS_DATA", str(ship(tmp_path / "data")))
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("GCS_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.setenv("GCS_ILLUSTRATIVE", "1")
    monkeypatch.chdir(tmp_path)
    return Store(str(tmp_path / "store"), tmp_path / "data")


def partitions(people, groups, most=None):
    """Every way to be so many people in so many groups, the largest first."""
    if groups == 0:
        return [()] if people == 0 else []
    largest = min(people - groups + 1, most or people)
    return [
        (size, *rest)
        for size in range(largest, 0, -1)
        for rest in partitions(people - size, groups - 1, size)
    ]


def room(sizes, skips=()):
    """A room: so many people in each group, each with a score of their own for every gene."""
    people = [g for g, size in zip(STAKEHOLDER_GROUPS, sizes, strict=False) for _ in range(size)]
    scores = np.random.default_rng(sum(sizes)).integers(1, 6, (len(people), len(GENES)))
    rows = [
        {
            "rating_id": f"r-{person}-{gene}",
            "story_id": "kenya-cash",
            "gene_id": gene,
            "score": int(scores[person, at]),
            "scale": "1-5",
            "rater_id": pseudonym(f"person {person}", b"key"),
            "stakeholder_group": group,
            "occasion_id": "room-2",
            "provenance": "workshop",
        }
        for (person, group), (at, gene) in product(enumerate(people), enumerate(GENES))
        if (person, gene) not in skips
    ]
    dtypes = DATASETS["gene_ratings"].dtypes
    return pd.DataFrame(rows, columns=list(dtypes), dtype=object).astype(dtypes)


def by_group(counts, gene):
    """What a table of counts says of a gene: how often each score was given, by group."""
    mine = counts[(counts["gene_id"] == gene) & (counts["occasion_id"] == "room-2")]
    table = mine.pivot_table(
        index="stakeholder_group", columns="score", values="n", aggfunc="sum", fill_value=0
    )
    return table.reindex(columns=range(1, 6), fill_value=0)


def members(label, shown, rated):
    """Who is behind a published label, as ones and zeros over those who rated the gene."""
    groups = rated["stakeholder_group"]
    if label == "all":
        return np.ones(len(rated), dtype=int)
    if label == "other":
        return (~groups.isin(shown)).to_numpy(dtype=int)
    return (groups == label).to_numpy(dtype=int)


def isolated(published, rated):
    """Every set of fewer than five people whose scores follow from published tables of a gene.

    Any sum and difference of the tables is tried. It tells the scores of a set of people if it
    counts each of them once and nobody else.
    """
    shown = [label for table in published for label in table.index]
    sets = set()
    for table in published:
        for label, counts in table.iterrows():
            who = members(label, shown, rated)
            scores = rated["score"].to_numpy(dtype=int)
            assert [int((who * (scores == s)).sum()) for s in range(1, 6)] == counts.tolist()
            sets.add(tuple(who))
    vectors = np.array(sorted(sets))
    found = []
    for signs in product((-1, 0, 1), repeat=len(vectors)):
        counted = np.array(signs) @ vectors
        if set(counted) <= {0, 1} and 0 < counted.sum() < SMALLEST_GROUP:
            found.append(int(counted.sum()))
    return found


def told(ask, path):
    answer = ask(APP, ROOT + path)
    assert answer.status == 200, answer.text
    return answer.body


def doors(ask):
    """The counts as everybody can get them: dataset, downloads, and the API's own figures."""
    page = json.loads(told(ask, "/datasets/rating_counts?limit=1000"))
    story = json.loads(told(ask, "/stories/kenya-cash"))
    totals = [
        {
            "gene_id": gene["gene_id"],
            "stakeholder_group": "all",
            "occasion_id": series["occasion_id"],
            "score": score,
            "n": gene[f"n_{score}"],
        }
        for series in story["dna"]
        for gene in series["genes"]
        for score in range(1, 6)
        if gene["n"]
    ]
    return [
        pd.DataFrame(page["rows"]),
        pd.read_csv(BytesIO(told(ask, "/datasets/rating_counts.csv"))),
        pd.read_parquet(BytesIO(told(ask, "/datasets/rating_counts.parquet"))),
        pd.DataFrame(totals),
    ]


@pytest.mark.parametrize("sizes", partitions(12, 5), ids=str)
def test_no_sum_or_difference_of_what_is_published_isolates_fewer_than_five(store, ask, sizes):
    ratings = room(sizes)
    genes = tiny()["genes"].assign(name=["Trust", "Funding"])
    frames = {"gene_ratings": ratings, "genes": genes}
    publish(store, frames, base=0, who="Amina", why="A room of twelve")

    tables = doors(ask)

    for gene in GENES:
        rated = ratings[ratings["gene_id"] == gene]
        assert isolated([by_group(table, gene) for table in tables], rated) == []


SKIPPED = [
    pytest.param({(0, "funding")}, id="one person of a large group"),
    pytest.param({(11, "funding")}, id="the only person of a group"),
    pytest.param({(person, "funding") for person in range(3)}, id="three of a group"),
    pytest.param({(0, "funding"), (6, "trust"), (11, "trust")}, id="different people"),
    pytest.param({(person, "funding") for person in range(6)}, id="a whole group"),
]


@pytest.mark.parametrize("skips", SKIPPED)
@pytest.mark.parametrize("sizes", [(6, 2, 2, 1, 1), (5, 4, 1, 1, 1), (8, 1, 1, 1, 1)], ids=str)
def test_nobody_is_isolated_by_what_others_skipped(sizes, skips):
    ratings = room(sizes, skips)
    counts = rating_counts(ratings)

    for gene in GENES:
        rated = ratings[ratings["gene_id"] == gene]
        table = by_group(counts, gene)
        total = table.sum().to_frame("all").T
        assert isolated([table, total], rated) == []


def test_the_search_finds_a_leak_where_there_is_one():
    every_group = room((6, 3, 3)).query("gene_id == 'trust'")
    naive = every_group.value_counts(["gene_id", "occasion_id", "stakeholder_group", "score"])
    large_and_all = room((9, 3)).query("gene_id == 'trust'")
    total = large_and_all.assign(stakeholder_group="all")
    counted = [
        rows.value_counts(["gene_id", "occasion_id", "stakeholder_group", "score"])
        for rows in (large_and_all.query("stakeholder_group == 'government'"), total)
    ]

    assert isolated([by_group(naive.rename("n").reset_index(), "trust")], every_group) == [3, 3]
    tables = [by_group(each.rename("n").reset_index(), "trust") for each in counted]
    assert isolated(tables, large_and_all) == [3]


@pytest.mark.parametrize("name", ["gene_ratings", "rating_pairs"])
@pytest.mark.parametrize("end", ["", ".csv", ".parquet"])
def test_single_ratings_and_pairs_are_at_no_public_address(store, ask, name, end):
    assert ask(APP, f"{ROOT}/datasets/{name}{end}").status == 404


NAMES = ["Xanthippe Quillfeather", "Oluwaseun Ádébáyò", "Ильдар Фахрутдинов"]


def upload(tmp_path, names):
    """Ratings as staff have them, with names."""
    book = openpyxl.Workbook()
    book.active.title = "gene_ratings"
    header = ["rating_id", "story_id", "gene_id", "score", "rater_id", "occasion_id", "provenance"]
    book.active.append([*header, "stakeholder_group"])
    for number, name in enumerate(names):
        row = [f"r2-{number}", "kenya-cash", "trust", number % 5 + 1, name, "room-2", "workshop"]
        book.active.append([*row, "academia"])
    book.save(tmp_path / "upload.xlsx")
    return str(tmp_path / "upload.xlsx")


def texts(path):
    """Everything that a file holds, as bytes: as it is, and unpacked."""
    content = path.read_bytes()
    yield content
    if path.suffix == ".parquet":
        frame = pd.read_parquet(BytesIO(content))
        yield frame.to_csv().encode()
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def spelt(name):
    """A name in every way in which it could stand in a file."""
    ways = {name, name.casefold(), name.upper(), *name.split()}
    escaped = {json.dumps(way)[1:-1] for way in ways}
    return {way.encode(code) for way in ways | escaped for code in ("utf-8", "utf-16-le")}


def test_a_raters_name_is_in_no_release_log_or_export(store, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    file = upload(tmp_path, [*NAMES, "A wrong score"])

    assert main(["check", file, "--json", "--scale", "1-5"]) == 0
    assert main(["publish", file, "--scale", "1-5", "--reason", "A room"]) == 0
    for name, format in product(DATASETS, FORMATS):
        assert main(["export", name, "--format", format, "-o", f"out.{name}.{format}"]) == 0
    main(["history"])
    main(["verify"])
    main(["forget", NAMES[0]])

    (tmp_path / "upload.xlsx").unlink()
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len([path for path in kept if path.name.startswith("out.")]) == 36
    said = "".join(capfd.readouterr()).encode() + caplog.text.encode()
    people = tmp_path / "secrets" / "people.sqlite"
    for name in NAMES:
        ways = spelt(name)
        assert not [way for way in ways if way in said]
        for path in kept:
            held = any(way in text for text in texts(path) for way in ways)
            # The one table that may hold names holds them, but for who was forgotten.
            assert held == (path == people and name != NAMES[0]), path.name


def test_a_name_beside_a_problem_is_not_shown(store, tmp_path, capfd):
    book = openpyxl.load_workbook(upload(tmp_path, NAMES))
    book.active["D2"] = "seven"
    book.active["E3"] = "#REF!"
    book.active["H4"] = "Ильдар Фахрутдинов"  # A name in the wrong column is a wrong group.
    book.save(tmp_path / "upload.xlsx")

    assert main(["check", str(tmp_path / "upload.xlsx"), "--scale", "1-5"]) == 1

    said = "".join(capfd.readouterr())
    assert "D2" in said
    assert "Xanthippe" not in said


def test_a_check_remembers_nobody(store, tmp_path):
    main(["check", upload(tmp_path, NAMES), "--scale", "1-5"])

    assert People(tmp_path / "secrets").names() == []
    assert not (tmp_path / "secrets").exists()
