import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tiny_data import PAGE, event, frame, ratings, ship, story, tiny

from gcs_data.changes import between, changes
from gcs_data.checks import comparable
from gcs_data.errors import UnknownDatasetError
from gcs_data.merging import merged, without
from gcs_data.schema import DATASETS
from gcs_data.store import Store, load, publish


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "Mes données #1", ship(tmp_path / "data"))


def cells(compared):
    return compared.changed.to_dict("records")


def partner(name, kind=None, story_id="kenya-cash"):
    return {"story_id": story_id, "partner": name, "partner_type": kind, "source_url": PAGE}


def test_rows_are_added_removed_changed_and_unchanged_by_key():
    before = frame("events", event("a"), event("b", 2020), event("c"))
    after = frame("events", event("d"), event("c"), event("b", 2021))

    compared = changes("events", before, after)

    assert compared.added["event_id"].tolist() == ["d"]
    assert compared.removed["event_id"].tolist() == ["a"]
    assert cells(compared) == [{"event_id": "b", "column": "year", "old": 2020, "new": 2021}]
    assert compared.was["year"].tolist() == [2020]
    assert compared.now["year"].tolist() == [2021]
    assert compared.counts == {"added": 1, "changed": 1, "removed": 1, "unchanged": 1}
    assert compared


def test_old_and_new_are_values_and_none_where_missing():
    before = frame("stories", {**story("kenya-cash"), "year_started": None, "language": "en"})
    after = frame("stories", {**story("kenya-cash"), "year_started": 2001, "official": False})

    found = [
        (cell["column"], cell["old"], cell["new"])
        for cell in cells(changes("stories", before, after))
    ]

    assert found == [
        ("language", "en", None),
        ("year_started", None, 2001),
        ("official", True, False),
    ]
    assert [type(new) for _, _, new in found] == [type(None), int, bool]


def test_missing_equals_missing_and_the_order_of_rows_does_not_count():
    before = tiny()["stories"]

    compared = changes("stories", before, before.iloc[::-1])

    assert not compared
    assert compared.counts == {"added": 0, "changed": 0, "removed": 0, "unchanged": 2}
    assert list(compared.changed) == ["story_id", "column", "old", "new"]


@pytest.mark.parametrize(
    ("spelt", "other"),
    [("NRD Cyber", "NRD  CYBER "), ("Sécurité", "Se\u0301curite\u0301"), ("Straße", "STRASSE")],
)
def test_another_spelling_of_a_key_is_a_change_of_that_cell(spelt, other):
    before, after = frame("partners", partner(spelt)), frame("partners", partner(other))

    compared = changes("partners", before, after)

    assert cells(compared) == [
        {
            "story_id": "kenya-cash",
            "partner": spelt,
            "column": "partner",
            "old": spelt,
            "new": other,
        }
    ]
    assert len(compared.added) == len(compared.removed) == 0


def test_a_key_of_several_columns_is_compared_part_by_part():
    before = frame("partners", partner("ab c"), partner("a", story_id="b"))
    after = frame("partners", partner("a", story_id="b"), partner("a bc"))

    assert changes("partners", before, after).counts == {
        "added": 1,
        "changed": 0,
        "removed": 1,
        "unchanged": 1,
    }


def test_a_row_without_its_whole_key_is_like_no_other():
    row = frame("partners", partner(None))

    assert changes("partners", row, row).counts == {
        "added": 1,
        "changed": 0,
        "removed": 1,
        "unchanged": 0,
    }


def test_rows_with_the_same_key_go_with_each_other_in_their_order():
    before = frame("events", event("a", 2001), event("a", 2002))
    after = frame("events", event("a", 2001), event("a", 2003), event("a", 2004))

    compared = changes("events", before, after)

    assert [(cell["old"], cell["new"]) for cell in cells(compared)] == [(2002, 2003)]
    assert compared.added["year"].tolist() == [2004]


def test_a_column_that_an_older_release_lacks_counts_as_missing():
    before = frame("events", event("a")).drop(columns="year")

    found = cells(changes("events", before, frame("events", event("a", 2020))))

    assert found == [{"event_id": "a", "column": "year", "old": None, "new": 2020}]


def test_an_unknown_dataset_is_refused():
    with pytest.raises(UnknownDatasetError):
        changes("evnts", pd.DataFrame(), pd.DataFrame())


def test_a_file_adds_rows_corrects_those_it_knows_and_leaves_the_rest():
    before = frame("events", event("a", 2001), event("b", 2002))
    given_rows = frame("events", event("c", 2003), event("b", 2020))

    whole = merged("events", before, given_rows, list(given_rows))

    assert whole[["event_id", "year"]].values.tolist() == [["a", 2001], ["b", 2020], ["c", 2003]]
    assert whole.dtypes.astype(str).to_dict() == before.dtypes.astype(str).to_dict()
    assert before["year"].tolist() == [2001, 2002]


def test_a_column_that_the_file_does_not_have_keeps_its_value_and_an_empty_cell_empties_it():
    before = frame("stories", {**story("kenya-cash"), "language": "en", "year_started": 2001})
    given_rows = frame("stories", {"story_id": "kenya-cash", "language": None})

    whole = merged("stories", before, given_rows, ["story_id", "language"])

    assert whole["language"].isna().tolist() == [True]
    assert whole["year_started"].tolist() == [2001]
    assert whole["title"].tolist() == ["Cash by phone"]


def test_the_published_spelling_of_a_key_stays():
    before = frame("partners", partner("Plan International"))

    whole = merged(
        "partners",
        before,
        frame("partners", partner("plan  international", "civil_society")),
        ["story_id", "partner", "partner_type"],
    )

    assert whole[["partner", "partner_type"]].values.tolist() == [
        ["Plan International", "civil_society"]
    ]


def test_rows_go_only_when_asked_to():
    before = frame("events", event("a"), event("b"))

    whole = merged("events", before, frame("events", event("b")), ["event_id"], remove_missing=True)

    assert whole["event_id"].tolist() == ["b"]


def test_ratings_go_only_from_the_occasions_that_the_file_holds():
    before = pd.concat([ratings("room-1", 5, 4), ratings("room-2", 3)])

    whole = merged("gene_ratings", before, ratings("room-1", 5), list(before), remove_missing=True)

    assert whole["rating_id"].tolist() == ["room-1-0", "room-2-0"]


def test_rows_left_out_are_those_at_these_positions():
    rows = frame("events", event("a"), event("b"), event("c"))

    assert without(rows.set_index(pd.Index([5, 6, 7])), [0, 2])["event_id"].tolist() == ["b"]


def test_between_two_releases_only_what_differs_is_compared(store):
    summit = frame("events", event("summit-2025"))
    publish(store, {"events": summit}, base=0, who="Amina", why="New year")

    found = between(store, 0, 1)

    assert list(found) == ["events"]
    assert found["events"].added["event_id"].tolist() == ["summit-2025"]
    assert found["events"].removed["event_id"].tolist() == ["summit-2024"]
    assert between(store, 1, 0)["events"].added["event_id"].tolist() == ["summit-2024"]
    assert between(store, 1, 1) == {}


def test_of_ratings_only_occasions_that_differ_are_read_and_all_are_counted(store, monkeypatch):
    publish(store, {"gene_ratings": ratings("room-2", 1, 2)}, base=0, who="A", why="r")
    publish(store, {"gene_ratings": ratings("room-2", 1, 3)}, base=1, who="A", why="r")
    read = []
    content = store.place.read
    monkeypatch.setattr(
        type(store.place), "read", lambda self, path: read.append(path) or content(path)
    )

    found = between(store, 1, 2)["gene_ratings"]

    assert cells(found) == [{"rating_id": "room-2-1", "column": "score", "old": 2, "new": 3}]
    assert found.counts == {"added": 0, "changed": 1, "removed": 0, "unchanged": 6}
    assert len([path for path in read if path.startswith("gene_ratings/")]) == 2


def test_a_rating_that_moves_to_another_occasion_is_changed_and_not_lost(store):
    rows = ratings("room-2", 1, 2, first_rater=5)
    publish(store, {"gene_ratings": rows}, base=0, who="A", why="r")
    moved = load(store, "gene_ratings").replace({"occasion_id": {"room-2": "room-1"}})
    publish(
        store,
        {"gene_ratings": moved},
        base=1,
        who="A",
        why="r",
        drop_occasions=["room-2"],
    )

    found = between(store, 1, 2)["gene_ratings"]

    assert [(cell["rating_id"], cell["new"]) for cell in cells(found)] == [
        ("room-2-5", "room-1"),
        ("room-2-6", "room-1"),
    ]
    assert found.counts == {"added": 0, "changed": 2, "removed": 0, "unchanged": 5}


def test_ten_times_as_many_ratings_cost_no_more_each_to_compare():
    rows = pd.concat([ratings("room-1", *([1, 2, 3, 4, 5] * 200))] * 100, ignore_index=True)
    rows["rating_id"] = np.arange(len(rows)).astype(str)

    def cost(count):
        start = time.process_time()
        compared = changes("gene_ratings", rows[:count], rows[:count].assign(score=5))
        assert compared.counts["changed"] == count * 4 // 5
        return time.process_time() - start

    cost(1000)  # What only the first comparison costs.
    assert cost(100_000) < 20 * min(cost(10_000) for _ in range(3))


NAMES = st.text("aAbe\u0301é ", max_size=3)
ROWS = st.fixed_dictionaries(
    {
        "story_id": st.sampled_from(["a", "A", "b"]),
        "country_iso3": NAMES,
        "kind": st.just("adopted"),
        "year": st.none() | st.sampled_from([0, 1]),
        "note": st.none() | st.sampled_from(["", "x", "None"]),
    }
)


def key_of(row):
    return tuple(comparable(pd.Series([row[name] for name in DATASETS["replications"].key])))


SHEETS = st.lists(ROWS, unique_by=key_of, max_size=6).map(lambda rows: frame("replications", *rows))


def applied(before, compared):
    """What the changes make of a frame, by their long list of cells alone."""
    rows = {key_of(row): row for row in before.astype(object).to_dict("records")}
    for row in compared.removed.to_dict("records"):
        del rows[key_of(row)]
    for cell in cells(compared):
        rows[key_of(cell)][cell["column"]] = cell["new"]
    return frame("replications", *rows.values(), *compared.added.astype(object).to_dict("records"))


def in_order(rows):
    return sorted(map(str, rows.astype(object).where(rows.notna(), None).to_dict("records")))


@settings(max_examples=25)
@given(SHEETS, SHEETS)
@example(frame("replications"), frame("replications"))
def test_the_changes_put_on_what_was_give_what_is(before, after):
    compared = changes("replications", before, after)

    assert in_order(applied(before, compared)) == in_order(after)
    assert len(after) == sum(compared.counts.values()) - len(compared.removed)


@settings(max_examples=25)
@given(SHEETS, SHEETS)
def test_putting_a_file_on_a_dataset_twice_changes_nothing_more(before, rows):
    once = merged("replications", before, rows, list(rows))

    assert not changes("replications", once, merged("replications", once, rows, list(rows)))
    assert len(changes("replications", before, once).removed) == 0
