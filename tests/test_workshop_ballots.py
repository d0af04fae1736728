from collections import Counter

import pytest
from workshop_rooms import ballot, cast, moved, recounted, room_in, stored, tallies, turnout

from workshop import rooms
from workshop.ballots import GRACE, Outcome
from workshop.votes import Votes

pytest_plugins = ["workshop_places"]


def test_a_ballot_counts_once_for_each_gene_and_skips_count_too(votes):
    room = room_in(votes)

    said = cast(votes, ballot(room, "a", "50"), ballot(room, "b", "5-", group="academia"))

    assert said == [Outcome(saved=True, number=1)] * 2
    assert tallies(votes, room) == {
        (1, "phone", "", 0, 5): 1,
        (1, "phone", "", 1, 0): 1,
        (1, "phone", "academia", 0, 5): 1,
    }
    assert turnout(votes, room) == {1: (2, 0, 0)}


def test_a_changed_mind_replaces_the_ballot_and_its_group(votes):
    room = room_in(votes)

    cast(votes, ballot(room, "a", "51", group="academia"))
    (said,) = cast(votes, ballot(room, "a", "5-", 2, group="government"))

    assert said == Outcome(saved=True, number=2)
    assert tallies(votes, room) == {(1, "phone", "government", 0, 5): 1}
    assert turnout(votes, room) == {1: (1, 0, 0)}


def test_a_repeat_or_an_older_number_changes_nothing_and_is_told_so(votes):
    room = room_in(votes)
    cast(votes, ballot(room, "a", "55", 4))

    repeat, older, other = cast(
        votes, ballot(room, "a", "55", 4), ballot(room, "a", "11", 3), ballot(room, "a", "22", 4)
    )

    assert repeat == Outcome(saved=True, number=4)
    assert older == other == Outcome(saved=False, number=4)
    assert stored(votes, room)[1, "a"].choices == "55"
    assert tallies(votes, room) == {(1, "phone", "", 0, 5): 1, (1, "phone", "", 1, 5): 1}


def test_ballots_of_one_device_that_wait_together_count_as_one(votes):
    room = room_in(votes)

    said = cast(votes, *(ballot(room, "a", f"{score}-", score) for score in (1, 2, 3, 2, 5)))

    assert [each.number for each in said] == [1, 2, 3, 3, 5]
    assert [each.saved for each in said] == [True, True, True, False, True]
    assert tallies(votes, room) == {(1, "phone", "", 0, 5): 1}


def test_a_form_without_a_script_is_always_the_newest(votes):
    room = room_in(votes)
    cast(votes, ballot(room, "a", "11", 7))

    (said,) = cast(votes, ballot(room, "a", "22", None))

    assert said == Outcome(saved=True, number=8)
    assert stored(votes, room)[1, "a"].choices == "22"


@pytest.mark.parametrize("stop", [rooms.close, rooms.pause])
def test_ballots_on_their_way_count_and_are_flagged_until_the_grace_is_over(votes, clock, stop):
    room = room_in(votes)
    cast(votes, ballot(room, "in time", "44"))
    stop(votes, room.code)

    clock.now += GRACE
    (late,) = cast(votes, ballot(room, "late", "55"))
    clock.now += 0.001
    (too_late,) = cast(votes, ballot(room, "too late", "11"))

    assert late == Outcome(saved=True, number=1, late=True)
    assert too_late.refused == {rooms.close: "closed", rooms.pause: "paused"}[stop]
    assert set(stored(votes, room)) == {(1, "in time"), (1, "late")}
    assert turnout(votes, room) == {1: (2, 1, 0)}


def test_a_round_that_is_closed_while_it_is_paused_has_no_second_grace(votes, clock):
    room = room_in(votes, "paused")
    clock.now += GRACE + 1
    rooms.close(votes, room.code)

    (said,) = cast(votes, ballot(room, "a", "55"))

    assert said == Outcome("closed")


def test_an_old_ballot_sent_again_after_the_round_is_refused_and_stays(votes, clock):
    room = room_in(votes)
    cast(votes, ballot(room, "a", "55"))
    rooms.close(votes, room.code)
    clock.now += GRACE + 1

    (said,) = cast(votes, ballot(room, "a", "11", 2))

    assert said == Outcome("closed")
    assert stored(votes, room)[1, "a"].choices == "55"


def test_nothing_is_taken_in_the_lobby_or_at_the_end(votes):
    room = room_in(votes, "lobby")
    assert cast(votes, ballot(room, "a", "55")) == [Outcome("not_open")]

    rooms.discard(votes, room)

    assert cast(votes, ballot(room, "a", "55")) == [Outcome("ended")]
    assert stored(votes, room) == {}


def test_test_ballots_are_marked_and_never_counted(votes):
    room = rooms.rehearse(votes, room_in(votes, "lobby").code)
    cast(votes, ballot(room, "a", "11"), ballot(room, "b", "22"))

    room = rooms.open_round(votes, room.code)
    said = cast(votes, ballot(room, "a", "33", 2, round=0), ballot(room, "a", "55", 1))

    assert said == [Outcome("moved_on"), Outcome(saved=True, number=1)]
    assert tallies(votes, room) == {(1, "phone", "", 0, 5): 1, (1, "phone", "", 1, 5): 1}
    assert turnout(votes, room) == {0: (2, 0, 0), 1: (1, 0, 0)}


def test_a_ballot_of_an_earlier_round_or_run_is_not_taken_for_this_one(votes):
    first = room_in(votes, "closed", rounds=2)
    rooms.second_round(votes, first.code)
    second = rooms.open_round(votes, first.code)
    assert cast(votes, ballot(first, "a", "55")) == [Outcome("moved_on")]

    rooms.reset(votes, first.code)
    rooms.open_round(votes, first.code)
    assert cast(votes, ballot(second, "a", "55"))[0].refused == ""  # Within its grace.
    rooms.discard(votes, second)
    assert cast(votes, ballot(second, "b", "55")) == [Outcome("ended")]


def test_moves_between_rounds_are_paired_by_device(votes):
    first = room_in(votes, rounds=2)
    cast(votes, ballot(first, "a", "1-"), ballot(first, "b", "20"), ballot(first, "c", "33"))
    rooms.close(votes, first.code)
    rooms.second_round(votes, first.code)
    second = rooms.open_round(votes, first.code)

    cast(votes, ballot(second, "a", "22"), ballot(second, "b", "22"), ballot(second, "d", "55"))
    cast(votes, ballot(second, "a", "52", 2))

    assert moved(votes, second) == {(0, 1, 5): 1, (0, 2, 2): 1}
    assert recounted(votes, second) == (
        tallies(votes, second),
        turnout(votes, second),
        moved(votes, second),
    )


def test_two_rooms_do_not_touch_each_other(votes):
    one, other = room_in(votes), room_in(votes)

    cast(votes, ballot(one, "a", "55"), ballot(other, "a", "11"), ballot(one, "b", "55"))

    assert tallies(votes, one)[1, "phone", "", 0, 5] == 2
    assert tallies(votes, other) == {(1, "phone", "", 0, 1): 1, (1, "phone", "", 1, 1): 1}


def test_two_processes_that_hear_the_same_phone_count_it_once(votes):
    room = room_in(votes)
    second = Votes(votes.url, votes.clock)

    for number in range(1, 40):
        both = ballot(room, "a", f"{number % 5 + 1}-", number)
        cast(votes, both, ballot(room, f"one {number}", "1-"))
        cast(second, both, ballot(room, f"two {number}", "2-"))
    second.close()

    assert tallies(votes, room) == recounted(votes, room)[0]
    assert sum(tallies(votes, room).values()) == 1 + 2 * 39


def test_ballots_are_there_after_a_restart(votes):
    room = room_in(votes)
    cast(votes, ballot(room, "a", "54"))
    votes.close()

    again = Votes(votes.url)

    assert stored(again, room)[1, "a"].choices == "54"
    assert tallies(again, room) == Counter({(1, "phone", "", 0, 5): 1, (1, "phone", "", 1, 4): 1})
    again.close()
