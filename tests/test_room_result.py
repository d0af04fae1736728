"""What came out of a room: what may leave it, how it travels, and what is said about it."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from room_results import EXPERTS, GENES, ROUND, movement, profile, room, whole_room

from exports import room_words
from exports.room import (
    COUNTS,
    Record,
    contested_genes,
    from_json,
    shown_groups,
    to_json,
)
from words import words

T = words()
NOBODY = (0, 0, 0, 0, 0)
MADE_UP = "In made-up example ratings, "


def test_a_result_comes_out_of_json_as_it_went_in():
    result = whole_room(story="L’été\ud800 <b>", notes=("On paper",))
    read = from_json(to_json(result))

    for name in ("story", "held_on", "rehearsal", "contested", "sources", "notes", "code"):
        assert getattr(read, name) == getattr(result, name)
    assert list(read.groups) == list(result.groups)
    frames = [
        *zip(read.rounds, result.rounds, strict=True),
        *((read.groups[name], frame) for name, frame in result.groups.items()),
        (read.record.profile, result.record.profile),
        (read.movement, result.movement),
    ]
    for seen, meant in frames:
        assert_frame_equal(seen, meant)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b'{"record": 1}', b"\x80\x04pickle", b"\xff"],
)
def test_what_is_no_result_is_a_value_error(content):
    with pytest.raises(ValueError):
        from_json(content)


def test_a_column_of_a_kind_that_we_do_not_write_is_refused():
    content = to_json(room()).replace(b'"int64"', b'"object"')

    with pytest.raises(ValueError, match="“object” is not a type of column"):
        from_json(content)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"rounds": ()}, "without a round"),
        ({"rounds": (ROUND, ROUND.iloc[::-1])}, "same genes in the same order"),
        ({"rounds": (ROUND.drop(columns="low"),)}, "“round 1” has no column low"),
        ({"rounds": (pd.concat([ROUND, ROUND]),)}, "names a gene twice"),
        ({"groups": {"Civil society": ROUND.drop(columns="n_3")}}, "“Civil society” has no"),
        ({"movement": pd.DataFrame({"gene": ["Trust"]})}, "“movement” has no column mean_1"),
    ],
)
def test_a_result_that_no_file_could_be_made_from_is_refused_at_once(changed, message):
    with pytest.raises(ValueError, match=message):
        room(**changed)


@pytest.mark.parametrize(
    ("provenance", "ratings"),
    [
        ("illustrative", EXPERTS),
        ("workshop", EXPERTS),
        ("expert", EXPERTS.assign(provenance="illustrative")),
        ("expert", profile(dict.fromkeys(GENES, NOBODY), "expert")),
    ],
)
def test_ratings_that_are_made_up_or_not_there_are_never_the_record(provenance, ratings):
    with pytest.raises(ValueError):
        Record("Panel", provenance, ratings)


def test_ratings_that_are_illustrative_make_a_result_illustrative():
    made_up = profile({"Trust": (0, 0, 0, 5, 0)}, "illustrative")

    assert (room(rounds=(made_up,)).illustrative, room(rehearsal=True).illustrative) == (True, True)
    assert room().illustrative is False


def of(n):
    """A group of which `n` rated the only gene."""
    return profile({"Trust": (0, 0, 0, n, 0)})


@pytest.mark.parametrize(
    ("total", "groups", "shown"),
    [
        (23, {"a": 12, "b": 11}, {"a": 12, "b": 11}),
        (23, {"a": 19, "b": 4}, {}),  # a alone would give b away.
        (23, {"a": 10, "b": 9, "c": 4}, {"a": 10}),  # c is 23 - 10 - 9; with b it is 13.
        (24, {"a": 10, "b": 9, "c": 2, "d": 3}, {"a": 10, "b": 9}),  # c and d are five together.
        (12, {"a": 10}, {}),  # Two who belong to no group.
        (15, {"a": 10}, {"a": 10}),
        (4, {"a": 4}, {}),
        (0, {"a": 0}, {}),
    ],
)
def test_nobody_can_be_read_off_a_group_also_not_by_subtraction(total, groups, shown):
    result = room(
        rounds=(of(total),), groups={name: of(n) for name, n in groups.items()}, contested=()
    )

    assert {name: frame["n"].item() for name, frame in shown_groups(result).items()} == shown


@hypothesis_settings(max_examples=60)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=6), st.integers(0, 8))
def test_what_is_left_of_a_room_is_nobody_or_at_least_five(sizes, without):
    total = sum(sizes) + without
    result = room(
        rounds=(of(total),), groups={str(n): of(size) for n, size in enumerate(sizes)}, contested=()
    )
    shown = [frame["n"].item() for frame in shown_groups(result).values()]

    assert all(n >= 5 for n in shown)
    assert not shown or total - sum(shown) == 0 or total - sum(shown) >= 5


def test_a_gene_that_too_few_of_a_group_rated_says_nothing_at_all():
    whole = profile({"Trust": (0, 0, 0, 12, 0), "Funding": (0, 0, 0, 12, 0)})
    group = profile({"Trust": (0, 0, 0, 6, 0), "Funding": (0, 0, 0, 2, 2)})
    result = room(rounds=(whole,), groups={"a": group}, contested=())
    row = shown_groups(result)["a"].set_index("gene").loc["Funding"]

    assert row[["n", *COUNTS]].tolist() == [0, 0, 0, 0, 0, 0]
    assert row[["mean", "median", "sd", "low", "high"]].isna().all()
    assert row["agreement"] == "too_few"


def test_two_camps_are_talked_about_before_ratings_that_spread_and_agreement_is_not():
    divided = profile(
        {
            "Agreed": (0, 0, 0, 5, 5),
            "Spread": (2, 2, 3, 2, 1),
            "Wide camps": (5, 0, 0, 0, 5),
            "Camps": (0, 5, 0, 5, 0),
        }
    )

    assert contested_genes(divided) == ("Wide camps", "Camps", "Spread")


def test_a_difference_from_the_record_is_named_only_where_its_interval_leaves_out_zero():
    record = Record("Expert panel, 2025", "expert", EXPERTS)
    merged, named = room_words.record_sentences(room(record=record), record, T)

    assert merged.startswith("Expert panel, 2025 (n = 6) and this room")
    # Trust: 4.3 of ten against 1.7 of six. Funding: 3.0 against 3.0.
    assert named.startswith("This room rates Trust higher by 2.6 (")
    assert "Funding" not in named


def test_no_difference_and_no_movement_of_made_up_ratings_is_named():
    record = Record("Expert panel, 2025", "expert", EXPERTS)
    moved = movement(("Trust", 2.0, 4.0, 2.0, 1.5, 2.5, 9))
    rehearsal = room(rehearsal=True, record=record, movement=moved)
    said = [
        *room_words.record_sentences(rehearsal, record, T),
        room_words.movement_sentence(rehearsal, T),
    ]

    assert not any("Trust" in sentence for sentence in said)


def test_every_sentence_that_has_a_made_up_number_says_so_first():
    rehearsal = whole_room(rehearsal=True)
    said = [
        room_words.strongest(rehearsal, T),
        *room_words.spread_sentences(rehearsal, T),
        *room_words.group_sentences(list(shown_groups(rehearsal).items()), rehearsal, T),
    ]

    assert len(said) > 3
    assert all(sentence.startswith(MADE_UP) for sentence in said)
    assert room_words.provenance(rehearsal, T).startswith("Made-up example ratings")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("Trust", 3.0, 3.8, 0.8, 0.2, 1.4, 9)], "Trust went up by 0.8 (0.2 to 1.4)."),
        ([("Trust", 3.8, 3.0, -0.8, -1.4, -0.2, 9)], "Trust went down by 0.8 (0.2 to 1.4)."),
        (
            [("Trust", 3.0, 3.2, 0.2, -0.2, 0.6, 9), ("Reach", *[math.nan] * 5, 3)],
            "No gene can be said to have moved: each interval of the difference holds 0.",
        ),
    ],
)
def test_only_a_gene_that_moved_is_said_to_have_moved(rows, said):
    assert room_words.movement_sentence(room(movement=movement(*rows)), T) == said


def test_the_provenance_names_the_room_its_day_and_its_number():
    assert room_words.provenance(room(), T) == (
        "Workshop ratings of this room: Cyber week, Nairobi, 14 May 2026, n = 10."
    )
    assert room_words.when_and_where(room(place="", held_on=date(2026, 1, 2)), T) == (
        "Cyber week, 2 January 2026"
    )


def test_a_source_is_named_by_its_host_where_there_is_little_room():
    assert room_words.sources(room(), T) == (
        "Sources: this room; example.org; Annual report.pdf. Dashboard release 12."
    )


@pytest.mark.parametrize(
    ("agreement", "asked"),
    [
        ("two_camps", "What do those who rate Trust high know that the others do not?"),
        ("spread", "What would you have to see in this story to rate Trust otherwise?"),
    ],
)
def test_the_question_fits_how_the_room_is_divided(agreement, asked):
    assert room_words.question("Trust", agreement, T) == asked
