import pandas as pd
import pytest
from tiny_data import PAGE, ship

from gcs_data import preview, proposal
from gcs_data.errors import GcsDataError, InvalidDataError, PublishConflictError
from gcs_data.incoming.sheets import Reading, Sheet
from gcs_data.incoming.understand import understand
from gcs_data.proposal import proposed
from gcs_data.schema import DATASETS
from gcs_data.store import Store, current, history, load, publish


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store", ship(tmp_path / "data"))


def reading(**sheets):
    """A workbook: by dataset, a header line and rows, cells separated by commas."""
    made = []
    for name, (header, *rows) in sheets.items():
        columns = header.split(",")
        cells = pd.DataFrame(
            [row.split(",") for row in rows], columns=range(len(columns)), dtype="str"
        )
        cells.index = pd.Index(range(2, len(rows) + 2), name="line")
        made.append(Sheet(name, tuple(columns), 1, cells, first_column=1))
    return Reading("new.xlsx", "ab" * 32, "xlsx", tuple(made))


def propose(store, base=None, *, leave_out_bad=False, removals=(), **sheets):
    read = reading(**sheets)
    number = current(store) if base is None else base
    known = {name: load(store, name, number) for name, d in DATASETS.items() if not d.derived}
    return proposed(store, number, understand(read, known), leave_out_bad, removals, reading=read)


def said(found):
    return [(p.dataset, p.cell, p.rule) for p in found]


STORIES = "story_id,title,summary,lead_organisation,official,source_url"
EVENTS = "event_id,title,year,source_url"
RATINGS = "rating_id,story_id,gene_id,score,scale,rater_id,occasion_id,provenance"


def new_story(story_id, official="true"):
    return f"{story_id},A title,It works.,A ministry,{official},{PAGE}"


def rating(rating_id, score=3, story_id="kenya-cash", occasion="room-1", rater="0"):
    return f"{rating_id},{story_id},trust,{score},1-5,Rater {rater},{occasion},workshop"


def test_a_file_adds_and_corrects_and_leaves_the_rest(store):
    found = propose(
        store, events=[EVENTS, f"summit-2024,A summit,2023,{PAGE}", f"new,A launch,,{PAGE}"]
    )

    assert found.ready
    assert found.problems == found.left_out == ()
    assert found.changes["events"].counts == {
        "added": 1,
        "changed": 1,
        "removed": 0,
        "unchanged": 0,
    }
    release = proposal.publish(store, found, "Amina", "New year", "new.xlsx", "ab" * 32)
    assert (release.number, release.base, release.who, release.why) == (1, 0, "Amina", "New year")
    assert (release.file_name, release.file_sha256) == ("new.xlsx", "ab" * 32)
    assert load(store, "events")["event_id"].tolist() == ["summit-2024", "new"]
    assert load(store, "events")["year"].tolist()[0] == 2023


def test_a_column_that_is_not_in_the_file_stays_as_published(store):
    found = propose(store, stories=["story_id,language", "kenya-cash,en"])

    assert [
        (c["column"], c["new"]) for c in found.changes["stories"].changed.to_dict("records")
    ] == [("language", "en")]
    assert found.ready


def test_a_file_that_says_what_is_published_is_not_ready_and_publishes_nothing(store):
    found = propose(store, events=[EVENTS, f"summit-2024,A summit,2024,{PAGE}"])

    assert not found.ready
    with pytest.raises(GcsDataError, match="nothing to publish"):
        proposal.publish(store, found, "Amina", "r")
    assert current(store) == 0


def test_problems_stand_in_the_way_until_their_rows_are_left_out(store):
    rows = [STORIES, new_story("new-a"), new_story("new-b", "perhaps")]

    found = propose(store, stories=rows)

    assert said(found.problems) == [("stories", "F3", "not_flag")]
    assert not found.ready
    with pytest.raises(InvalidDataError, match="F3, official"):
        proposal.publish(store, found, "Amina", "r")
    without = propose(store, stories=rows, leave_out_bad=True)
    assert without.ready
    assert [(out.dataset, out.row, said(out.problems)) for out in without.left_out] == [
        ("stories", 1, [("stories", "F3", "not_flag")])
    ]
    proposal.publish(store, without, "Amina", "r")
    assert load(store, "stories")["story_id"].tolist() == ["kenya-cash", "peru-water", "new-a"]


def test_rows_that_refer_to_a_row_left_out_are_left_out_too_and_say_why(store):
    rows = {
        "stories": [STORIES, new_story("new-a", "perhaps")],
        "replications": [
            "story_id,country_iso3,kind,source_url",
            f"new-a,KEN,adopted,{PAGE}",
            f"peru-water,KEN,adopted,{PAGE}",
        ],
    }

    assert said(propose(store, **rows).problems) == [("stories", "F2", "not_flag")]
    without = propose(store, **rows, leave_out_bad=True)

    assert [said(out.problems) for out in without.left_out] == [
        [("stories", "F2", "not_flag")],
        [("replications", "B2", "refers_left_out")],
    ]
    assert without.left_out[1].problems[0].key == "new-a, KEN, adopted"
    assert without.changes["replications"].added["story_id"].tolist() == ["peru-water"]
    proposal.publish(store, without, "Amina", "r")


def test_a_problem_of_a_whole_column_cannot_be_left_out(store):
    found = propose(store, stories=["story_id,title", "new-a,A title"], leave_out_bad=True)

    assert {(p.rule, p.row) for p in found.problems} == {("missing_column", None)}
    assert not found.ready


def test_rows_that_the_file_does_not_hold_are_named_and_go_only_if_ticked(store):
    rows = [EVENTS, f"new,A launch,,{PAGE}"]

    found = propose(store, events=rows)
    ticked = propose(store, events=rows, removals={"events"})

    assert found.absent["events"]["event_id"].tolist() == ["summit-2024"]
    assert len(found.changes["events"].removed) == 0
    assert ticked.changes["events"].removed["event_id"].tolist() == ["summit-2024"]
    proposal.publish(store, ticked, "Amina", "r")
    assert load(store, "events")["event_id"].tolist() == ["new"]


def test_rows_that_point_to_what_is_removed_are_one_problem_with_a_count(store):
    found = propose(
        store,
        stories=[STORIES, "peru-water,Water in Peru,It works.,A ministry,true," + PAGE],
        removals={"stories"},
    )

    problems = [
        (p.dataset, p.row, p.column, p.rule, p.value, dict(p.values)) for p in found.problems
    ]
    gone = {"refers": "stories"}
    assert problems == [
        ("gene_ratings", None, "story_id", "still_referred", "kenya-cash", gone | {"count": 5}),
        ("replications", None, "story_id", "still_referred", "kenya-cash", gone | {"count": 1}),
    ]


def test_rows_of_the_same_dataset_that_point_to_what_goes_are_counted_too(store):
    header = "story_id,country_iso3,kind,copy_story_id,source_url"
    first = propose(store, replications=[header, f"kenya-cash,PER,adopted,peru-water,{PAGE}"])
    proposal.publish(store, first, "Amina", "r")
    found = propose(
        store,
        stories=["story_id,language", "kenya-cash,en"],
        replications=[header, f"kenya-cash,KEN,adopted,,{PAGE}"],
        removals={"stories"},
    )

    assert [(p.dataset, p.column, p.rule, p.values["count"]) for p in found.problems] == [
        ("replications", "copy_story_id", "still_referred", 1)
    ]


def test_nothing_is_removed_while_a_row_left_out_cannot_be_told(store):
    rows = [
        "story_id,country_iso3,kind,source_url",
        f"kenya-cash,Nowhere,adopted,{PAGE}",
        f"peru-water,KEN,adopted,{PAGE}",
    ]

    found = propose(store, replications=rows, leave_out_bad=True, removals={"replications"})

    assert [(p.rule, p.row, p.values["count"]) for p in found.problems] == [
        ("unsure_removal", None, 1)
    ]


def test_a_row_left_out_keeps_what_is_published_under_its_key(store):
    rows = [EVENTS, f"summit-2024,A summit,20x5,{PAGE}", f"new,A launch,,{PAGE}"]

    found = propose(store, events=rows, leave_out_bad=True, removals={"events"})

    assert found.ready
    assert len(found.changes["events"].removed) == 0
    assert found.frames["events"]["year"].tolist()[0] == 2024


def test_a_new_row_that_is_the_same_as_a_published_one_in_another_way_is_a_problem(store):
    published = load(store, "gene_ratings")["rater_id"].iloc[0]
    row = rating("other").replace("Rater 0", published)

    found = propose(store, gene_ratings=[RATINGS, row])

    assert said(found.problems) == [("gene_ratings", "H2", "same_as_published")]
    assert "a published row has the same" in found.problems[0].message


def test_a_correction_that_does_not_fit_the_rest_of_its_row_is_a_problem(store):
    published = load(store, "gene_ratings").assign(scale="0-10", score_as_given=[10.0, 9, 10, 7, 7])
    publish(store, {"gene_ratings": published}, base=0, who="A", why="r")

    found = propose(store, gene_ratings=["rating_id,scale", "room-1-0,0-100"])

    assert said(found.problems) == [("gene_ratings", "", "score_differs")]


def test_ratings_of_other_occasions_are_not_touched(store):
    found = propose(
        store,
        gene_ratings=[RATINGS, *(rating(f"n-{n}", occasion="room-2", rater=n) for n in range(5))],
        removals={"gene_ratings"},
    )

    release = proposal.publish(store, found, "Amina", "r")

    assert len(load(store, "gene_ratings")) == 10
    before, after = history(store)[1], release
    assert after.datasets["gene_ratings"]["rows"] == before.datasets["gene_ratings"]["rows"] + 5
    assert load(store, "rating_counts")["occasion_id"].unique().tolist() == ["room-1", "room-2"]


def test_ratings_can_move_to_another_occasion_and_leave_theirs_empty(store):
    moved = [f"room-1-{n},room-2" for n in range(5)]
    found = propose(store, gene_ratings=["rating_id,occasion_id", *moved])

    release = proposal.publish(store, found, "Amina", "r")

    assert load(store, "gene_ratings")["occasion_id"].unique().tolist() == ["room-2"]
    assert [file["occasion"] for file in release.datasets["gene_ratings"]["files"]] == ["room-2"]


def test_whoever_was_slower_publishes_nothing_and_proposes_anew(store):
    mine = propose(store, events=[EVENTS, f"mine,A launch,,{PAGE}"])
    theirs = propose(store, events=[EVENTS, f"theirs,A launch,,{PAGE}"])
    proposal.publish(store, theirs, "Zoë", "r")

    with pytest.raises(PublishConflictError):
        proposal.publish(store, mine, "Amina", "r")
    again = propose(store, events=[EVENTS, f"mine,A launch,,{PAGE}"])

    assert again.base == 1
    proposal.publish(store, again, "Amina", "r")
    assert set(load(store, "events")["event_id"]) == {"summit-2024", "theirs", "mine"}


def test_an_older_release_can_be_proposed_on_but_not_published_on(store):
    first = propose(store, events=[EVENTS, f"new,A launch,,{PAGE}"])
    proposal.publish(store, first, "Amina", "r")

    found = propose(store, base=0, events=[EVENTS, f"new,A launch,,{PAGE}"])

    assert found.changes["events"].counts["added"] == 1
    with pytest.raises(PublishConflictError):
        proposal.publish(store, found, "Amina", "r")


def test_affected_are_the_stories_and_countries_of_every_row_that_differs(store):
    found = propose(
        store,
        replications=[
            "story_id,country_iso3,kind,copy_story_id,source_url",
            f"kenya-cash,KEN,adopted,peru-water,{PAGE}",
        ],
    )

    assert preview.affected(found.changes) == preview.Affected(
        ("kenya-cash", "peru-water"), ("KEN",), genes=False
    )


def test_affected_are_also_what_rows_referred_to_before_and_genes(store):
    found = propose(
        store,
        stories=["story_id,lead_country_iso3", "kenya-cash,KEN"],
        genes=["gene_id,name", "trust,Trust"],
    )
    proposal.publish(store, found, "Amina", "r")

    moved = propose(store, stories=["story_id,lead_country_iso3", "kenya-cash,PER"])

    assert preview.affected(found.changes).genes
    assert preview.affected(moved.changes).countries == ("KEN", "PER")


def test_any_dataset_can_be_seen_as_it_would_be(store):
    rows = [RATINGS, *(rating(f"n-{n}", occasion="room-2", rater=n) for n in range(5))]
    found = propose(store, gene_ratings=rows)

    seen = {name: preview.after(store, found, name) for name in DATASETS}
    proposal.publish(store, found, "Amina", "r")

    for name in DATASETS:
        key = list(DATASETS[name].key)
        pd.testing.assert_frame_equal(
            seen[name].sort_values(key, ignore_index=True),
            load(store, name).sort_values(key, ignore_index=True),
        )


def test_an_undo_shows_what_it_would_change(store):
    found = propose(store, events=[EVENTS, f"new,A launch,,{PAGE}"])
    proposal.publish(store, found, "Amina", "r")

    assert preview.undo(store, 0)["events"].removed["event_id"].tolist() == ["new"]
    assert preview.undo(store, 1, base=0)["events"].added["event_id"].tolist() == ["new"]


def test_a_row_whose_new_problem_shows_only_after_others_are_left_out_is_left_out(store):
    rows = {
        "occasions": ["occasion_id,title,round", "room-3,Quito,99"],
        "gene_ratings": [RATINGS, rating("n-0", occasion="room-3"), rating("n-1", rater="7")],
    }

    found = propose(store, **rows, leave_out_bad=True)

    assert [(out.dataset, out.row) for out in found.left_out] == [
        ("occasions", 0),
        ("gene_ratings", 0),
    ]
    assert found.changes["gene_ratings"].added["rating_id"].tolist() == ["n-1"]
