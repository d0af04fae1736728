"""The end of a room, as its facilitator meets it: paper, results, files, saving, discarding."""

import io

import pytest
from pptx import Presentation
from present_desk import button, field, html, pressed, said, visit
from workshop_rooms import SUBJECT, ballot, cast, stored, turnout

import gcs_data
from exports import apart
from exports.apart import ExportError
from gcs_data.errors import PublishConflictError
from server.session import Person
from ui import access
from workshop import keep, paper, rooms, tally

pytest_plugins = ["present_place"]
OCCASION = "workshop-room-1"


def voted(desk, *steps, answers="54", n=6, **chosen):
    """A room in which six people gave Trust 5 and Funding 4, after these further steps."""
    room = desk.room(rooms.open_round, **chosen)
    cast(desk.votes, *(ballot(room, f"d{each}", answers) for each in range(n)))
    for step in steps:
        room = step(desk.votes, room.code)
    desk.waits()
    return room


def saved(app, reason="A workshop"):
    field(app, "Why? This is kept with the release.").input(reason)
    return pressed(app, "Save and publish")


def prepared(app, label="Prepare the slides"):
    return pressed(app, label)


def taken(app):
    """The labels of the files that can be taken."""
    return [each.proto.label for each in app.get("download_button")]


def test_a_paper_ballot_is_counted_and_marked_as_paper(desk):
    room = desk.room(rooms.open_round, ask_group=True)
    app = visit(room=room.code, part="paper")

    app.radio[0].set_value(5)
    app.radio[1].set_value(0)
    [each for each in app.selectbox if each.label == "Group"][0].select("academia")
    app = pressed(app, "Count this ballot")

    assert "Counted as paper ballot 1." in said(app)
    (row,) = stored(desk.votes, room).values()
    assert (row.source, row.choices, row.stakeholder_group) == ("paper", "50", "academia")
    assert "1 of them on paper." in said(app.run())
    app = pressed(app, "Take this ballot back")
    assert turnout(desk.votes, room)[1] == (0, 0, 0)


def test_only_the_paper_ballot_whose_answers_are_shown_is_taken_back(desk):
    room = desk.room(rooms.open_round)
    app = visit(room=room.code, part="paper")
    for score in (5, 1):
        app.radio[0].set_value(score)
        app = pressed(app, "Count this ballot")
    [each for each in app.selectbox if each.label == "Paper ballot"][0].set_value(2)

    app = pressed(app, "Take this ballot back")  # Both in one run: ballot 1 was the one shown.

    assert len(stored(desk.votes, room)) == 2
    pressed(app, "Take this ballot back")
    (row,) = stored(desk.votes, room).values()
    assert row.choices[0] == "5"


def test_an_empty_paper_ballot_is_refused_and_not_counted(desk):
    room = desk.room(rooms.open_round)

    app = pressed(visit(room=room.code, part="paper"), "Count this ballot")

    assert "Nothing was chosen yet, so no ballot was counted." in said(app)
    assert stored(desk.votes, room) == {}


def test_hands_are_counted_per_gene(desk):
    room = desk.room(rooms.open_round)
    app = visit(room=room.code, part="paper")

    for score, n in ((1, 2), (5, 11)):
        app.number_input(key=f"hands {room.run_id} 1 trust {score}").set_value(n)
    app = pressed(app, "Keep this count")

    assert paper.hands(desk.votes, room) == {"trust": [2, 0, 0, 0, 11]}
    assert "Trust: 2 · 0 · 0 · 0 · 11" in said(app)


def test_paper_waits_for_a_round(desk):
    app = visit(room=desk.room().code, part="paper")

    assert "Open the vote first" in said(app)
    assert len(app.radio) == 0


def test_whoever_lost_the_role_types_nothing_in(desk, monkeypatch):
    room = desk.room(rooms.open_round)
    app = visit(room=room.code, part="paper")
    monkeypatch.setattr(access, "still", lambda role: None)

    app.radio[0].set_value(5)
    app = pressed(app, "Count this ballot")

    assert "You are no longer signed in, so nothing was changed." in said(app)
    assert stored(desk.votes, room) == {}


@pytest.mark.parametrize("step", [None, rooms.pause, rooms.close])
def test_no_result_is_on_the_desk_before_the_reveal(desk, step):
    room = voted(desk, *filter(None, [step]))

    for part in ("join", "results", "paper", "notes", "keep"):
        app = visit(room=room.code, part=part)
        assert len(app.get("plotly_chart")) == 0
        assert "5.0" not in said(app) + html(app)
        assert taken(app) == []
    assert "Hidden until you reveal them" in said(visit(room=room.code, part="results"))


def test_after_the_reveal_the_spread_of_each_gene_is_shown_with_its_sentence(desk):
    room = voted(desk, rooms.close, rooms.reveal)

    app = visit(room=room.code, part="results")

    assert len(app.get("plotly_chart")) == 1
    assert "is Trust, at 5.0 of 5" in said(app)
    assert "The room agrees on every gene" in said(app)


def test_hidden_again_they_are_gone_from_the_desk(desk):
    room = voted(desk, rooms.close, rooms.reveal)
    app = visit(room=room.code, part="results")

    app = pressed(app, "Hide")

    assert len(app.get("plotly_chart")) == 0


def test_a_second_round_shows_what_moved_and_the_first_one_beside_it(desk):
    room = voted(desk, rooms.close, rooms.second_round, rooms.open_round, rounds=2, answers="21")
    cast(desk.votes, *(ballot(room, f"d{each}", "51", number=2) for each in range(6)))
    for step in (rooms.close, rooms.reveal):
        step(desk.votes, room.code)

    app = visit(room=room.code, part="results")

    assert "Moved: Trust." in said(app)
    assert "is Trust, at 5.0 of 5" in said(app)
    assert "is Trust, at 2.0 of 5" in said(visit(room=room.code, part="results", round="1"))


def test_an_empty_round_says_so(desk):
    room = desk.room(rooms.open_round, rooms.close, rooms.reveal)

    assert "Nobody has rated anything in this round." in said(visit(room=room.code, part="results"))
    app = visit(room=room.code, part="keep")
    assert "Nobody has rated anything in this run, so there is nothing to save." in said(app)


@pytest.mark.parametrize(("n", "told"), [(4, True), (5, False)])
def test_whoever_saves_a_small_room_is_told_what_that_gives_away(desk, n, told):
    room = voted(desk, rooms.close, n=n)

    app = visit(room=room.code, part="keep")

    assert ("Whoever was in the room may work out" in said(app)) == told
    assert button(app, "Save and publish")


def test_before_saving_the_desk_says_what_will_be_published_and_no_result(desk):
    room = voted(desk, rooms.close, ask_group=True)

    text = said(visit(room=room.code, part="keep"))

    assert "6 ballots, 12 ratings of 2 genes." in text
    assert "No groups: none that can be shown has five people." in text
    assert "Ballots that arrive within 5 seconds of closing count and are flagged" in text
    assert "Each person becomes a pseudonym drawn by chance" in text


def test_a_saved_room_is_a_release_with_its_occasion_and_leads_to_the_story(desk):
    room = voted(desk, rooms.close)
    app = visit(room=room.code, part="keep")
    field(app, "Title").input("Cyber week")
    field(app, "City").input("Nairobi")
    [each for each in app.selectbox if each.label == "Country"][0].select("KEN")
    app.run()

    app = saved(app, "To keep it")

    assert "Published as release 1. Everybody sees it now." in said(app)
    newest = gcs_data.history(desk.store)[0]
    assert (newest.who, newest.why) == ("Ana", "To keep it")
    occasion = gcs_data.load(desk.store, "occasions").iloc[-1]
    assert (occasion["title"], occasion["city"], occasion["country_iso3"]) == (
        "Cyber week",
        "Nairobi",
        "KEN",
    )
    ratings = gcs_data.load(desk.store, "gene_ratings")
    mine = ratings[ratings["occasion_id"] == tally.occasion_id(room, 1)]
    assert mine.groupby("gene_id")["score"].agg(["mean", "size"]).to_dict("list") == {
        "mean": [4.0, 5.0],
        "size": [6, 6],
    }
    assert set(mine["provenance"]) == {"workshop"}
    assert desk.now(room).state == "saved"
    assert stored(desk.votes, room) == {}
    (link,) = [each for each in app.get("page_link") if "story" in each.proto.label]
    assert f"ratings=workshop-{tally.occasion_id(room, 1)}" in link.proto.query_string


def test_a_reload_after_saving_still_says_so_and_offers_the_files_of_that_occasion(desk):
    room = voted(desk, rooms.close)
    app = visit(room=room.code, part="keep")
    field(app, "Title").input("Cyber week")
    saved(app.run())

    app = visit(room=room.code, part="keep")

    assert "This run is saved. Everybody sees its ratings." in said(app)
    assert not [each for each in app.button if each.label == "Save and publish"]
    assert button(app, "Prepare the slides")


def test_without_a_reason_nothing_is_saved(desk):
    room = voted(desk, rooms.close)

    app = saved(visit(room=room.code, part="keep"), " ")

    assert "Say why in a few words, then save." in said(app)
    assert gcs_data.current(desk.store) == 0
    assert desk.now(room).state == "closed"


def test_ballots_on_their_way_are_waited_for(desk):
    room = voted(desk, rooms.close)
    desk.waits(1)

    app = saved(visit(room=room.code, part="keep"))

    assert "Ballots that were on their way still count for a few seconds." in said(app)
    assert gcs_data.current(desk.store) == 0


def test_a_run_that_is_open_cannot_be_saved(desk):
    app = visit(room=voted(desk).code, part="keep")

    assert "A run can be saved once its round is closed." in said(app)
    assert not [each for each in app.button if each.label == "Save and publish"]


def test_whoever_lost_the_role_saves_nothing(desk, monkeypatch):
    room = voted(desk, rooms.close)
    app = visit(room=room.code, part="keep")
    monkeypatch.setattr(access, "still", lambda role: None)

    app = saved(app)

    assert "You are no longer signed in, so nothing was changed." in said(app)
    assert gcs_data.current(desk.store) == 0


def test_two_who_save_at_once_publish_once_and_the_second_is_told(desk):
    room = voted(desk, rooms.close)
    app, other = (visit(room=room.code, part="keep") for _ in range(2))
    saved(app)

    other = saved(other)

    assert gcs_data.current(desk.store) == 1
    assert "This run is saved." in said(other)


def test_a_conflict_that_does_not_end_is_a_sentence_and_the_room_stays(desk, monkeypatch):
    room = voted(desk, rooms.close)

    def always(*args, **rest):
        raise PublishConflictError(0, 1)

    monkeypatch.setattr(keep.gcs_data, "publish", always)

    app = saved(visit(room=room.code, part="keep"))

    (error,) = app.error
    assert error.value
    assert desk.now(room).state == "closed"


def test_a_run_is_discarded_only_by_whoever_is_sure(desk):
    room = voted(desk, rooms.close)
    app = visit(room=room.code, part="keep")
    assert button(app, "Discard for good").disabled

    app.checkbox[0].check().run()
    app = pressed(app, "Discard for good")

    assert desk.now(room).state == "discarded"
    assert stored(desk.votes, room) == {}
    assert "This run was discarded" in said(app)
    assert gcs_data.current(desk.store) == 0


@pytest.mark.heavy
def test_the_slides_hold_the_room_s_numbers(desk):
    room = voted(desk, rooms.close, rooms.reveal)
    made = []
    app = visit(room=room.code, part="keep")
    assert taken(app) == []

    app = prepared(app)

    assert taken(app) == ["Download the slides"]
    made = app.session_state["file slides"][1]
    deck = Presentation(io.BytesIO(made))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert list(charts[0].plots[0].series[0].values)[:2] == [5.0, 4.0]
    assert SUBJECT.title in deck.slides[0].shapes.title.text


def test_a_file_that_would_be_another_is_made_anew(desk):
    room = voted(desk, rooms.close, rooms.reveal)
    app = prepared(visit(room=room.code, part="keep"))

    field(app, "City").input("Lima")
    app.run()

    assert taken(app) == []
    assert button(app, "Prepare the slides")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("busy", "Other files are being made right now."),
        ("time", "The file took too long and was given up."),
        ("failed", "The file could not be made. The room's result is safe; try again."),
    ],
)
def test_a_file_that_cannot_be_made_is_a_sentence_and_can_be_tried_again(
    desk, monkeypatch, code, sentence
):
    def fails(kind, result):
        raise ExportError(code)

    monkeypatch.setattr(apart, "exported", fails)
    room = voted(desk, rooms.close, rooms.reveal)

    app = prepared(visit(room=room.code, part="keep"), "Prepare the handout")

    assert sentence in said(app)
    assert taken(app) == []
    assert button(app.run(), "Prepare the handout")


def test_staff_may_facilitate_as_well(desk, monkeypatch):
    staff = Person("Bea", frozenset({"staff", "facilitator"}))
    monkeypatch.setattr(access, "who", lambda: staff)
    room = voted(desk, rooms.close)

    saved(visit(room=room.code, part="keep"))

    assert gcs_data.history(desk.store)[0].who == "Bea"
