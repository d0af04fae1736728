"""The facilitator's desk: who may, opening a room, steering it, and never a traceback."""

from dataclasses import replace

import pytest
from present_desk import button, html, pressed, said, visit
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from workshop_rooms import SUBJECT, ballot, cast

from server.session import Person
from ui import access
from workshop import codes, rooms, site, votes

pytest_plugins = ["present_place"]
ANA = "Ana"
HOSTILE = "![x](https://tracker.example/x.png) <script>alert(1)</script> $x$ :material/home:"


def figures(app):
    """The three numbers."""
    return [part.split("</b>")[0] for part in html(app).split("<b>")[1:4]]


def enabled(app):
    commands = {"Rehearse", "End the rehearsal", "Open the vote", "Go on", "Open again", "Pause"}
    commands |= {"Close", "Reveal", "Hide", "Second round"}
    return {each.label for each in app.button if each.label in commands and not each.disabled}


def test_a_visitor_is_invited_to_sign_in_and_sees_no_room(desk, monkeypatch):
    room = desk.room()
    monkeypatch.setattr(access, "who", lambda: None)

    app = visit(room=room.code)

    assert "This page is for facilitators of workshops." in said(app)
    assert room.subject.title not in said(app) + html(app)
    assert "gcs-figures" not in html(app)
    assert len(app.selectbox) == 0


def test_whoever_has_another_role_is_told_so(desk, monkeypatch):
    monkeypatch.setattr(access, "who", lambda: Person("Eve", frozenset()))

    assert "You are signed in as Eve, who is not on its list." in said(visit())


def test_a_part_on_a_clock_takes_nothing_of_the_rest_of_the_desk_with_it(desk):
    sent, room = [], desk.room()
    ForwardMsgQueue.on_before_enqueue_msg(sent.append)
    try:
        visit(room=room.code)
    finally:
        ForwardMsgQueue.on_before_enqueue_msg(None)
    drawn = [message for message in sent if message.WhichOneof("type") == "delta"]
    parts = {message.delta.fragment_id for message in drawn} - {""}
    assert len(parts) == 2

    for part in parts:  # Streamlit drops its messages if it runs while those of the page wait.
        waiting = ForwardMsgQueue()
        for message in drawn:
            waiting.enqueue(message)
        waiting.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[part])
        held = {(root,): set() for root in range(4)}
        for message in waiting.flush():
            *above, place = message.metadata.delta_path
            assert place <= len(held[tuple(above)])  # Or the browser shows a white page.
            held[tuple(above)].add(place)
            held.setdefault((*above, place), set())


def test_without_a_room_there_is_only_the_way_to_one(desk):
    app = visit()

    assert app.title[0].value == "Open a room"
    assert [each.label for each in app.selectbox] == ["Story", "Language of the screen"]
    assert button(app, "Open the room").disabled
    assert "Choose a story first." in said(app)
    assert not desk.votes.url or rooms.listed(desk.votes) == []


def test_a_room_is_made_as_it_was_chosen_and_the_address_leads_back_to_it(desk):
    app = visit(story="kenya-cash", lang="fr")
    app.radio(key="new asked").set_value("table").run()
    app.number_input(key="new tables").set_value(4)
    app.segmented_control(key="new rounds").set_value(2)
    app.selectbox(key="new language").select("es").run()

    app = app.button(key="create").click().run()
    (room,) = rooms.listed(desk.votes)
    assert (room.owner, room.subject.story_id, room.subject.release) == ("Ana", "kenya-cash", 0)
    assert (room.ask_group, room.tables, room.rounds, room.language) == (True, 4, 2, "es")
    assert [gene.gene_id for gene in room.genes] == ["trust", "funding"]
    assert app.query_params["room"] == room.code
    assert room.code in html(visit(room=room.code))


def test_who_chooses_and_presses_before_the_page_is_drawn_anew_gets_what_was_chosen(desk):
    app = visit(story="kenya-cash")
    app.selectbox(key="address story").select("peru-water")
    app.radio(key="new asked").set_value("table")
    app.segmented_control(key="new rounds").set_value(2)
    app.selectbox(key="new language").select("fr")

    app.button(key="create").click().run()

    (room,) = rooms.listed(desk.votes)
    assert room.subject.story_id == "peru-water"
    assert (room.ask_group, room.tables, room.rounds, room.language) == (True, 6, 2, "fr")


def test_whoever_asks_for_genes_of_their_own_and_has_chosen_none_gets_no_room(desk):
    app = visit(story="peru-water")
    app.segmented_control(key="new genes").set_value("chosen")

    app.button(key="create").click().run()

    assert rooms.listed(desk.votes) == []


def test_genes_may_be_chosen_and_none_is_no_room(desk):
    app = visit(story="peru-water")
    app.segmented_control(key="new genes").set_value("chosen").run()
    assert button(app, "Open the room").disabled
    assert "Choose the genes to rate first." in said(app)

    app.multiselect(key="new chosen genes").select("funding").run()
    assert "Choose the genes" not in said(app)
    pressed(app, "Open the room")

    (room,) = rooms.listed(desk.votes)
    assert [gene.gene_id for gene in room.genes] == ["funding"]


def test_a_code_that_leads_nowhere_gets_a_sentence(desk):
    assert "There is no room called “ZZZZZZ”." in said(visit(room="ZZZZZZ"))
    desk.room()
    assert "There is no room called “ZZZZZZ”." in said(visit(room="ZZZZZZ"))


def test_the_code_the_address_and_the_qr_code_are_shown_with_what_the_address_is(desk, monkeypatch):
    monkeypatch.setenv("GCS_PUBLIC_URL", "https://gcs.example.org")
    room = desk.room()

    app = visit(room=room.code)

    assert f">{room.code}</p>" in html(app)
    assert f"gcs.example.org/vote/{room.code}" in html(app)
    assert f'alt="QR code for https://gcs.example.org/vote/{room.code}"' in html(app)
    assert "This is the public address that whoever runs this server has set." in said(app)
    assert "No phone has reached this server yet." in said(app)
    site.here().reached.add("192.0.2.7")
    assert "1 device has reached this server since it started." in said(visit(room=room.code))


def test_a_server_for_this_machine_alone_says_so_and_names_paper(desk):
    app = visit(room=desk.room().code)

    assert "Only this computer can open this address." in said(app)
    assert "paper" in said(app)


def test_the_link_to_the_screen_carries_the_key_that_steers_this_room(desk):
    room = desk.room()

    link = html(visit(room=room.code)).split(f"./screen/{room.code}?key=")[1].split('"')[0]

    assert site.here().voters.opens(room, link)
    assert not site.here().voters.opens(desk.room(), link)


def test_a_whole_round_is_steered_from_the_row_of_buttons(desk):
    room = desk.room(rounds=2)
    app = visit(room=room.code)
    steps = [
        ({"Rehearse", "Open the vote"}, "Rehearse", "test"),
        ({"End the rehearsal", "Open the vote"}, "Open the vote", "open"),
        ({"Pause", "Close"}, "Pause", "paused"),
        ({"Go on", "Close"}, "Go on", "open"),
        ({"Pause", "Close"}, "Close", "closed"),
        ({"Open again", "Reveal", "Second round"}, "Reveal", "revealed"),
        ({"Hide", "Second round"}, "Hide", "closed"),
        ({"Reveal", "Second round"}, "Second round", "lobby"),
        ({"Open the vote"}, "Open the vote", "open"),
    ]

    for possible, press, phase in steps:
        assert enabled(app) == possible
        app = pressed(app, press)
        assert desk.now(room).phase == phase
    assert desk.now(room).round == 2
    assert "round 2 of 2" in said(app)


def test_next_and_back_turn_the_projector_s_page_in_every_state(desk):
    room = desk.room()
    app = pressed(visit(room=room.code), "Next page")
    assert (desk.now(room).turned, desk.now(room).phase) == (1, "lobby")

    for step in (rooms.open_round, rooms.close, rooms.reveal):
        step(desk.votes, room.code)
    app = pressed(app.run(), "Page back")
    app = pressed(app, "Page back")
    assert (desk.now(room).turned, desk.now(room).phase) == (-1, "revealed")


def test_the_three_numbers_are_counts_and_a_test_ballot_is_said_to_be_one(desk):
    room = desk.room(rooms.rehearse)
    cast(desk.votes, ballot(room, "d1", "54"))
    app = visit(room=room.code)
    assert figures(app) == ["1", "–", "1"]
    assert "have sent a test ballot" in html(app)

    app = pressed(app, "Open the vote")
    assert figures(app) == ["1", "–", "0"]
    cast(desk.votes, *(ballot(desk.now(room), device, "54") for device in ("d1", "d2", "d3")))

    assert figures(app.run()) == ["3", "–", "3"]


def test_the_time_since_the_opening_is_told(desk):
    room = desk.room(rooms.open_round)
    desk.waits(200)

    assert "Open for 3 min 20 s." in said(visit(room=room.code))


def test_a_press_that_is_not_possible_any_more_is_a_sentence_and_changes_nothing(desk):
    room = desk.room(rooms.open_round)
    app = visit(room=room.code)
    rooms.close(desk.votes, room.code)
    rooms.reveal(desk.votes, room.code)

    app = pressed(app, "Pause")

    (error,) = app.error
    assert error.value == "That is not possible while the room is in the state “revealed”\\."
    assert desk.now(room).state == "revealed"


def test_a_press_meant_for_the_round_before_does_not_end_this_one(desk):
    room = desk.room(rooms.open_round, rounds=2)
    app = visit(room=room.code)
    for step in (rooms.close, rooms.second_round, rooms.open_round):
        step(desk.votes, room.code)

    app = pressed(app, "Close")

    assert "Somebody else has moved the room on, so nothing was changed." in said(app)
    assert (desk.now(room).round, desk.now(room).state) == (2, "open")


def test_what_another_facilitator_did_is_seen_at_the_next_look(desk):
    room = desk.room()
    app, other = visit(room=room.code), visit(room=room.code)
    pressed(other, "Open the vote")

    app = app.run()

    assert "The vote is open." in said(app)
    assert enabled(app) == {"Pause", "Close"}


def test_whoever_lost_the_role_cannot_steer(desk, monkeypatch):
    room = desk.room()
    app = visit(room=room.code)
    monkeypatch.setattr(access, "still", lambda role: None)

    app = pressed(app, "Open the vote")

    assert "You are no longer signed in, so nothing was changed." in said(app)
    assert desk.now(room).state == "lobby"


@pytest.mark.parametrize("part", ["join", "results", "paper", "notes", "keep"])
def test_a_hostile_title_is_shown_letter_for_letter_on_every_part(desk, part):
    genes = tuple(replace(gene, name=HOSTILE + gene.gene_id) for gene in SUBJECT.genes)
    bad = replace(SUBJECT, title=HOSTILE, genes=genes)
    room = rooms.create(desk.votes, bad, owner=HOSTILE)
    rooms.open_round(desk.votes, room.code)
    cast(desk.votes, *(ballot(desk.now(room), f"d{n}", "15") for n in range(6)))
    for step in (rooms.close, rooms.reveal):
        step(desk.votes, room.code)

    app = visit(room=room.code, part=part)

    assert not app.exception
    drawn = [each.value for kind in (app.markdown, app.caption, app.title) for each in kind]
    assert not any("](https" in text or "<script>" in text for text in drawn)
    assert "<script>" not in html(app)
    assert app.title[0].value.startswith("\\!\\[x\\]\\(https")


def test_a_database_that_is_out_of_reach_is_a_sentence(desk, monkeypatch, tmp_path):
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"not a database, not at all" * 100)
    monkeypatch.setenv("GCS_VOTES_URL", str(broken))

    app = visit()

    assert not app.exception
    assert "The room’s votes cannot be reached just now." in said(app)
    votes.here().close()


def test_mine_come_before_others_and_what_goes_on_before_what_has_ended(desk):
    ended = desk.room(owner=ANA)
    rooms.discard(desk.votes, ended)
    mine, other = desk.room(owner=ANA), desk.room()

    (listed,) = [each for each in visit().selectbox if each.label == "Room"]

    assert [codes.tidy(option[:6]) for option in listed.options] == [
        mine.code,
        other.code,
        ended.code,
    ]


def test_a_new_run_keeps_the_old_one_and_its_ballots(desk):
    room = desk.room(rooms.open_round)
    cast(desk.votes, ballot(room, "d1", "54"))
    app = visit(room=room.code, part="notes")

    app = pressed(app, "Yes, start a new run")

    assert desk.now(room).run == 2
    assert "Run 2: not open yet, the present one." in said(app)
    assert "Run 1: closed, kept." in said(app)
    old = visit(room=room.code, run="1", part="keep")
    assert "This is an older run of the room, kept as it was." in said(old)
    assert "1 ballot, 2 ratings of 2 genes." in said(old)
    assert enabled(old) == set()


def test_notes_are_added_with_who_and_are_never_lost_to_each_other(desk):
    room = desk.room()
    app, other = (visit(room=room.code, part="notes") for _ in range(2))

    for each, line in ((app, "First *one*"), (other, "Second")):
        each.text_area[0].input(line)
        pressed(each, "Add the note")

    first, second = desk.now(room).notes.split("\n")
    assert first.endswith("Ana: First *one*")
    assert second.endswith("Ana: Second")
    assert "Ana: First *one*" in said(other)
    pressed(other, "Yes, delete them")
    assert desk.now(room).notes == ""


def test_notes_that_are_full_take_no_more(desk):
    room = desk.room()
    rooms.note(desk.votes, room, "x" * rooms.MOST_NOTES)
    app = visit(room=room.code, part="notes")

    app.text_area[0].input("one more")
    app = pressed(app, "Add the note")

    assert "The notes are full: they hold 10000 characters." in said(app)
    assert desk.now(room).notes == "x" * rooms.MOST_NOTES


def test_a_room_whose_code_is_over_can_only_be_kept_or_discarded(desk):
    room = desk.room(rooms.open_round)
    cast(desk.votes, ballot(room, "d1", "54"))
    rooms.close(desk.votes, room.code)
    desk.waits(49 * 3600)

    app = visit(room=room.code, part="keep")

    assert "This room’s code no longer works." in said(app)
    assert enabled(app) == set()
    assert "1 ballot, 2 ratings of 2 genes." in said(app)
