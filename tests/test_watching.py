import asyncio
import io
import json
import socket
import sys
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from streamlit.testing.v1 import AppTest

import settings
from gcs_data.errors import GcsDataError
from server import errors, metrics, patterns, watched, watching
from server.health import Health
from server.log_lines import Lines, said
from server.memory import resident_bytes
from server.metrics import Counter, Histogram, Reading
from server.watched import Watched
from server.watching import Watch

# Figures


def test_a_counter_prints_its_counts_by_label_in_order():
    asked = Counter("asked_total", "How often.", ("route", "status"))
    for route in ("/b", "/a", "/b"):
        asked.add(route, "200")

    assert metrics.text([asked]) == (
        "# HELP asked_total How often.\n"
        "# TYPE asked_total counter\n"
        'asked_total{route="/a",status="200"} 1\n'
        'asked_total{route="/b",status="200"} 2\n'
    )


def test_a_histogram_counts_up_to_and_with_each_bound():
    took = Histogram("took_seconds", "How long.", (0.5, 1), ("route",))
    for seconds in (0.25, 0.5, 1, 4):
        took.add(seconds, "/a")

    assert metrics.text([took]).splitlines()[2:] == [
        'took_seconds_bucket{route="/a",le="0.5"} 2',
        'took_seconds_bucket{route="/a",le="1"} 3',
        'took_seconds_bucket{route="/a",le="+Inf"} 4',
        'took_seconds_sum{route="/a"} 5.75',
        'took_seconds_count{route="/a"} 4',
    ]


def test_what_is_not_known_is_left_out_and_not_zero():
    assert metrics.text([Reading("release", "The newest.", lambda: None)]) == ""
    assert metrics.text([Reading("release", "The newest.", lambda: 0)]).endswith("\nrelease 0\n")


def test_a_label_cannot_end_its_line():
    asked = Counter("asked_total", "How often.", ("page",))
    asked.add('a"} 1\nfaked 2\\')

    assert metrics.text([asked]).splitlines()[2:] == [
        r'asked_total{page="a\"} 1\nfaked 2\\"} 1',
    ]


# The pattern of an address


async def fine(request):
    return PlainTextResponse("fine")


async def broken(request):
    raise ValueError("a secret")


async def opened(websocket):
    await websocket.accept()
    await websocket.close()


async def refused(websocket):
    await websocket.close()


ROUTES = [
    Route("/vote/test", fine),
    Route("/vote/{code}", fine, methods=["GET", "POST"]),
    Mount("/api", routes=[Route("/v1/stories/{story_id}", fine)]),
    Mount("/assets", app=PlainTextResponse("fine")),
    Route("/broken", broken),
    Route("/readyz", fine),
    WebSocketRoute("/_stcore/stream", opened),
    WebSocketRoute("/refused", refused),
    Mount("/", app=PlainTextResponse("fine")),
]


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("/vote/test", "/vote/test"),
        ("/vote/K7QX", "/vote/{code}"),
        ("/vote/K7QX/none", "other"),
        ("/api/v1/stories/glacy", "/api/v1/stories/{story_id}"),
        ("/api/v1/none", "/api/{path}"),
        ("/assets/a/b.css", "/assets/{path}"),
        ("/", "/"),
        ("/story", "/{page}"),
        ("/static/js/a.js", "/static/{path}"),
        ("/media/0123.png", "/media/{path}"),
        ("/_stcore/upload_file/session/file", "/_stcore/upload_file/{path}"),
        ("/story/_stcore/health", "other"),
        ("/a\nb/c", "other"),
    ],
)
def test_an_address_is_told_by_its_pattern(path, pattern):
    assert patterns.pattern_of(ROUTES)(path) == pattern


# A line and a figure for each answer


@pytest.fixture
def watch():
    return Watch(Lines(io.StringIO()), Health(release=12))


def app_of(watch):
    return Starlette(
        routes=ROUTES,
        middleware=[Middleware(Watched, watch=watch), Middleware(errors.ErrorPages)],
    )


def lines(watch):
    """What was written, without the times."""
    with watch.lines.written():
        pass
    written = [json.loads(line) for line in watch.lines._out.getvalue().splitlines()]
    for line in written:
        assert line.pop("time").endswith("+00:00")
        assert line.pop("ms", 0) >= 0
    return written


def figures(watch, name):
    text = metrics.text(watch.metrics()).splitlines()
    return [line.removeprefix(name) for line in text if line.startswith((name + "{", name + " "))]


def test_a_request_is_a_line_and_a_figure(ask, watch):
    ask(app_of(watch), "/vote/K7QX?lang=fr", method="POST", cookie="gcs_voter=abc")

    assert lines(watch) == [
        {
            "kind": "request",
            "method": "POST",
            "route": "/vote/{code}",
            "status": 200,
            "release": 12,
        }
    ]
    assert figures(watch, "gcs_requests_total") == [
        '{method="POST",route="/vote/{code}",status="200"} 1'
    ]
    assert figures(watch, "gcs_request_seconds_count") == ['{route="/vote/{code}"} 1']


def test_nothing_of_a_visitor_is_in_a_line_or_a_figure(ask, watch):
    sent = {"cookie": "gcs_voter=abc", "user_agent": "Mine", "referer": "/story?q=ana"}
    app = app_of(watch)
    for path in ("/vote/K7QX?name=ana", "/k7qx", "/api/v1/stories/ana", "/broken?q=ana"):
        ask(app, path, **sent)

    written = json.dumps(lines(watch)) + metrics.text(watch.metrics())
    told = ("127.0.0.1", "abc", "Mine", "ana", "name", "lang", "K7QX", "k7qx", "secret")
    assert [word for word in told if word in written] == []


def test_an_answer_that_fails_is_counted_as_what_the_visitor_got(ask, watch, caplog):
    assert ask(app_of(watch), "/broken").status == 500
    assert [(line["route"], line["status"]) for line in lines(watch)] == [("/broken", 500)]


def test_a_method_that_nobody_knows_makes_no_new_figure(ask, watch):
    for method in ("BREW", "WHEN"):
        ask(app_of(watch), "/vote/K7QX", method=method)

    assert figures(watch, "gcs_requests_total") == [
        '{method="other",route="/vote/{code}",status="200"} 2'
    ]


def test_a_proxy_that_asks_all_the_time_fills_no_log(ask, watch):
    ask(app_of(watch), "/readyz")

    assert lines(watch) == []
    assert figures(watch, "gcs_requests_total") == ['{method="GET",route="/readyz",status="200"} 1']


def test_an_app_inside_that_takes_the_scope_for_its_own_changes_no_pattern(ask, watch):
    async def own(scope, receive, send):
        scope["app"], scope["path"] = None, "/its/own"
        await PlainTextResponse("fine")(scope, receive, send)

    app = Starlette(
        routes=[Route("/readyz", fine), Mount("/", app=own)],
        middleware=[Middleware(Watched, watch=watch)],
    )
    for path in ("/map", "/readyz"):
        ask(app, path)

    assert figures(watch, "gcs_requests_total") == [
        '{method="GET",route="/readyz",status="200"} 1',
        '{method="GET",route="/{page}",status="200"} 1',
    ]


def test_a_ballot_counts_once_it_is_acknowledged():
    watch = Watch(None, Health())
    asked = [("POST", 200), ("POST", 303), ("POST", 409), ("POST", 503), ("GET", 200)]
    for method, status in asked:
        watch.answered(method, "/vote/{code}", status, 0.001, 0.001)
    watch.answered("POST", "/vote/test", 200, 0.001, 0.001)

    assert figures(watch, "gcs_ballots_total") == [" 2"]


def test_a_stream_counts_by_when_it_began_not_by_how_long_it_was(ask, watch):
    async def slow():
        yield b"one"
        await asyncio.sleep(0.03)
        yield b"two"

    async def stream(request):
        return StreamingResponse(slow())

    app = Starlette(
        routes=[Route("/events", stream)], middleware=[Middleware(Watched, watch=watch)]
    )
    ask(app, "/events")

    with watch.lines.written():
        pass
    assert json.loads(watch.lines._out.getvalue())["ms"] >= 30
    (until_it_began,) = figures(watch, "gcs_request_seconds_sum")
    assert float(until_it_began.split()[1]) < 0.03


@pytest.mark.parametrize(("path", "status"), [("/_stcore/stream", 101), ("/refused", 403)])
def test_a_websocket_is_a_line_when_it_ends_and_a_session_while_it_is_open(watch, path, status):
    while_open = []

    async def send(message):
        while_open.append((message["type"], watch.sockets))

    async def receive():
        return {"type": "websocket.connect"}

    app = app_of(watch)
    scope = {"type": "websocket", "path": path, "headers": [], "query_string": b"", "app": app}
    asyncio.run(app(scope, receive, send))

    assert [each for each in while_open if each[0] == "websocket.accept"] == (
        [("websocket.accept", 1)] if status == 101 else []
    )
    assert watch.sockets == 0
    route = "/_stcore/stream" if status == 101 else "/{page}"
    assert lines(watch) == [{"kind": "socket", "route": route, "status": status, "release": 12}]


# The log


def test_lines_are_written_while_the_server_runs(monkeypatch):
    monkeypatch.setattr("server.log_lines.EVERY", 0.001)
    read, write = socket.socketpair()
    log = Lines(write.makefile("w"))
    with read, write, log.written():
        log.add('"kind": "run"', None, None)
        assert read.recv(4096).endswith(b'+00:00", "kind": "run"}\n')


def test_a_pipe_that_nobody_reads_stops_nothing(watch):
    watch.lines._out.close()
    watch.ran("story", "ok", 0.1, 12)

    with watch.lines.written():
        pass


def test_the_oldest_lines_go_when_nobody_takes_them(monkeypatch):
    monkeypatch.setattr("server.log_lines.MOST_WAITING", 2)
    log = Lines(io.StringIO())
    for status in (1, 2, 3):
        log.add(said(status=status), 0.1, 0)

    with log.written():
        pass
    written = log._out.getvalue().splitlines()
    assert [json.loads(line)["status"] for line in written] == [2, 3]


# Runs of a page


@pytest.fixture
def here(watch, monkeypatch):
    monkeypatch.setattr(watching, "here", lambda: watch)
    return watch


def test_a_run_is_a_line_with_its_page_and_the_release_that_it_showed(here):
    from ui.links import PAGES

    app = AppTest.from_file(PAGES.parent / "ui" / "frame.py", default_timeout=180)
    app.query_params["story"] = "glacy"
    app.switch_page(str(PAGES / "story.py")).run()

    (run,) = lines(here)
    assert run == {"kind": "run", "page": "story", "status": "ok", "release": 0}
    assert figures(here, "gcs_script_runs_total") == ['{page="story",status="ok"} 1']
    assert figures(here, "gcs_script_run_seconds_count") == ['{page="story"} 1']


def test_a_run_that_fails_is_a_line_with_its_incident(here, caplog):
    def script():
        from ui import runs, trouble

        runs.begin()
        runs.draws("map")
        try:
            try:
                raise ValueError("a secret")
            finally:
                runs.end()
        except ValueError as error:
            trouble.on_script_error(error)

    AppTest.from_function(script).run()

    (incident,) = [record.args[0] for record in caplog.records if record.name == "gcs"]
    (run,) = lines(here)
    assert (run["page"], run["status"], run["incident"]) == ("map", "failed", incident)
    assert figures(here, "gcs_script_runs_total") == ['{page="map",status="failed"} 1']


def test_a_run_that_the_next_click_cuts_short_is_neither_well_nor_failed(here):
    from ui import runs

    class Rerun(BaseException):
        pass

    with pytest.raises(Rerun):
        runs.begin()
        try:
            raise Rerun
        finally:
            runs.end()

    assert [(line["page"], line["status"]) for line in lines(here)] == [("frame", "interrupted")]
    assert sys.exception() is None


def test_a_fragment_that_runs_alone_is_a_run_of_its_page_and_inside_of_one_it_is_not(here):
    from ui import runs

    draw = runs.part_of("present")(lambda told, *, again: (told, again))

    assert draw(1, again=2) == (1, 2)
    runs.begin()
    try:
        runs.draws("map")
        draw(1, again=2)
    finally:
        runs.end()

    assert [(line["page"], line["status"]) for line in lines(here)] == [
        ("present", "ok"),
        ("map", "ok"),
    ]


def test_a_fragment_that_breaks_alone_is_a_failed_run(here):
    from ui import runs

    @runs.part_of("present")
    def draw():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        draw()
    runs.failed("7f3a")

    (line,) = lines(here)
    assert (line["page"], line["status"], line["incident"]) == ("present", "failed", "7f3a")


# Publishes


def test_a_publish_counts_by_how_it_ended(watch):
    with watch.publishing():
        pass
    with pytest.raises(GcsDataError), watch.publishing():
        raise GcsDataError("nothing_to_publish", base=3)
    with pytest.raises(OSError, match="disk"), watch.publishing():
        raise OSError("disk")

    assert figures(watch, "gcs_publishes_total") == [
        '{status="failed"} 1',
        '{status="nothing_to_publish"} 1',
        '{status="published"} 1',
    ]
    assert [line["status"] for line in lines(watch)] == [
        "published",
        "nothing_to_publish",
        "failed",
    ]


# The address of the figures


def fetch(port, path):
    try:
        return urlopen(f"http://127.0.0.1:{port}{path}", timeout=60)
    except HTTPError as error:
        return error


def test_the_figures_have_an_address_of_their_own_until_the_end():
    with watched.listening(("127.0.0.1", 0), lambda: "gcs_release 12\n") as port:
        found, lost = fetch(port, "/metrics"), fetch(port, "/")
        assert (found.status, found.read()) == (200, b"gcs_release 12\n")
        assert found.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert (lost.status, b"gcs_release" in lost.read()) == (404, False)

    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass


def test_nobody_listens_where_no_address_is_set():
    with watched.listening(None, str) as port:
        assert port is None


def test_an_address_that_is_taken_stops_the_start_with_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = taken.getsockname()
        with (
            pytest.raises(settings.SettingError) as caught,
            watched.listening(address, str),
        ):
            pass

    assert str(caught.value) == (
        f"GCS_METRICS is “127.0.0.1:{address[1]}”, but it must be an address that is free here "
        "(Address already in use)."
    )


def test_while_it_runs_every_figure_is_there_and_the_log_is_written(here, monkeypatch, tmp_path):
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("GCS_VOTES_URL", str(tmp_path / "votes.sqlite3"))
    monkeypatch.setattr(settings, "metrics", lambda: ("127.0.0.1", 0))
    monkeypatch.setattr(watched, "LAG_EVERY", 0.001)

    async def live():
        async with watched.running():
            here.ran("story", "ok", 0.1, 0)
            async with asyncio.timeout(10):
                while not figures(here, "gcs_loop_lag_seconds_count"):
                    await asyncio.sleep(0.001)

    asyncio.run(live())

    assert figures(here, "gcs_release") == [" 0"]
    assert figures(here, "gcs_rooms_live") == [" 0"]
    assert figures(here, "gcs_ready") == [" 1"]
    assert figures(here, "gcs_sessions_open") == [" 0"]
    assert here.lines._out.getvalue().count("\n") == 1


def test_the_memory_of_this_process_is_known_where_the_system_tells():
    assert 20e6 < resident_bytes() < 20e9
