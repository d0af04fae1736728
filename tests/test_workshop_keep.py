from dataclasses import replace

import pandas as pd
import pytest
from tiny_data import frame, ship
from workshop_rooms import ballot, cast, room_in, stored, tallies

import gcs_data
from gcs_data import derive, query
from gcs_data.errors import PublishConflictError, StoreError
from gcs_data.pseudonym import is_pseudonym
from workshop import keep, paper, rooms, tally
from workshop.errors import RefusedError

pytest_plugins = ["workshop_places"]
HELD = keep.Occasion("Nairobi, May", "2026-05-14", "Nairobi", "KEN")


@pytest.fixture
def store(tmp_path):
    return gcs_data.Store(tmp_path / "store", ship(tmp_path / "data"))


def saved(votes, room, store):
    return keep.save(votes, room, store, HELD, who="Ana", why="A workshop")


def two_rounds(votes):
    """Six phones in two rounds, one on paper in the first; the test ballot of a seventh."""
    room = rooms.rehearse(votes, room_in(votes, "lobby", rounds=2, ask_group=True).code)
    cast(votes, ballot(room, "tester", "11"))
    room = rooms.open_round(votes, room.code)
    cast(votes, *(ballot(room, f"d{n}", f"{n % 5 + 1}0", group="academia") for n in range(6)))
    paper.add_ballot(votes, room, {"trust": 2, "funding": 4}, "government")
    rooms.close(votes, room.code)
    rooms.second_round(votes, room.code)
    room = rooms.open_round(votes, room.code)
    cast(votes, *(ballot(room, f"d{n}", "5-", group="academia") for n in range(6)))
    return rooms.close(votes, room.code)


def test_a_room_becomes_one_occasion_for_each_round(votes, store):
    before = gcs_data.load(store, "occasions")
    room = two_rounds(votes)

    release = saved(votes, room, store)

    occasions = gcs_data.load(store, "occasions", release.number)
    pd.testing.assert_frame_equal(occasions.iloc[: len(before)], before)
    new = occasions.iloc[len(before) :]
    assert new["title"].tolist() == ["Nairobi, May, round 1", "Nairobi, May, round 2"]
    assert new["round"].tolist() == [1, 2]
    assert new["note"].tolist() == [
        "7 ballots in a workshop; 1 of them on paper, typed in; “don’t know” was answered 6 times.",
        "6 ballots in a workshop.",
    ]
    assert (release.who, release.why) == ("Ana", "A workshop")


def test_what_the_room_saw_is_what_the_pages_show(votes, store):
    room = two_rounds(votes)
    seen = {number: tally.results(votes, room, number).profile for number in (1, 2)}

    saved(votes, room, store)

    counts = gcs_data.load(store, "rating_counts")
    for number, profile in seen.items():
        shown = query.gene_profile(
            counts,
            "kenya-cash",
            ["trust", "funding"],
            provenance="workshop",
            occasion_id=tally.occasion_id(room, number),
        )
        pd.testing.assert_frame_equal(profile[list(shown.columns)], shown)


def test_ratings_of_others_stay_as_they_are(votes, store):
    before = gcs_data.load(store, "gene_ratings")

    saved(votes, two_rounds(votes), store)

    after = gcs_data.load(store, "gene_ratings")
    kept = after[after["occasion_id"] == "room-1"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, before)
    assert set(after["provenance"]) == {"workshop"}


def test_a_rater_is_a_stranger_who_is_the_same_in_both_rounds(votes, store):
    room = two_rounds(votes)
    devices = {device for _, device in stored(votes, room)}
    again = keep.frames(votes, room, HELD, frame("occasions"))["gene_ratings"]

    saved(votes, room, store)

    ratings = gcs_data.load(store, "gene_ratings")
    new = ratings[ratings["occasion_id"] != "room-1"]
    first, second = (set(rows["rater_id"]) for _, rows in new.groupby("occasion_id"))
    assert second < first
    assert (len(first), len(second)) == (7, 6)
    assert all(map(is_pseudonym, first))
    # Drawn anew each time: no key leads from a phone to a rater.
    assert not set(again["rater_id"]) & first
    assert not any(device in text for device in devices for text in new["rating_id"])
    assert stored(votes, room) == {}


def test_ratings_come_in_no_order_that_tells_who_came_first(votes):
    room = room_in(votes)
    cast(votes, *(ballot(room, f"{n:03}", f"{1 + n // 50}-") for n in range(100)))
    room = rooms.close(votes, room.code)

    scores = keep.frames(votes, room, HELD, frame("occasions"))["gene_ratings"]["score"].tolist()

    assert sorted(scores) == [1] * 50 + [2] * 50
    assert scores != sorted(scores)


def test_groups_are_kept_and_tables_are_not(votes):
    room = room_in(votes, ask_group=True)
    cast(votes, ballot(room, "a", "5-", group="academia"), ballot(room, "b", "4-"))
    room = rooms.close(votes, room.code)
    grouped = keep.frames(votes, room, HELD, frame("occasions"))["gene_ratings"]

    at_tables = room_in(votes, ask_group=True, tables=2)
    cast(votes, ballot(at_tables, "a", "5-", group="table-1"))
    at_tables = rooms.close(votes, at_tables.code)
    tabled = keep.frames(votes, at_tables, HELD, frame("occasions"))["gene_ratings"]

    assert grouped.set_index("score")["stakeholder_group"].to_dict()[5] == "academia"
    assert grouped["stakeholder_group"].isna().sum() == 1
    assert tabled["stakeholder_group"].isna().all()


def test_hands_are_ratings_of_nobody_twice(votes, store):
    room = room_in(votes)
    paper.set_hands(votes, room, "trust", [0, 0, 1, 0, 2])
    room = rooms.close(votes, room.code)

    saved(votes, room, store)

    ratings = gcs_data.load(store, "gene_ratings")
    new = ratings[ratings["occasion_id"] == tally.occasion_id(room, 1)]
    assert sorted(new["score"]) == [3, 5, 5]
    assert new["rater_id"].nunique() == 3
    note = gcs_data.load(store, "occasions").iloc[-1]["note"]
    assert note == "0 ballots in a workshop; hands were counted for Trust."


def test_saved_groups_are_as_safe_as_every_publish(votes, store):
    room = two_rounds(votes)

    frames = keep.frames(votes, room, HELD, gcs_data.load(store, "occasions"))

    counts = derive.rating_counts(frames["gene_ratings"])
    assert set(counts["stakeholder_group"]) == {"all", "academia"}
    assert set(counts[counts["occasion_id"].str.endswith("1")]["stakeholder_group"]) == {"all"}


@pytest.mark.parametrize("state", ["lobby", "open", "paused"])
def test_a_room_that_goes_on_is_not_saved(votes, store, state):
    with pytest.raises(RefusedError, match="not_now"):
        saved(votes, room_in(votes, state), store)

    assert gcs_data.current(store) == 0


@pytest.mark.parametrize("choices", [None, "00"])
def test_nothing_is_saved_where_nobody_rated(votes, store, choices):
    room = room_in(votes)
    if choices:
        cast(votes, ballot(room, "a", choices))
    room = rooms.close(votes, room.code)

    with pytest.raises(RefusedError, match="no_ratings"):
        saved(votes, room, store)

    assert gcs_data.current(store) == 0


def test_a_store_that_cannot_be_written_leaves_the_room_as_it_is(votes, store, monkeypatch):
    room = two_rounds(votes)
    monkeypatch.setattr(
        gcs_data,
        "publish",
        lambda *a, **k: (_ for _ in ()).throw(StoreError("store_full", place="x", kept="y")),
    )

    with pytest.raises(StoreError):
        saved(votes, room, store)

    assert rooms.room(votes, room.code).state == "closed"
    assert len(stored(votes, room)) == 14


def test_a_publish_in_between_is_tried_again(votes, store, monkeypatch):
    room, publish, tried = two_rounds(votes), gcs_data.publish, []

    def slow(where, frames, **about):
        if not tried:
            other = frame("occasions", {"occasion_id": "else", "title": "Elsewhere"})
            both = pd.concat([gcs_data.load(store, "occasions"), other])
            publish(where, {"occasions": both}, base=0, who="Ben", why="Faster")
        tried.append(1)
        return publish(where, frames, **about)

    monkeypatch.setattr(gcs_data, "publish", slow)

    release = saved(votes, room, store)

    assert (release.number, len(tried)) == (2, 2)
    assert {"else", tally.occasion_id(room, 1)} < set(
        gcs_data.load(store, "occasions")["occasion_id"]
    )


def test_a_place_where_somebody_is_always_faster_says_so(votes, store, monkeypatch):
    def conflict(*_, **__):
        raise PublishConflictError(0, 1)

    monkeypatch.setattr(gcs_data, "publish", conflict)

    with pytest.raises(PublishConflictError):
        saved(votes, two_rounds(votes), store)


def test_saving_again_after_a_stop_in_between_replaces_the_same_occasions(
    votes, store, monkeypatch
):
    room = two_rounds(votes)
    with monkeypatch.context() as stopped:
        stopped.setattr(rooms, "saved", lambda *_: None)
        saved(votes, room, store)

    saved(votes, room, store)

    ratings = gcs_data.load(store, "gene_ratings")
    assert (ratings["occasion_id"] == tally.occasion_id(room, 2)).sum() == 6
    assert rooms.room(votes, room.code).state == "saved"
    assert tallies(votes, room)


def test_an_older_run_is_an_occasion_of_its_own(votes):
    room = room_in(votes, "closed")

    assert tally.occasion_id(replace(room, run=2), 1) != tally.occasion_id(room, 1)
