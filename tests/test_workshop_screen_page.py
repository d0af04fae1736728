"""The projector's page and its charts: what they hold, and what they never hold too early."""

import json
import re
from html import unescape

import plotly
import pytest
from starlette.applications import Starlette
from test_workshop_phone import ANA, Browser
from tiny_data import frame, ship
from workshop_rooms import ballot, cast, room_in

from figures.dots import dna_dots
from figures.radar import dna_radar
from gcs_data import parquet
from server import api_data, errors
from words import words
from workshop import keep, rooms, screen, screen_join, screen_plotly, screen_results, tally
from workshop.site import Site
from workshop.subject import Gene, Subject
from workshop.voters import Voters

pytest_plugins = ["workshop_places"]
HOSTILE = '</script><img src=x onerror=alert(1)> & "Cash" \u202e'


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The tiny datasets as what the server ships."""
    folder = ship(tmp_path / "data")
    monkeypatch.setenv("GCS_DATA", str(folder))
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    api_data._frame.cache_clear()
    yield folder
    api_data._frame.cache_clear()


@pytest.fixture
def site(local, data):
    return Site(local, Voters(ANA))


@pytest.fixture
def projector(site):
    app = Starlette(routes=screen.routes(lambda: site), exception_handlers=errors.HANDLERS)
    return Browser(app)


def experts(folder, *scores, gene="trust", provenance="expert"):
    """Rate a gene of the story from Kenya on another occasion."""
    rows = [
        {
            "story_id": "kenya-cash",
            "gene_id": gene,
            "stakeholder_group": "all",
            "provenance": provenance,
            "occasion_id": "room-2",
            "score": score,
            "n": n,
        }
        for score, n in enumerate(scores, 1)
        if n
    ]
    counts = frame("rating_counts", *rows)
    (folder / "rating_counts.parquet").write_bytes(parquet.to_bytes(counts, "rating_counts"))
    api_data._frame.cache_clear()


def embedded(reply):
    """The data in a page."""
    return json.loads(re.search(r'(?s)<script [^>]*id="data">(.*?)</script>', reply.text)[1])


def revealed(votes, *choices, **chosen):
    """A room that gave these answers and sees its results."""
    room = room_in(votes, **chosen)
    cast(votes, *(ballot(room, f"d{n}", each) for n, each in enumerate(choices)))
    rooms.close(votes, room.code)
    return rooms.reveal(votes, room.code)


def drawn(projector, room):
    """The slides of a room's results, by id."""
    reply = projector.get(f"/screen/{room.code}/figures")
    assert reply.status == 200
    return {slide["id"]: slide for slide in reply.json["slides"]}


# The page


def test_the_page_shows_story_code_and_qr_and_runs_no_inline_script(projector, local):
    room = room_in(local, "lobby")

    reply = projector.get(f"/screen/{room.code}?key=secret")

    assert reply.status == 200
    assert "Cash by phone" in reply.says
    assert "It works." in reply.says
    assert "A ministry" in reply.says
    assert reply.says.count(room.code) >= 3
    assert reply.text.count("<svg viewBox") == 3
    scripts = re.findall(r"<script([^>]*)>", reply.text)
    assert [('type="application/json"' in each, "src=" in each) for each in scripts] == [
        (False, True),
        (True, False),
    ]
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "secret" not in reply.text
    assert reply.headers["referrer-policy"] == "no-referrer"


def test_everything_that_the_page_loads_comes_from_this_server(projector, local):
    room = room_in(local)

    text = projector.get(f"/screen/{room.code}").text

    loaded = re.findall(r'(?:src|href|data-plotly)="([^"]*)"', text)
    assert loaded
    assert all(address.startswith(("./", "../")) for address in loaded)


def test_an_unknown_room_is_a_sentence(projector):
    reply = projector.get("/screen/CFHJKM")

    assert reply.status == 404
    assert "There is no room with this code." in reply.says


@pytest.mark.parametrize("path", ["", "/figures", "/events", "/command"])
def test_every_address_of_an_unknown_room_is_404(projector, path):
    ask = projector.post if path == "/command" else projector.get

    assert ask(f"/screen/CFHJKM{path}").status == 404


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_page_speaks_the_rooms_language_and_not_the_browsers(projector, local, language):
    room = room_in(local, "lobby", language=language)

    reply = projector.get(f"/screen/{room.code}", accept_language="es, fr;q=0.5")

    assert f'<html lang="{language}">' in reply.text
    assert embedded(reply)["language"] == language
    assert words(language)("Led by") in reply.says


def test_text_from_data_is_never_markup(projector, local, data):
    hostile = Subject(HOSTILE, 0, HOSTILE, "en", (Gene("g", HOSTILE, "H", HOSTILE),))
    room = rooms.create(local, hostile, owner="Ana")

    reply = projector.get(f"/screen/{room.code}")

    assert "<img" not in reply.text
    assert "\u202e" not in reply.text.split('id="data"')[0]
    assert reply.text.count("</script>") == 2
    assert embedded(reply)["dna"]["steps"][0]["gene"] == HOSTILE
    assert "</script><img src=x onerror=alert(1)>" in unescape(reply.text)


def test_hostile_names_in_results_are_text_in_json_and_inert_in_pictures(projector, local):
    hostile = Subject("s", 0, HOSTILE, "en", (Gene("g", HOSTILE, "H", HOSTILE),))
    room = rooms.create(local, hostile, owner="Ana")
    room = rooms.open_round(local, room.code)
    cast(local, *(ballot(room, f"d{n}", each) for n, each in enumerate("11155")))
    rooms.close(local, room.code)
    room = rooms.reveal(local, room.code)

    reply = projector.get(f"/screen/{room.code}/figures")

    assert reply.headers["content-type"].startswith("application/json")
    slides = {slide["id"]: slide for slide in reply.json["slides"]}
    assert slides["gene-g"]["heading"] == HOSTILE
    assert "<img" not in slides["gene-g"]["chart"]["svg"]["light"]
    labels = slides["radar"]["chart"]["figure"]["layout"]["polar"]["angularaxis"]["ticktext"]
    assert "<img" not in labels[0]


def test_a_store_that_cannot_be_read_leaves_title_genes_and_code(projector, local, data):
    room = room_in(local)
    for file in data.iterdir():
        file.unlink()
    api_data._frame.cache_clear()

    reply = projector.get(f"/screen/{room.code}")

    assert reply.status == 200
    assert "Cash by phone" in reply.says
    assert "Nothing more of this story is on record." in reply.says
    assert [step["gene"] for step in embedded(reply)["dna"]["steps"]] == ["Trust", "Funding"]


# The DNA on record


def test_without_a_record_the_page_says_so_and_names_the_genes(projector, local, data):
    experts(data, 0, 0, 0, 3, 3, provenance="illustrative")
    room = room_in(local)

    dna = embedded(projector.get(f"/screen/{room.code}"))["dna"]

    assert (dna["kind"], dna["chart"]) == ("none", None)
    assert dna["say"] == [
        "No rating and no published DNA of this story is on record. This room is the first."
    ]
    assert dna["steps"][0] == {
        "gene_id": "trust",
        "gene": "Trust",
        "definition": "People rely on it.",
        "value": "",
    }


def test_ratings_by_experts_are_the_record_with_n_and_occasion(projector, local, data):
    experts(data, 0, 0, 0, 3, 3)
    room = room_in(local)

    dna = embedded(projector.get(f"/screen/{room.code}"))["dna"]

    assert dna["kind"] == "expert"
    assert dna["chart"]["figure"]["data"][0]["r"] == [4.5, None, 4.5]
    assert [step["value"] for step in dna["steps"]] == ["4.5 of 5 (n = 6)", "not rated"]
    assert dna["say"][0] == "Expert ratings: Lima, n = 6."


def test_the_published_dna_is_an_order_and_not_a_radar(projector, local, data):
    published = frame(
        "published_dna",
        *(
            {"story_id": "kenya-cash", "gene_id": gene, "position": place, "dominant": place < 2}
            for place, gene in enumerate(["funding", "trust"], 1)
        ),
    )
    (data / "published_dna.parquet").write_bytes(parquet.to_bytes(published, "published_dna"))
    experts(data, 0, 0, 0, 0, 0)
    room = revealed(local, *["51"] * 5)

    dna = embedded(projector.get(f"/screen/{room.code}"))["dna"]
    record = drawn(projector, room)["record"]

    assert (dna["kind"], dna["chart"]) == ("published", None)
    assert [step["gene_id"] for step in dna["steps"]] == ["", ""]  # Nameless there, so not ours.
    assert record["chart"] is None
    assert [each["head"] for each in record["lists"]] == ["Published DNA", "This room, by mean"]
    assert record["lists"][1]["items"] == ["Trust (5.0)", "Funding (1.0)"]


# Blind until the reveal


def test_no_answer_holds_a_result_before_the_reveal(projector, local):
    room = room_in(local, rounds=2, ask_group=True)
    cast(local, *(ballot(room, f"d{n}", "52", group="academia") for n in range(6)))
    told = b""
    for step in (rooms.pause, rooms.close, rooms.reveal, rooms.hide, rooms.second_round):
        now = step(local, room.code)
        if now.state == "revealed":
            assert drawn(projector, now)["radar"]["table"]["rows"][0][1] == "5.0"
            continue
        refused = projector.get(f"/screen/{room.code}/figures")
        assert (refused.status, refused.json["code"]) == (409, "not_now")
        told += projector.get(f"/screen/{room.code}").body + refused.body

    for result in (b"5.0", b"2.0", b'"mean"', b"radar-h", b"strongest gene of", b"scatterpolar"):
        assert result not in told


def test_figures_say_whether_they_changed(projector, local):
    room = revealed(local, "55", "44")
    first = projector.get(f"/screen/{room.code}/figures")
    tag = first.headers["etag"]

    again = projector.get(f"/screen/{room.code}/figures", if_none_match=tag)
    rooms.hide(local, room.code)
    hidden = projector.get(f"/screen/{room.code}/figures", if_none_match=tag)
    rooms.reveal(local, room.code)
    later = projector.get(f"/screen/{room.code}/figures", if_none_match=tag)

    assert (again.status, again.body) == (304, b"")
    assert hidden.status == 409
    assert later.status == 200
    assert later.headers["etag"] != tag
    assert first.json["name"] == tag.strip('"')


# The results


def test_radar_and_dots_are_those_of_the_figures_functions(projector, local):
    room = revealed(local, "51", "42", "4-", "55", "21")
    profile = tally.results(local, room).profile.assign(gene=["Trust", "Funding"])
    t = words("en")

    slides = drawn(projector, room)

    radar = dna_radar(profile.assign(name="Cash by phone"), title="", t=t)
    assert slides["radar"]["chart"]["figure"]["data"] == json.loads(radar.to_json())["data"]
    assert slides["radar"]["chart"]["figure"]["data"][0]["r"] == [4.0, 2.25, 4.0]
    agreed = dict.fromkeys(["agreed", "spread", "two_camps", "too_few"], "")
    means = json.loads(dna_dots(profile, title="", t=t, labels=agreed).to_json())["data"][0]
    ours = slides["dots"]["chart"]["figure"]["data"][0]
    assert (ours["x"], ours["y"], ours["error_x"]) == (means["x"], means["y"], means["error_x"])
    assert ours["x"] == [2.25, 4.0]
    assert slides["radar"]["table"]["rows"] == [
        ["Trust", "4.0", "2.5", "5.0", "4.0", "5", "raters agree"],
        ["Funding", "2.3", "–", "–", "1.5", "4", "too few ratings to say"],
    ]
    assert "n = 5" in slides["radar"]["note"]
    assert slides["radar"]["say"][0].startswith("The strongest gene of “Cash by phone” is Trust")


def test_a_gene_that_nobody_rated_is_a_gap_and_said_to_be(projector, local):
    slides = drawn(projector, revealed(local, "5-", "5-"))

    assert slides["radar"]["chart"]["figure"]["data"][0]["r"] == [5.0, None, 5.0]
    assert slides["gene-funding"]["chart"] is None
    assert slides["gene-funding"]["say"] == ["There is money.", "Nobody rated this gene."]


def test_contested_genes_come_by_themselves_with_a_question_and_others_by_their_key(
    projector, local
):
    slides = drawn(projector, revealed(local, *["51"] * 5, *["11"] * 5))

    assert [slide["id"] for slide in slides.values() if not slide["aside"]][-1] == "gene-trust"
    assert slides["gene-trust"]["say"][1] == "Trust: 5 of 10 rate it 1 or 2, 5 rate it 4 or 5."
    assert slides["gene-trust"]["ask"] == (
        "What do those who rate Trust high know that the others do not?"
    )
    assert slides["gene-funding"]["aside"]


def test_a_room_that_agrees_is_told_so(projector, local):
    slides = drawn(projector, revealed(local, *["55"] * 6))

    assert slides["talk"]["say"] == ["No gene divides this room."]
    assert slides["gene-trust"]["aside"]


def test_the_record_is_drawn_beside_the_room_and_a_difference_is_named(projector, local, data):
    experts(data, 5, 5, 0, 0, 0)
    slides = drawn(projector, revealed(local, *["5-"] * 5, *["4-"] * 5))

    outlines = [
        trace
        for trace in slides["record"]["chart"]["figure"]["data"]
        if not trace.get("meta", {}).get("interval")
    ]
    assert [trace["r"] for trace in outlines] == [[4.5, None, 4.5], [1.5, None, 1.5]]
    assert slides["record"]["say"][1].startswith("This room rates Trust higher by 3.0")


def test_made_up_ratings_are_no_record(projector, local, data):
    experts(data, 5, 5, 0, 0, 0, provenance="illustrative")

    assert "record" not in drawn(projector, revealed(local, *["55"] * 5))


def test_groups_under_five_are_nowhere_in_what_is_sent(projector, local):
    room = room_in(local, ask_group=True)
    groups = ["academia"] * 6 + ["government"] * 5 + ["private_sector"] * 4 + ["civil_society"]
    cast(local, *(ballot(room, f"d{n}", "52", group=each) for n, each in enumerate(groups)))
    rooms.close(local, room.code)
    room = rooms.reveal(local, room.code)

    body = projector.get(f"/screen/{room.code}/figures").body.decode()
    heads = [s["table"]["head"] for s in json.loads(body)["slides"] if s["id"].startswith("groups")]

    assert [name for head in heads for name in head[1:]] == [
        "Government",
        "Other groups",
        "Academia",
    ] or sorted(name for head in heads for name in head[1:]) == [
        "Academia",
        "Government",
        "Other groups",
    ]
    assert "Private sector" not in body
    assert "Civil society" not in body


def test_four_groups_are_two_and_two(projector, local):
    room = room_in(local, ask_group=True)
    groups = ["academia", "government", "private_sector", "civil_society"] * 5
    cast(local, *(ballot(room, f"d{n}", "52", group=each) for n, each in enumerate(groups)))
    rooms.close(local, room.code)

    slides = drawn(projector, rooms.reveal(local, room.code))

    assert [len(slides[f"groups-{page}"]["table"]["head"]) for page in (1, 2)] == [3, 3]


def second(votes, first, then):
    """A room of two rounds that sees the second."""
    room = revealed(votes, *first, rounds=2)
    rooms.second_round(votes, room.code)
    room = rooms.open_round(votes, room.code)
    cast(votes, *(ballot(room, f"d{n}", each) for n, each in enumerate(then)))
    rooms.close(votes, room.code)
    return rooms.reveal(votes, room.code)


def test_the_second_round_has_arrows_of_movement(projector, local):
    room = second(local, ["23", "33", "24", "33", "23"], ["43", "53", "44", "53", "43"])

    movement = drawn(projector, room)["movement"]

    assert movement["table"]["rows"] == [
        ["Trust", "2.4", "4.4", "2.0"],
        ["Funding", "3.2", "3.2", "0.0"],
    ]
    assert movement["say"] == ["Trust went up by 2.0 (2.0 to 2.0)."]
    assert movement["chart"]["svg"]["light"].count('data-part="arrow"') == 2
    assert 'fill="#0072b2"' in movement["chart"]["svg"]["light"]


def test_movement_that_could_give_somebody_away_is_said_without_numbers(projector, local):
    first = ["23", "33", "23", "33", "23"]
    room = second(local, first, ["43", "53", "43", "53", "43", "51"])

    movement = drawn(projector, room)["movement"]

    assert [row[3] for row in movement["table"]["rows"]] == ["–", "–"]
    assert movement["say"] == [
        "Went up: Trust.",
        "No number stands where it could give away fewer than five people.",
    ]
    assert 'fill="#0072b2"' in movement["chart"]["svg"]["light"]  # It did move, so it is not grey.


def test_paper_and_hands_are_said(projector, local):
    from workshop import paper

    room = room_in(local)
    paper.add_ballot(local, room, {"trust": 3})
    rooms.close(local, room.code)

    note = drawn(projector, rooms.reveal(local, room.code))["radar"]["note"]

    assert note.endswith("1 ballot was on paper and typed in.")


def test_slides_speak_the_rooms_language(projector, local):
    slides = drawn(projector, revealed(local, *["55"] * 5, language="fr"))

    assert slides["radar"]["table"]["head"][0] == words("fr")("Gene")
    assert slides["radar"]["table"]["rows"][0][1] == "5,0"


def test_two_genes_of_one_name_are_told_apart(projector, local):
    twins = Subject("s", 0, "Twins", "en", tuple(Gene(g, "Trust", "", "") for g in ("a", "b")))
    room = rooms.open_round(local, rooms.create(local, twins, owner="Ana").code)
    cast(local, ballot(room, "d", "51"))
    rooms.close(local, room.code)

    rows = drawn(projector, rooms.reveal(local, room.code))["radar"]["table"]["rows"]

    assert [row[0] for row in rows] == ["Trust (a)", "Trust (b)"]


def test_a_room_nobody_voted_in_has_slides_too(projector, local):
    slides = drawn(projector, room_in(local, "revealed"))

    assert slides["radar"]["say"][0].startswith("Nobody has rated the genes of “Cash by phone”")
    assert slides["talk"]["say"] == ["There are too few ratings to say where this room is divided."]


def test_a_saved_room_still_shows_its_results(projector, local):
    room = revealed(local, "55", "44")
    rooms.saved(local, room)

    assert drawn(projector, room)["radar"]["table"]["rows"][0][1] == "4.5"
    assert keep.UNFINISHED == ("lobby", "open", "paused")


def test_slides_are_made_once_for_all_screens(projector, local, monkeypatch):
    room = revealed(local, "55")
    made = []
    slides = screen_results.slides
    monkeypatch.setattr(screen, "slides", lambda *given: made.append(1) or slides(*given))

    bodies = {projector.get(f"/screen/{room.code}/figures").body for _ in range(3)}

    assert (len(bodies), len(made)) == (1, 1)


# Joining, and Plotly's script


@pytest.mark.parametrize(
    ("public", "host", "reached", "shown"),
    [
        ("https://gcs.example.org", "localhost:8501", False, "gcs.example.org/vote"),
        ("", "localhost:8501", True, "10.9.8.7:8501/vote"),
        ("", "10.1.1.1:8501", True, "10.9.8.7:8501/vote"),
        ("", "proxy.example.org", False, "proxy.example.org/vote"),
        ("", "localhost:8501", False, "localhost:8501/vote"),
        ("", "<b>evil</b>", False, "localhost:8501/vote"),
    ],
)
def test_the_address_is_one_that_phones_can_use(
    projector, local, monkeypatch, public, host, reached, shown
):
    monkeypatch.setenv("GCS_PUBLIC_URL", public)
    monkeypatch.setattr("workshop.addresses.own_address", lambda: "10.9.8.7")
    monkeypatch.setattr(screen_join, "_answers", lambda host, port: reached)
    room = room_in(local)

    reply = projector.get(f"/screen/{room.code}", host=host)

    assert f'<b class="address">{shown}</b>' in reply.text
    assert ("Phones cannot reach this address yet" in reply.says) is shown.startswith("localhost")


def test_plotlys_own_script_is_sent_compressed_and_kept_for_ever(projector):
    reply = projector.get(f"/screen/{screen_plotly.NAME}", accept_encoding="gzip")

    assert plotly.__version__ in screen_plotly.NAME
    assert reply.headers["content-encoding"] == "gzip"
    assert "immutable" in reply.headers["cache-control"]
    assert reply.body == screen_plotly.FILE.read_bytes()
    assert reply.size < 1_600_000


def test_a_package_without_the_script_is_not_found(projector, monkeypatch, tmp_path):
    monkeypatch.setattr(screen_plotly, "FILE", tmp_path / "none.js")

    assert projector.get(f"/screen/{screen_plotly.NAME}").status == 404


def test_a_command_larger_than_any_is_refused(projector, site, local):
    room = room_in(local, "lobby")

    reply = projector.post(
        f"/screen/{room.code}/command",
        b"do=open&" + b"x" * 100_000,
        x_screen_key=site.voters.screen_key(room),
    )

    assert (reply.status, reply.json["code"]) == (413, "too_large")
    assert rooms.room(local, room.code).state == "lobby"
