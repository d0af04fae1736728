import asyncio
import gzip
import json
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from workshop_rooms import SUBJECT, room_in, stored, tallies

from server import errors, headers
from words import words
from workshop import pages, phone, rooms
from workshop.ballots import GRACE
from workshop.errors import sentence
from workshop.site import Site
from workshop.subject import Gene, Subject
from workshop.voters import Voters

pytest_plugins = ["workshop_places"]
ANA, BEN = "a1" * 32, "b2" * 32
SCRIPT = {"accept": "application/json"}


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict
    body: bytes
    size: int

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def says(self):
        """The page as somebody reads it."""
        visible = re.sub(r"(?s)<(script|style).*?</\1>", " ", self.text)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", visible)).split())


@dataclass
class Browser:
    """A phone: it asks an ASGI app, and keeps its cookie."""

    app: Starlette
    cookies: dict = field(default_factory=dict)
    address: str = "10.0.0.1"
    read: int = 0

    def get(self, path, **sent):
        return self.ask("GET", path, b"", sent)

    def post(self, path, fields=b"", **sent):
        body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
        return self.ask("POST", path, body, {"content-length": str(len(body))} | sent)

    def ask(self, method, path, body, sent):
        named = {"host": "room.test:8501", "accept-encoding": "gzip", "accept": "text/html"} | sent
        named |= {"cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        address, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": address,
            "raw_path": address.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in named.items()],
            "client": (self.address, 1),
            "server": ("127.0.0.1", 8501),
        }
        parts = [body[place : place + 1000] for place in range(0, len(body) or 1, 1000)]
        answer = []

        async def receive():
            self.read += 1
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message):
            answer.append(message)

        asyncio.run(self.app(scope, receive, send))
        received = {k.decode(): v.decode("latin-1") for k, v in answer[0]["headers"]}
        raw = b"".join(message.get("body", b"") for message in answer[1:])
        size = len(raw) + sum(len(k) + len(v) + 4 for k, v in answer[0]["headers"]) + 17
        if "set-cookie" in received:
            name, _, rest = received["set-cookie"].partition("=")
            self.cookies[name] = rest.partition(";")[0]
        plain = gzip.decompress(raw) if received.get("content-encoding") == "gzip" else raw
        return Reply(answer[0]["status"], received, plain, size)


@pytest.fixture
def site(local):
    return Site(local, Voters(ANA))


@pytest.fixture(params=["by its routes", "by the shortcut"])
def app(site, request):
    routes = Starlette(routes=phone.routes(lambda: site), exception_handlers=errors.HANDLERS)
    return routes if request.param == "by its routes" else phone.Shortcut(routes, lambda: site)


@pytest.fixture
def browse(app):
    """`browse()`: a phone of its own."""
    return lambda **about: Browser(app, **about)


def fields(room, number=1, **answers):
    sent = {"_run": room.run, "_round": room.ballot_round, "_number": number}
    return sent | {name: value for name, value in answers.items()}


def voter(browse, room):
    """A phone that has opened the ballot."""
    opened = browse()
    assert opened.get(f"/vote/{room.code}").status == 200
    return opened


# The page


def test_the_page_is_one_small_request_that_needs_nothing_else(browse, local):
    room = room_in(local, ask_group=True)

    reply = browse().get(f"/vote/{room.code}")

    assert reply.status == 200
    assert reply.size < 8000 - 700  # The rest is for what the server adds to every answer.
    assert not re.findall(r'(?:src|href)="(?!data:|\?lang=)[^"]*"', reply.text)
    assert "@import" not in reply.text


def test_every_script_and_style_of_a_page_is_named_in_its_policy(browse, local):
    room = room_in(local)
    for path in (f"/vote/{room.code}", "/vote/test", "/vote"):
        reply = browse().get(path)
        policy = reply.headers["content-security-policy"]
        code = re.sub(r'(?s)<script type="application/json".*?</script>', "", reply.text)
        inside = headers.inline_script_hashes(code)
        inside += headers.inline_script_hashes(
            code.replace("<script", "<x")
            .replace("<style", "<script")
            .replace("/style>", "/script>")
        )

        assert inside
        assert all(source in policy for source in inside)
        assert "unsafe" not in policy
        assert not re.search(r"\son\w+=|\sstyle=", code)
        assert policy.startswith("default-src 'none'")


def test_a_gene_is_a_fieldset_of_radio_buttons_with_worded_ends(browse, local):
    page = browse().get(f"/vote/{room_in(local).code}").text

    assert re.findall(r"<legend[^>]*>(.*?)</legend>", page) == ["Trust", "Funding"]
    labels = re.findall(
        r'name="trust" value="(\d)"[^>]*><span class="box">(.*?)</span></label>', page
    )
    spoken = [(value, unescape(re.sub(r"<[^>]+>", "", text))) for value, text in labels]
    assert spoken == [
        ("1", "1 1 absent"),
        ("2", "2"),
        ("3", "3"),
        ("4", "4"),
        ("5", "5 5 defining"),
        ("0", "Don’t know"),
    ]
    assert 'id="d1" dir="auto">People rely on it.</p>' in page
    assert 'aria-describedby="d1"' in page
    assert 'role="status"' in page


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("es-MX,es;q=0.9", "es"),
        ("fr", "fr"),
        ("de,en;q=0.5", "en"),
        ("de,ar;q=0.5", "fr"),  # None of ours: the room's.
        ("", "fr"),
    ],
)
def test_the_page_speaks_the_phones_language_else_the_rooms(browse, local, accepted, language):
    room = room_in(local, language="fr")

    page = browse().get(f"/vote/{room.code}", accept_language=accepted).text

    assert f'<html lang="{language}">' in page


def test_a_visitor_may_choose_another_language(browse, local):
    page = browse().get(f"/vote/{room_in(local).code}?lang=es", accept_language="fr").text

    assert '<html lang="es">' in page
    assert 'href="?lang=fr"' in page


HOSTILE = "<script>alert(1)</script>\u202etxt.exe \"' onload=x {{ 7*7 }}"


def test_hostile_text_is_shown_letter_for_letter(browse, local):
    subject = Subject("x", 0, HOSTILE, "ar", (Gene("trust", HOSTILE, "T", HOSTILE),))
    room = rooms.open_round(local, rooms.create(local, subject, owner="Ana").code)

    page = browse().get(f"/vote/{room.code}").text

    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "[U+202E]" in page
    assert "{{ 7*7 }}" in page
    assert '<h1 dir="auto" lang="ar">' in page


@pytest.mark.parametrize(
    ("state", "says", "is_open"),
    [
        ("lobby", "The vote has not started yet.", False),
        ("open", "The vote is open.", True),
        ("paused", "The vote is paused. Your answers stay on this phone.", False),
        ("closed", "This round is closed.", False),
        ("revealed", "The results are on the screen.", False),
    ],
)
def test_the_page_says_where_the_room_is(browse, local, state, says, is_open):
    reply = browse().get(f"/vote/{room_in(local, state).code}")

    assert says in reply.says
    assert ('<fieldset id="all">' in reply.text) is is_open


def test_the_page_is_there_when_the_workshop_has_ended(browse, local):
    room = rooms.discard(local, room_in(local))

    assert "This workshop has ended. Thank you." in browse().get(f"/vote/{room.code}").says


# The cookie


def test_the_cookie_holds_a_random_number_signed_and_out_of_scripts_reach(browse, local):
    room = room_in(local)
    one, other = browse(), browse()
    sent = one.get(f"/vote/{room.code}").headers["set-cookie"]
    other.get(f"/vote/{room.code}")

    assert re.fullmatch(
        r"gcs_voter=[0-9a-f]{32}\.[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax", sent
    )
    assert one.cookies != other.cookies
    assert "set-cookie" not in one.get(f"/vote/{room.code}").headers


def test_over_https_the_cookie_is_never_sent_without_it(local, site):
    from starlette.requests import Request
    from starlette.responses import Response

    from workshop.replies import give_cookie

    response = Response()
    give_cookie(
        site,
        Request(
            {"type": "http", "scheme": "https", "headers": [], "server": ("a", 443), "path": "/"}
        ),
        response,
    )

    assert "; Secure" in response.headers["set-cookie"]


@pytest.mark.parametrize("how", ["forged", "missing", "of another key", "of another purpose"])
def test_a_ballot_without_our_cookie_is_not_counted(browse, local, site, how):
    room = room_in(local)
    ana = voter(browse, room)
    genuine = ana.cookies["gcs_voter"]
    ana.cookies = {
        "forged": {"gcs_voter": "f" * 32 + genuine[32:]},
        "missing": {},
        "of another key": {"gcs_voter": Voters(BEN).new_cookie()},
        "of another purpose": {"gcs_voter": f"{room.room_id}.{site.voters.screen_key(room)}"},
    }[how]

    reply = ana.post(f"/vote/{room.code}", fields(room, trust=5), **SCRIPT)

    assert (reply.status, reply.json["code"]) == (403, "no_cookie")
    assert reply.json["say"].startswith("Your browser did not send back this page’s cookie")
    assert stored(local, room) == {}


def test_a_voter_is_another_device_in_every_run(site):
    one = site.voters.device(1, "a" * 32)

    assert one == site.voters.device(1, "a" * 32)
    assert len({one, site.voters.device(2, "a" * 32), site.voters.device(1, "b" * 32)}) == 3


# Sending by script


def test_a_ballot_is_saved_and_a_repeat_is_told_so(browse, local):
    room = room_in(local)
    ana = voter(browse, room)

    first = ana.post(f"/vote/{room.code}", fields(room, trust=5, funding=0), **SCRIPT)
    again = ana.post(f"/vote/{room.code}", fields(room, trust=5, funding=0), **SCRIPT)
    changed = ana.post(f"/vote/{room.code}", fields(room, 2, trust=4), **SCRIPT)
    older = ana.post(f"/vote/{room.code}", fields(room, 1, trust=1), **SCRIPT)

    assert [first.status, again.status, changed.status, older.status] == [200, 200, 200, 409]
    assert first.json == again.json == {"saved": True, "number": 1}
    assert older.json == {"saved": False, "number": 2}
    assert tallies(local, room) == {(1, "phone", "", 0, 4): 1}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"trust": "6"}, 422, "score"),
        ({"trust": "-1"}, 422, "score"),
        ({"trust": "4.5"}, 422, "score"),
        ({"trust": "٣"}, 422, "score"),
        ({"trust": ""}, 422, "score"),
        ({"greed": "5"}, 422, "gene"),
        ({"_group": "pirates", "trust": "5"}, 422, "group"),
        ({"_round": "9", "trust": "5"}, 409, "moved_on"),
        ({"_run": "9", "trust": "5"}, 409, "moved_on"),
        ({"_round": "x", "trust": "5"}, 422, "damaged"),
        ({"_number": "-1", "trust": "5"}, 422, "damaged"),
        ({"_number": str(2**53), "trust": "5"}, 422, "damaged"),
        ({}, 422, "no_answer"),
    ],
)
def test_a_wrong_ballot_gets_a_sentence_and_changes_nothing(browse, local, change, status, code):
    room = room_in(local, ask_group=True)
    ana = voter(browse, room)

    reply = ana.post(f"/vote/{room.code}", fields(room) | change, **SCRIPT)

    assert (reply.status, reply.json["code"]) == (status, code)
    assert reply.json["say"].endswith((".", "?"))
    assert stored(local, room) == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"trust=5&trust=4", b"trust", b"a=1&" * 50 + b"b=2", b"{}", b"_run=1"],
)
def test_a_damaged_body_gets_a_sentence(browse, local, body):
    room = room_in(local)

    reply = voter(browse, room).post(f"/vote/{room.code}", body, **SCRIPT)

    assert reply.status == 422
    assert reply.json["say"]
    assert stored(local, room) == {}


def test_a_large_body_is_refused_before_any_of_it_is_read(browse, local):
    room = room_in(local)
    ana = voter(browse, room)

    reply = ana.post(f"/vote/{room.code}", b"x" * 10, **SCRIPT | {"content-length": "10000000"})

    assert (reply.status, reply.json["code"], ana.read) == (413, "too_large", 0)


def test_a_large_body_that_does_not_say_so_is_cut_off(browse, local):
    room = room_in(local)
    ana = voter(browse, room)

    reply = ana.post(f"/vote/{room.code}", b"x" * 10**6, **SCRIPT | {"content-length": "0"})

    assert (reply.status, ana.read) == (413, 5)


def test_a_ballot_after_the_round_is_told_so(browse, local, clock):
    room = room_in(local)
    ana = voter(browse, room)
    rooms.close(local, room.code)
    late = ana.post(f"/vote/{room.code}", fields(room, trust=5), **SCRIPT)
    clock.now += GRACE + 1

    reply = ana.post(f"/vote/{room.code}", fields(room, 2, trust=1), **SCRIPT)

    assert (late.status, late.json["saved"]) == (200, True)
    assert (reply.status, reply.json["code"]) == (409, "closed")
    assert tallies(local, room) == {(1, "phone", "", 0, 5): 1}


def test_a_test_ballot_is_taken_while_there_is_a_test(browse, local):
    room = rooms.rehearse(local, room_in(local, "lobby").code)
    ana = voter(browse, room)

    reply = ana.post(f"/vote/{room.code}", fields(room, trust=5), **SCRIPT)

    assert reply.json == {"saved": True, "number": 1}
    assert "This was a test and does not count." in ana.get(f"/vote/{room.code}").says
    assert tallies(local, room) == {}


# Sending without a script


def test_without_a_script_the_page_comes_back_saved_with_the_choices(browse, local):
    room = room_in(local, ask_group=True)
    ana = voter(browse, room)
    sent = fields(room, "", trust=5, funding=0) | {"_group": "academia"}

    answer = ana.post(f"/vote/{room.code}?lang=en", sent)
    page = ana.get(f"/vote/{room.code}?lang=en")

    assert (answer.status, answer.headers["location"]) == (303, f"{room.code}?lang=en")
    assert "Saved." in page.says
    assert re.findall(r'name="(\w+)" value="(\d)"[^>]* checked', page.text) == [
        ("trust", "5"),
        ("funding", "0"),
    ]
    assert '<option value="academia" selected>' in page.text
    assert "<noscript><form>" in page.text


def test_without_a_script_going_back_and_sending_again_counts(browse, local):
    room = room_in(local)
    ana = voter(browse, room)

    for score in (5, 4, 3):
        ana.post(f"/vote/{room.code}", fields(room, "", trust=score))

    assert tallies(local, room) == {(1, "phone", "", 0, 3): 1}


@pytest.mark.parametrize(
    ("stop", "says"), [(rooms.pause, "The vote is paused."), (rooms.discard, "has ended")]
)
def test_without_a_script_a_refused_ballot_keeps_its_choices(browse, local, clock, stop, says):
    room = room_in(local)
    ana = voter(browse, room)
    stop(local, room if stop is rooms.discard else room.code)
    clock.now += GRACE + 1

    reply = ana.post(f"/vote/{room.code}", fields(room, "", trust=5))

    assert reply.status == (410 if stop is rooms.discard else 409)
    assert says in reply.says
    assert re.search(r'name="trust" value="5"[^>]* checked', reply.text)


def test_without_a_cookie_the_page_gives_one_and_keeps_the_choices(browse, local):
    room = room_in(local)
    ana = browse()

    refused = ana.post(f"/vote/{room.code}", fields(room, "", trust=5))
    counted = ana.post(f"/vote/{room.code}", fields(room, "", trust=5))

    assert (refused.status, counted.status) == (403, 303)
    assert 'value="5" aria-describedby="d1" checked' in refused.text


# The state


def test_the_state_is_short_and_confirmed_by_its_tag(browse, local):
    room = room_in(local, rounds=2)
    ana = voter(browse, room)

    first = ana.get(f"/vote/{room.code}/state")
    same = ana.get(f"/vote/{room.code}/state", if_none_match=first.headers["etag"])
    rooms.close(local, room.code)
    changed = ana.get(f"/vote/{room.code}/state", if_none_match=first.headers["etag"])

    assert first.json == {"run": 1, "round": 1, "phase": "open"}
    assert len(first.body) <= 200
    assert (same.status, same.body) == (304, b"")
    assert changed.json == {"run": 1, "round": 1, "phase": "closed"}


def test_a_ballot_does_not_change_the_state(browse, local):
    room = room_in(local)
    ana = voter(browse, room)
    tag = ana.get(f"/vote/{room.code}/state").headers["etag"]

    ana.post(f"/vote/{room.code}", fields(room, trust=5), **SCRIPT)

    assert ana.get(f"/vote/{room.code}/state", if_none_match=tag).status == 304


# The way in


def test_a_typed_code_leads_to_the_ballot(browse, local):
    room = room_in(local)
    typed = f"{room.code[:3].lower()}%20{room.code[3:]}"

    assert "The code on the screen" in browse().get("/vote").says
    assert browse().get(f"/vote?code={typed}").headers["location"] == f"vote/{room.code}"
    assert browse().get(f"/vote?code={typed}&lang=fr").headers["location"].endswith("?lang=fr")


@pytest.mark.parametrize("path", ["/vote/CFHJKM", "/vote?code=CFHJKM", "/vote/nothing-like-it"])
def test_an_unknown_code_gets_a_sentence_and_another_try(browse, local, path):
    room_in(local)

    reply = browse().get(path)

    assert reply.status == 404
    assert "There is no room with this code." in reply.says
    assert re.search(r'<form action="(\./|\.\./)vote" method="get">', reply.text)


def test_a_ballot_for_an_unknown_room_gets_a_sentence(browse, local):
    reply = browse().post("/vote/CFHJKM", b"trust=5", **SCRIPT)

    assert (reply.status, reply.json["code"]) == (404, "unknown_room")
    assert browse().get("/vote/CFHJKM/state").status == 404


def test_a_phone_learns_whether_it_will_work(browse):
    ana, without = browse(), browse()
    first = ana.get("/vote/test")

    assert "This phone reaches the server." in first.says
    assert ana.post("/vote/test", **SCRIPT).json == {"works": True}
    assert "This phone will work" in ana.post("/vote/test").says
    assert without.post("/vote/test", **SCRIPT).json == {"works": False}


def test_the_desk_learns_that_another_machine_has_reached_the_server(browse, site):
    browse(address="127.0.0.1").get("/vote")
    browse(address="::1").get("/vote/test")
    assert site.reached == set()

    browse(address="192.168.1.7").get("/vote/test")

    assert site.reached == {"192.168.1.7"}


# Too often


def test_a_thousand_requests_from_one_phone_are_slowed_and_harm_nobody(browse, local):
    room = room_in(local)
    ana, ben = voter(browse, room), voter(browse, room)

    replies = [
        ana.post(f"/vote/{room.code}", fields(room, number, trust=5), **SCRIPT)
        for number in range(1, 1001)
    ]

    refused = [reply for reply in replies if reply.status != 200]
    assert 950 < len(refused) < 1000
    assert {(reply.status, reply.json["code"]) for reply in refused} == {(429, "too_fast")}
    assert refused[0].headers["retry-after"] == "2"
    assert ben.post(f"/vote/{room.code}", fields(room, trust=1), **SCRIPT).status == 200
    assert len(stored(local, room)) == 2


@pytest.mark.heavy
def test_three_hundred_phones_behind_one_address_are_all_served(browse, local):
    room = room_in(local)

    for _ in range(300):
        ana = browse(address="192.168.1.1")
        assert ana.get(f"/vote/{room.code}").status == 200
        assert ana.post(f"/vote/{room.code}", fields(room, trust=5), **SCRIPT).status == 200

    assert tallies(local, room) == {(1, "phone", "", 0, 5): 300}


def test_wrong_codes_are_slowed_and_the_right_one_is_not(browse, local):
    room = room_in(local)
    guesses = [browse().get("/vote/CFHJKM").status for _ in range(150)]

    assert guesses[:100] == [404] * 100
    assert guesses[-1] == 429
    assert browse().get(f"/vote/{room.code}").status == 200


def test_where_ballots_cannot_be_written_the_phone_is_told_to_keep_them(browse, local, monkeypatch):
    room = room_in(local)
    ana = voter(browse, room)
    monkeypatch.setattr("workshop.phone.MOST_WAITING", -1)

    reply = ana.post(f"/vote/{room.code}", fields(room, trust=5), **SCRIPT)

    assert (reply.status, reply.json["code"]) == (503, "votes_unwritable")


def test_every_refusal_has_a_sentence_in_every_language():
    from workshop import errors as ours
    from workshop.errors import RefusedError

    for code in ours._of_ballots(words()) | ours._of_rooms(words()):
        said = sentence(RefusedError(code, gene="a", story="b", n=1, state="open"), words("fr"))
        assert said[-1] in ".?!"


def test_names_of_groups_are_those_of_every_page(local):
    assert pages.group_names(room_in(local, ask_group=True), words())["academia"] == "Academia"
    tables = room_in(local, ask_group=True, tables=2)
    assert pages.group_names(tables, words())["table-2"] == "Table 2"
    assert SUBJECT.genes == tables.genes
