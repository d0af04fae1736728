import math

import pandas as pd
import pytest
from workshop_rooms import ballot, cast, room_in

from gcs_data import derive, query
from gcs_data.schema import SMALLEST_GROUP
from workshop import paper, rooms, tally
from workshop.errors import RefusedError

pytest_plugins = ["workshop_places"]
STATISTICS = ["n", "mean", "median", "sd", "low", "high", "agreement", "method"]
COUNTS = [f"n_{score}" for score in range(1, 6)]


def voted(votes, room, *answers, group="", first=0):
    cast(
        votes, *(ballot(room, f"{group}{i}", c, group=group) for i, c in enumerate(answers, first))
    )


def test_the_numbers_are_those_of_every_other_page(votes):
    room = room_in(votes)
    voted(votes, room, "51", "42", "50", "5-", "45", "44")

    profile = tally.results(votes, room).profile

    ratings = pd.DataFrame(
        [
            (gene, score)
            for gene, given in (("trust", "545544"), ("funding", "1254"))
            for score in map(int, given)
        ],
        columns=["gene_id", "score"],
    ).assign(story_id="kenya-cash", provenance="workshop", occasion_id="x", stakeholder_group=None)
    expected = query.gene_profile(
        derive.rating_counts(ratings.astype({"score": "Int64", "stakeholder_group": "str"})),
        "kenya-cash",
        ["trust", "funding"],
        provenance="workshop",
        occasion_id="x",
    )
    columns = ["gene_id", *STATISTICS, *COUNTS]
    pd.testing.assert_frame_equal(profile[columns], expected[columns])
    assert profile["skipped"].tolist() == [0, 1]
    assert math.isnan(profile["low"][1])


def test_a_room_without_ballots_has_gaps_and_no_zeros(votes):
    results = tally.results(votes, room_in(votes))

    assert results.profile["n"].tolist() == [0, 0]
    assert results.profile["mean"].isna().all()
    assert results.turnout == tally.Turnout()
    assert results.groups.empty
    assert results.movement.empty


def test_results_are_those_of_now_and_remembered_until_something_is_counted(votes):
    room = room_in(votes)
    voted(votes, room, "55")
    first = tally.results(votes, room)

    assert tally.results(votes, room) is first
    voted(votes, room, "11", first=1)
    assert tally.results(votes, room).profile["n"].tolist() == [2, 2]
    rooms.discard(votes, room)
    assert tally.results(votes, room).profile["n"].tolist() == [0, 0]


def test_what_was_typed_in_counts_and_is_marked(votes):
    room = room_in(votes)
    voted(votes, room, "55")
    number = paper.add_ballot(votes, room, {"trust": 3})
    paper.set_hands(votes, room, "funding", [0, 0, 2, 0, 1])
    paper.set_hands(votes, room, "funding", [0, 0, 4, 0, 0])

    results = tally.results(votes, room)

    assert results.profile[["n", "paper", "hands"]].to_numpy().tolist() == [[2, 1, 0], [5, 0, 4]]
    assert results.turnout == tally.Turnout(voted=2, paper=1)
    assert paper.hands(votes, room) == {"funding": [0, 0, 4, 0, 0]}
    assert paper.ballots(votes, room) == [paper.PaperBallot(number, {"trust": 3}, "")]

    paper.remove_ballot(votes, room, number)
    paper.set_hands(votes, room, "funding", [0] * 5)

    assert tally.results(votes, room).profile["n"].tolist() == [1, 1]
    assert tally.results(votes, room).turnout == tally.Turnout(voted=1)


def test_nothing_is_typed_in_before_a_round(votes):
    room = room_in(votes, "lobby")

    with pytest.raises(RefusedError):
        paper.add_ballot(votes, room, {"trust": 3})
    with pytest.raises(RefusedError):
        paper.set_hands(votes, room, "trust", [1, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("answers", "group"),
    [({}, ""), ({"trust": 6}, ""), ({"none": 1}, ""), ({"trust": 1}, "academia")],
)
def test_what_no_phone_could_send_is_not_typed_in(local, answers, group):
    room = room_in(local)

    with pytest.raises(RefusedError):
        paper.add_ballot(local, room, answers, group)


def test_the_most_contested_gene_comes_first():
    profile = pd.DataFrame(
        {
            "gene_id": ["few", "agreed", "narrow", "wide", "camps"],
            "agreement": ["too_few", "agreed", "spread", "spread", "two_camps"],
            "sd": [2.0, 0.1, 1.0, 1.5, 1.2],
        }
    )

    assert tally.discussion_order(profile) == ["camps", "wide", "narrow", "agreed", "few"]


# Groups


def groups_of(votes, sizes, skip=None):
    """The groups that a room shows when this many of each answered; `skip` leaves one gene out."""
    room = room_in(votes, ask_group=True)
    for group, n in sizes.items():
        voted(votes, room, *["54"] * n, group=group)
    if skip:
        voted(votes, room, "5-", group=skip, first=99)
    results = tally.results(votes, room)
    shown = results.groups.groupby("stakeholder_group", sort=False)["n"].apply(list).to_dict()
    return shown, results.profile["n"].tolist()


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"academia": 5, "government": 6}, {"government": [6, 6], "academia": [5, 5]}),
        ({"academia": 4, "government": 6}, {}),  # The total less the six would be the four.
        ({"academia": 4, "": 1, "government": 6}, {"government": [6, 6], "other": [5, 5]}),
        ({"academia": 2, "civil_society": 2, "government": 6}, {}),
        (
            {"academia": 3, "civil_society": 2, "government": 6},
            {"government": [6, 6], "other": [5, 5]},
        ),
        ({"academia": 4}, {}),
        ({"": 9}, {}),
        ({"government": 9}, {"government": [9, 9]}),
    ],
)
def test_a_group_below_five_is_neither_shown_nor_left_over(local, sizes, shown):
    assert groups_of(local, sizes)[0] == shown


def test_a_group_that_is_below_five_on_one_gene_hides_on_every_gene(local):
    # Six and five; the sixth of academia skips a gene, which leaves five there: still shown.
    assert groups_of(local, {"academia": 5, "government": 5}, skip="academia")[0] == {
        "government": [5, 5],
        "academia": [6, 5],
    }
    # Four and one who skipped: five on one gene, four on the other.
    assert groups_of(local, {"academia": 4, "government": 5}, skip="academia")[0] == {}


def test_tables_are_groups(local):
    room = room_in(local, ask_group=True, tables=2)
    voted(local, room, *["54"] * 5, group="table-2")
    voted(local, room, *["12"] * 5, group="table-1")

    groups = tally.results(local, room).groups

    assert groups["stakeholder_group"].tolist() == ["table-1"] * 2 + ["table-2"] * 2
    assert groups["mean"].tolist() == [1, 2, 5, 4]


# Movement


def two_rounds(votes, first, second):
    """The movement of a room whose devices answered so in its two rounds."""
    room = room_in(votes, rounds=2)
    cast(votes, *(ballot(room, device, choices) for device, choices in first.items()))
    rooms.close(votes, room.code)
    rooms.second_round(votes, room.code)
    room = rooms.open_round(votes, room.code)
    cast(votes, *(ballot(room, device, choices) for device, choices in second.items()))
    return tally.results(votes, room)


def people(*choices, first=0):
    return {f"d{place}": each for place, each in enumerate(choices, first)}


def test_movement_is_paired_by_device_with_its_interval(votes):
    results = two_rounds(
        votes, people("1-", "1-", "2-", "2-", "3-"), people("3-", "2-", "4-", "3-", "3-")
    )

    row = results.movement.iloc[0]
    # Steps 2, 1, 2, 1, 0: mean 1.2, standard deviation 0.8367; t(0.975, 4) = 2.7764.
    half = 2.7764 * 0.83666 / math.sqrt(5)
    assert (row["n"], row["up"], row["same"], row["down"]) == (5, 4, 1, 0)
    assert row["difference"] == pytest.approx(1.2)
    assert (row["low"], row["high"]) == pytest.approx((1.2 - half, 1.2 + half), abs=1e-4)
    assert (row["before"], row["after"], row["moved"]) == (1.8, 3.0, "up")
    assert results.movement["n"].tolist() == [5, 0]
    assert results.earlier["mean"][0] == 1.8


def test_three_people_show_their_arrow_and_no_interval(votes):
    row = two_rounds(votes, people("1-", "2-", "3-"), people("2-", "2-", "5-")).movement.iloc[0]

    assert (row["before"], row["after"], row["difference"]) == (2.0, 3.0, 1.0)
    assert math.isnan(row["low"])
    assert pd.isna(row["moved"])


@pytest.mark.parametrize("alone", [1, SMALLEST_GROUP - 1])
def test_those_who_took_part_in_one_round_only_are_not_left_over(local, alone):
    both = ["1-"] * 5
    results = two_rounds(local, people(*both, *["5-"] * alone), people(*["3-"] * 5))

    row = results.movement.iloc[0]
    assert (row["n"], row["moved"]) == (5, "up")
    assert row[["difference", "low", "high", "up", "same", "down"]].isna().all()


def test_five_who_took_part_in_one_round_only_hide_nothing(local):
    results = two_rounds(local, people(*["1-"] * 5, *["5-"] * 5), people(*["3-"] * 5))

    assert results.movement["difference"][0] == 2.0


def test_four_pairs_among_many_stay_hidden(local):
    first, second = people(*["1-"] * 10), people(*["3-"] * 4) | people(*["3-"] * 6, first=20)

    assert pd.isna(two_rounds(local, first, second).movement["difference"][0])


def test_a_round_is_an_occasion_of_its_own(local):
    room = room_in(local, rounds=2)
    first, second = (tally.occasion_id(room, number) for number in (1, 2))

    assert first == f"room-{room.room_id}-{room.code.lower()}-round-1"
    assert first != second
