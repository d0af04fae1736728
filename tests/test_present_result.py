"""What a room found, as slides and handout take it; and what is said before its server starts."""

import pytest
from tiny_data import frame, ratings, ship
from workshop_rooms import ballot, cast, room_in

import gcs_data
from exports.room import from_json, to_json
from gcs_data import parquet
from server import accounts
from words import words
from workshop import __main__ as before
from workshop import paper, result, rooms
from workshop.keep import Occasion
from workshop.names import gene_names
from workshop.subject import Gene

pytest_plugins = ["workshop_places"]
HELD = Occasion("Cyber week", "2026-05-14")
T = words("en")


@pytest.fixture
def store(tmp_path):
    return gcs_data.Store(tmp_path / "store", ship(tmp_path / "data"))


def found(votes, room, store):
    made = result.room_result(votes, room, store, HELD, place="Nairobi, Kenya", t=T)
    assert from_json(to_json(made)).genes == made.genes
    return made


def test_the_result_is_what_the_room_gave_with_its_names_and_place(local, store):
    room = room_in(local, ask_group=True)
    cast(local, *(ballot(room, f"d{n}", "51", group="academia") for n in range(5)))
    paper.add_ballot(local, room, {"trust": 5, "funding": 5}, "academia")
    for step in (rooms.close, rooms.reveal):
        room = step(local, room.code)

    made = found(local, room, store)

    assert (made.story, made.occasion, made.place) == (
        "Cash by phone",
        "Cyber week",
        "Nairobi, Kenya",
    )
    assert made.genes == ["Trust", "Funding"]
    assert made.last[["n", "mean"]].round(2).to_dict("list") == {"n": [6, 6], "mean": [5, 1.67]}
    assert (made.joined, made.voted) == (5, 6)
    assert list(made.groups) == ["Academia"]
    assert made.notes == ("1 ballot was on paper and typed in.",)
    assert made.sources == ("https://example.org/page",)
    assert made.movement is None


def test_made_up_and_workshop_ratings_are_never_the_record(local, store):
    room = room_in(local, "revealed")

    assert found(local, room, store).record is None


def test_expert_ratings_are_the_record_before_the_published_order(local, tmp_path):
    folder = ship(tmp_path / "data")
    expert = ratings("room-1", 1, 2, 3).assign(provenance="expert")
    counts = gcs_data.derive.rating_counts(expert)
    published = frame(
        "published_dna",
        *(
            {
                "story_id": "kenya-cash",
                "gene_id": gene,
                "position": place,
                "dominant": False,
                "source_url": "https://example.org/page",
            }
            for place, gene in enumerate(("funding", "trust"), 1)
        ),
    )
    for name, rows in (("rating_counts", counts), ("published_dna", published)):
        (folder / f"{name}.parquet").write_bytes(parquet.to_bytes(rows, name))
    room = room_in(local, "revealed")

    record = found(local, room, gcs_data.Store(tmp_path / "store", folder)).record

    assert (record.name, record.provenance) == ("Expert ratings: Nairobi", "expert")
    assert record.profile["n"].tolist() == [3, 0]
    none = parquet.to_bytes(counts.iloc[:0], "rating_counts")
    (folder / "rating_counts.parquet").write_bytes(none)
    record = found(local, room, gcs_data.Store(tmp_path / "other", folder)).record
    assert record.provenance == "published"
    assert record.profile["position"].tolist() == [1, 2]


def test_where_hands_were_counted_the_people_are_counted_and_it_is_said(local, store):
    room = room_in(local)
    paper.set_hands(local, room, "trust", [0, 0, 0, 3, 9])
    for step in (rooms.close, rooms.reveal):
        room = step(local, room.code)

    made = found(local, room, store)

    assert made.voted == 12
    assert made.notes == ("For 1 gene, hands were counted.",)


def test_a_second_round_that_nobody_voted_in_is_left_out(local, store):
    room = room_in(local, rounds=2)
    cast(local, *(ballot(room, f"d{n}", "51") for n in range(5)))
    for step in (rooms.close, rooms.second_round, rooms.open_round, rooms.close, rooms.reveal):
        room = step(local, room.code)

    assert len(found(local, room, store).rounds) == 1


def test_movement_is_there_only_where_it_gives_nobody_away(local, store):
    room = room_in(local, rounds=2)
    cast(local, *(ballot(room, f"d{n}", "12") for n in range(6)))
    for step in (rooms.close, rooms.second_round, rooms.open_round):
        room = step(local, room.code)
    cast(local, *(ballot(room, f"d{n}", "5-", number=2) for n in range(6)))
    for step in (rooms.close, rooms.reveal):
        room = step(local, room.code)

    moved = found(local, room, store).movement

    assert moved[["gene", "mean_1", "mean_2", "difference"]].to_dict("list") == {
        "gene": ["Trust"],
        "mean_1": [1],
        "mean_2": [5],
        "difference": [4],
    }


def test_two_genes_that_nobody_named_are_told_apart():
    genes = tuple(Gene(name, "", "", "") for name in ("first", "second"))
    room = type("Unnamed", (), {"genes": genes})()

    names = gene_names(room, T)

    assert names == {"first": "no public name (first)", "second": "no public name (second)"}


def test_before_a_workshop_it_is_said_where_phones_vote_and_who_must_be_added(
    secrets_folder, monkeypatch, capsys
):
    monkeypatch.setenv("GCS_PUBLIC_URL", "https://gcs.example.org")

    assert before.main("8501") == 0

    said = capsys.readouterr().out
    assert "Phones vote at https://gcs.example.org/vote (GCS_PUBLIC_URL)." in said
    assert "http://localhost:8501/present" in said
    assert "Nobody can sign in to the desk yet." in said
    accounts.add("Ana", "facilitator", "a very long phrase")
    assert before.main("8501") == 0
    assert "Nobody can sign in" not in capsys.readouterr().out


def test_a_wrong_port_is_a_sentence(secrets_folder, capsys):
    assert before.main("http") == 1
    assert "http" in capsys.readouterr().err
