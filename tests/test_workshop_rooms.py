from pathlib import Path

import pytest
from tiny_data import ship
from workshop_rooms import SUBJECT, ballot, cast, room_in, stored, tallies, turnout

import gcs_data
from workshop import changing, codes, rooms
from workshop.ballots import GRACE
from workshop.errors import RefusedError, UnknownRoomError, VotesError
from workshop.room import KEPT, LIVES
from workshop.subject import subject
from workshop.votes import Votes

pytest_plugins = ["workshop_places"]


def state(room):
    return room.state, room.round


def test_a_room_begins_in_its_lobby_and_is_found_by_its_code(votes):
    made = rooms.create(votes, SUBJECT, owner="Ana", language="fr", tables=3, ask_group=True)

    assert rooms.room(votes, made.code.lower()) == made
    assert (made.state, made.phase, made.round, made.run) == ("lobby", "lobby", 1, 1)
    assert made.groups == ("table-1", "table-2", "table-3")
    assert made.subject == SUBJECT


def test_a_workshop_goes_through_two_rounds(votes):
    code = room_in(votes, "lobby", rounds=2).code
    steps = [
        (rooms.open_round, ("open", 1)),
        (rooms.pause, ("paused", 1)),
        (rooms.open_round, ("open", 1)),
        (rooms.close, ("closed", 1)),
        (rooms.reveal, ("revealed", 1)),
        (rooms.hide, ("closed", 1)),
        (rooms.reveal, ("revealed", 1)),
        (rooms.second_round, ("lobby", 2)),
        (rooms.open_round, ("open", 2)),
        (rooms.close, ("closed", 2)),
        (rooms.reveal, ("revealed", 2)),
    ]

    assert [state(step(votes, code)) for step, _ in steps] == [after for _, after in steps]
    assert state(rooms.saved(votes, rooms.room(votes, code))) == ("saved", 2)


@pytest.mark.parametrize(
    ("begin", "step"),
    [
        ("lobby", rooms.pause),
        ("lobby", rooms.close),
        ("lobby", rooms.reveal),
        ("open", rooms.reveal),  # One key must not both end a vote and show it.
        ("open", rooms.rehearse),
        ("paused", rooms.reveal),
        ("closed", rooms.pause),
        ("closed", rooms.second_round),  # A room with one round.
        ("revealed", rooms.open_round),
        ("revealed", rooms.pause),
    ],
)
def test_a_command_out_of_its_time_changes_nothing(votes, begin, step):
    before = room_in(votes, begin)

    with pytest.raises(RefusedError):
        step(votes, before.code)

    assert rooms.room(votes, before.code) == before


@pytest.mark.parametrize(
    ("begin", "step"),
    [
        ("open", rooms.open_round),
        ("paused", rooms.pause),
        ("closed", rooms.close),
        ("closed", rooms.hide),
        ("revealed", rooms.reveal),
    ],
)
def test_a_key_that_is_pressed_twice_changes_nothing(votes, begin, step):
    before = room_in(votes, begin)

    assert step(votes, before.code) == before


def test_a_round_opens_again_only_if_nobody_has_seen_its_results(votes):
    code = room_in(votes, "closed").code
    assert rooms.open_round(votes, code).stopped_at is None

    rooms.close(votes, code)
    rooms.reveal(votes, code)
    rooms.hide(votes, code)

    with pytest.raises(RefusedError, match="seen_already"):
        rooms.open_round(votes, code)


def test_the_desk_turns_pages_and_changes_nothing_else(votes):
    room = room_in(votes, "open")

    rooms.turn(votes, room.code, 1)
    rooms.turn(votes, room.code, 1)
    now = rooms.turn(votes, room.code, -1)

    assert now.turned == rooms.room(votes, room.code).turned == 1
    assert (now.state, now.round, now.version) == (room.state, room.round, room.version)
    assert rooms.reset(votes, room.code).turned == 1  # The screens' pages are the room's.


def test_a_reset_begins_a_new_run_and_keeps_the_old_one(votes):
    old = room_in(votes, "open", rounds=2)
    cast(votes, ballot(old, "a", "55"))

    new = rooms.reset(votes, old.code)
    rooms.open_round(votes, old.code)
    cast(votes, ballot(new, "a", "11"))

    kept = rooms.room(votes, old.code, run=1)
    assert (new.run, new.state, new.code) == (2, "lobby", old.code)
    assert (kept.run_id, kept.state) == (old.run_id, "closed")
    assert stored(votes, old)[1, "a"].choices == "55"
    assert stored(votes, new)[1, "a"].choices == "11"
    assert [each.run for each in rooms.runs(votes, old.room_id)] == [2, 1]
    assert rooms.saved(votes, kept).state == "saved"
    assert rooms.room(votes, old.code).state == "open"


def test_saving_forgets_the_ballots_and_keeps_the_counts(votes):
    room = room_in(votes)
    cast(votes, ballot(room, "a", "55"))
    before = tallies(votes, room)

    ended = rooms.saved(votes, rooms.close(votes, room.code))

    assert (ended.phase, ended.shows_results) == ("ended", True)
    assert stored(votes, room) == {}
    assert tallies(votes, room) == before


def test_discarding_forgets_everything(votes):
    room = room_in(votes)
    cast(votes, ballot(room, "a", "55"))

    ended = rooms.discard(votes, room)

    assert (ended.phase, ended.shows_results) == ("ended", False)
    assert (stored(votes, room), tallies(votes, room), turnout(votes, room)) == ({}, {}, {})
    with pytest.raises(RefusedError):
        rooms.saved(votes, ended)


def test_every_change_survives_a_restart(votes):
    before = rooms.note(votes, room_in(votes, "revealed", rounds=2), "Ask about trust.")
    votes.close()

    again = Votes(votes.url, votes.clock)

    assert rooms.room(again, before.code) == before
    assert rooms.second_round(again, before.code).round == 2
    again.close()


def test_two_rooms_of_two_facilitators_go_on_beside_each_other(votes):
    one, other = room_in(votes, owner="Ana"), room_in(votes, "revealed", owner="Ben")

    assert {(room.owner, room.state) for room in rooms.alive(votes)} == {
        ("Ana", "open"),
        ("Ben", "revealed"),
    }
    assert one.code != other.code


def test_a_code_works_for_two_days_after_the_last_command(votes, clock):
    room = room_in(votes, "closed")
    clock.now += LIVES
    room = rooms.reveal(votes, room.code)
    clock.now += LIVES + 1

    with pytest.raises(UnknownRoomError):
        rooms.room(votes, room.code)
    with pytest.raises(UnknownRoomError):
        rooms.hide(votes, room.code)
    assert rooms.alive(votes) == []
    assert rooms.listed(votes) == rooms.runs(votes, room.room_id) == [room]
    assert rooms.saved(votes, room).state == "saved"


def test_notes_and_saving_do_not_bring_a_room_back_that_is_over(votes, clock):
    room = room_in(votes, "revealed")
    clock.now += LIVES + 1

    assert rooms.note(votes, room, "Too late").notes == "Too late"
    rooms.saved(votes, room)

    assert rooms.alive(votes) == []


def test_a_room_that_is_over_is_deleted_after_four_weeks_with_its_ballots(votes, clock):
    room = room_in(votes)
    cast(votes, ballot(room, "a", "55"))
    clock.now += LIVES + KEPT + 1

    new = rooms.create(votes, SUBJECT, owner="Ana")

    assert rooms.listed(votes) == [new]
    assert new.room_id > room.room_id
    assert (stored(votes, room), tallies(votes, room)) == ({}, {})


def test_a_code_that_is_taken_is_not_given_again(votes, monkeypatch):
    taken = rooms.create(votes, SUBJECT, owner="Ana").code
    drawn = iter([taken, taken, "CFHJKM"])
    monkeypatch.setattr(codes, "new_code", lambda: next(drawn))

    assert rooms.create(votes, SUBJECT, owner="Ana").code == "CFHJKM"


def test_looking_for_a_room_makes_no_file(local, tmp_path):
    with pytest.raises(UnknownRoomError):
        rooms.room(local, "CFHJKM")
    assert rooms.alive(local) == []

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong", [{"language": "de"}, {"rounds": 0}, {"rounds": 3}, {"tables": -1}, {"tables": 41}]
)
def test_a_room_that_cannot_be_is_not_made(local, wrong):
    with pytest.raises(RefusedError, match="impossible_room"):
        rooms.create(local, SUBJECT, owner="Ana", **wrong)


def test_a_change_that_fails_leaves_nothing_behind(votes, monkeypatch):
    monkeypatch.setattr(changing, "FRESH", {"no such column": 1})

    with pytest.raises(VotesError):
        rooms.create(votes, SUBJECT, owner="Ana")

    assert rooms.listed(votes) == []


# What a room rates


def test_a_room_takes_title_and_genes_from_its_release(tmp_path):
    store = gcs_data.Store(tmp_path / "store", ship(tmp_path / "data"))

    chosen = subject(store, "peru-water", ["funding"])

    assert (chosen.title, chosen.release) == ("Water in Peru", 0)
    assert [gene.gene_id for gene in chosen.genes] == ["funding"]


@pytest.mark.parametrize(
    ("story", "genes", "code"),
    [("none", ["trust"], "unknown_story"), ("kenya-cash", ["trsut"], "unknown_gene")],
)
def test_what_the_release_does_not_know_cannot_be_rated(tmp_path, story, genes, code):
    store = gcs_data.Store(tmp_path / "store", ship(tmp_path / "data"))

    with pytest.raises(RefusedError, match=code):
        subject(store, story, genes)


def test_the_default_genes_come_in_the_order_of_the_axes():
    data = Path(__file__).resolve().parents[1] / "data"
    chosen = subject(gcs_data.Store("nowhere", data), "glacy")

    assert len(chosen.genes) == 7
    assert [gene.letter for gene in chosen.genes] == list("MOCTFIA")


def test_the_grace_is_a_few_seconds():
    assert 2 <= GRACE <= 10
