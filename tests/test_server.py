import asyncio
import gzip
import logging
import threading
import time

import brotli
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from streamlit.testing.v1 import AppTest

from server import errors, headers, origins, outside
from server.assets import ENCODINGS, Assets, CompressedAssets, Encoding, Folder, OwnFiles
from server.memory import collected_every
from server.negotiation import best_encoding, same_tag
from server.signin import Door

SCRIPT = "let answer = 42;\n" * 200


# Which encoding a browser gets


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip;q=1.0", "gzip"),
        ("GZIP", "gzip"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("gzip;q=0, *;q=0.5", "br"),
        ("gzip;q=0.5, identity", None),
        ("identity", None),
        ("*;q=0", None),
        ("br;q=x", None),
        ("deflate", None),
        ("", None),
    ],
)
def test_the_encoding_is_the_best_the_browser_accepts(accept, encoding):
    assert best_encoding(accept, ["gzip", "br"]) == encoding


def test_an_encoding_that_is_not_ready_is_not_chosen():
    assert best_encoding("gzip, br", ["gzip"]) == "gzip"
    assert best_encoding("gzip, br", []) is None


@pytest.mark.parametrize(
    ("known", "same"),
    [('"a-br"', True), ('W/"a-br"', True), ('"x", "a-br"', True), ("*", True), ('"a-gzip"', False)],
)
def test_a_version_is_recognised_by_its_tag(known, same):
    assert same_tag('"a-br"', known) is same


# Compressed files


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "page.js").write_text(SCRIPT)
    (folder / "small.js").write_text("1")
    (folder / "picture.png").write_bytes(bytes(5000))
    return folder


def compressed(files, cache):
    assets = Assets([Folder("/assets/", files, "no-cache")], cache)
    assets.compress()
    app = Starlette(
        routes=[Mount("/assets", OwnFiles(directory=files))],
        middleware=[Middleware(CompressedAssets, assets=assets)],
    )
    return assets, app


@pytest.mark.parametrize(
    ("encoding", "expand"), [("gzip", gzip.decompress), ("br", brotli.decompress)]
)
def test_a_file_arrives_compressed_and_whole(ask, files, tmp_path, encoding, expand):
    _, app = compressed(files, tmp_path / "cache")

    answer = ask(app, "/assets/page.js", accept_encoding=encoding)

    assert expand(answer.body).decode() == SCRIPT
    assert answer.headers["content-encoding"] == encoding
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == "no-cache"


def test_a_browser_that_cannot_expand_gets_the_plain_file(ask, files, tmp_path):
    _, app = compressed(files, tmp_path / "cache")

    answer = ask(app, "/assets/page.js", accept_encoding="br;q=0")

    assert answer.text == SCRIPT
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


def test_the_encodings_have_different_tags_and_each_is_confirmed_by_its_own(ask, files, tmp_path):
    _, app = compressed(files, tmp_path / "cache")
    tags = {
        encoding: ask(app, "/assets/page.js", accept_encoding=encoding).headers["etag"]
        for encoding in ("gzip", "br", "identity")
    }

    again = ask(app, "/assets/page.js", accept_encoding="br", if_none_match=tags["br"])
    other = ask(app, "/assets/page.js", accept_encoding="br", if_none_match=tags["gzip"])

    assert len(set(tags.values())) == 3
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tags["br"])
    assert other.status == 200


def test_head_has_the_headers_of_get_and_no_body(ask, files, tmp_path):
    _, app = compressed(files, tmp_path / "cache")
    full = ask(app, "/assets/page.js", accept_encoding="gzip")

    head = ask(app, "/assets/page.js", method="HEAD", accept_encoding="gzip")

    # The server drops the body of an answer to HEAD (RFC 9110, 9.3.2).
    assert head.headers == full.headers


def test_a_range_is_of_the_plain_file(ask, files, tmp_path):
    _, app = compressed(files, tmp_path / "cache")

    answer = ask(app, "/assets/page.js", accept_encoding="gzip", range="bytes=0-9")

    assert (answer.status, answer.text) == (206, SCRIPT[:10])
    assert "content-encoding" not in answer.headers


def test_a_post_is_not_answered_with_a_file(ask, files, tmp_path):
    _, app = compressed(files, tmp_path / "cache")

    assert ask(app, "/assets/page.js", method="POST", accept_encoding="gzip").status == 405


def test_small_files_and_pictures_are_left_as_they_are(files, tmp_path):
    assets, _ = compressed(files, tmp_path / "cache")

    assert list(assets.by_address) == ["/assets/page.js"]


def test_a_second_start_compresses_nothing(files, tmp_path, monkeypatch):
    compressed(files, tmp_path / "cache")
    monkeypatch.setattr(Encoding, "compress", None, raising=False)
    monkeypatch.setattr(
        "server.assets.ENCODINGS",
        (Encoding("gzip", None, gzip.decompress), Encoding("br", None, brotli.decompress)),
    )

    assets, _ = compressed(files, tmp_path / "cache")

    assert set(assets.by_address["/assets/page.js"].bodies) == {"gzip", "br"}


def test_of_servers_that_share_a_cache_one_does_the_work(files, tmp_path, monkeypatch):
    done = []

    def slowly(encoding):
        def compress(data, kept):
            done.append(encoding.name)
            time.sleep(0.05)  # Long enough for the others to begin as well.
            return encoding.compress(data, kept)

        return Encoding(encoding.name, compress, encoding.expand)

    monkeypatch.setattr("server.assets.ENCODINGS", tuple(map(slowly, ENCODINGS)))
    servers = [Assets([Folder("/assets/", files, "no-cache")], tmp_path / "c") for _ in range(4)]

    threads = [threading.Thread(target=each.compress) for each in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    assert done == ["gzip", "br"]
    assert all(len(each.by_address["/assets/page.js"].bodies) == 2 for each in servers)


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8b\x08", b"not compressed at all"])
def test_a_damaged_cache_is_made_again(ask, files, tmp_path, damage):
    compressed(files, tmp_path / "cache")
    for kept in (tmp_path / "cache").iterdir():
        kept.write_bytes(damage)

    _, app = compressed(files, tmp_path / "cache")

    answer = ask(app, "/assets/page.js", accept_encoding="gzip")
    assert gzip.decompress(answer.body).decode() == SCRIPT


def test_a_changed_file_is_not_served_from_the_old_cache(ask, files, tmp_path):
    compressed(files, tmp_path / "cache")
    (files / "page.js").write_text(SCRIPT.replace("42", "43"))

    _, app = compressed(files, tmp_path / "cache")

    answer = ask(app, "/assets/page.js", accept_encoding="br")
    assert brotli.decompress(answer.body).decode().startswith("let answer = 43;")


def test_a_cache_that_cannot_be_written_means_memory_only(ask, files, tmp_path):
    (tmp_path / "cache").write_text("A file where the folder should be.")

    _, app = compressed(files, tmp_path / "cache")

    answer = ask(app, "/assets/page.js", accept_encoding="gzip")
    assert gzip.decompress(answer.body).decode() == SCRIPT


# Security headers


PAGE = "<script>one()</script><script type='module' src='./a.js'></script><SCRIPT >two\n</SCRIPT>"


def test_inline_scripts_are_named_by_their_hash_and_others_are_not():
    assert headers.inline_script_hashes(PAGE) == [
        "'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4='",
        "'sha256-J92O1EqD/5TVV/n9BBLtWoy8pp6gSSLYjAEYSgcwClo='",
    ]


def guarded(tmp_path, endpoint):
    (tmp_path / "index.html").write_text(PAGE)
    return Starlette(
        routes=[Route("/", endpoint)],
        middleware=[
            Middleware(
                headers.SecurityHeaders,
                index=tmp_path / "index.html",
                frame_ancestors="'self' https://a.org",
            ),
            Middleware(errors.ErrorPages),
        ],
        exception_handlers=errors.HANDLERS,
    )


async def fine(request):
    return PlainTextResponse("fine")


async def broken(request):
    raise ValueError("a secret")


@pytest.mark.parametrize(("path", "endpoint"), [("/", fine), ("/", broken), ("/none", fine)])
def test_every_answer_has_the_security_headers(ask, tmp_path, path, endpoint):
    sent = ask(guarded(tmp_path, endpoint), path).headers
    policy = sent["content-security-policy"].split("; ")

    assert "default-src 'self'" in policy
    assert "connect-src 'self' ws://localhost:8501 wss://localhost:8501" in policy
    assert "frame-ancestors 'self' https://a.org" in policy
    assert sent["x-content-type-options"] == "nosniff"
    assert sent["referrer-policy"] == "same-origin"
    assert sent["cross-origin-opener-policy"] == "same-origin"


def test_a_header_that_browsers_ignore_without_https_is_not_sent_without_it(ask, tmp_path):
    sent = ask(guarded(tmp_path, fine), "/", host="room.test").headers

    assert "cross-origin-opener-policy" not in sent


def test_a_page_may_have_a_stricter_policy_of_its_own(ask, tmp_path):
    async def strict(request):
        return PlainTextResponse("", headers={"Content-Security-Policy": "default-src 'none'"})

    sent = ask(guarded(tmp_path, strict), "/").headers

    assert sent["content-security-policy"] == "default-src 'none'"


def test_a_host_header_cannot_add_to_the_policy():
    policy = headers.content_security_policy("a.org; script-src *", [], "'none'")

    assert "script-src *" not in policy
    assert "connect-src 'self';" in policy


# Errors


def test_an_incident_is_logged_with_its_traceback_and_shown_without(ask, tmp_path, caplog):
    answer = ask(guarded(tmp_path, broken), "/", accept="text/html")

    (record,) = [record for record in caplog.records if record.name == "gcs"]
    number = record.args[0]
    assert record.exc_info[1].args == ("a secret",)
    assert answer.status == 500
    assert number in answer.text
    assert "a secret" not in answer.text
    assert "Traceback" not in answer.text


def test_an_error_that_passes_two_handlers_keeps_its_number(caplog):
    error = ValueError()

    assert errors.incident(error) == errors.incident(error)
    assert len(caplog.records) == 1


def test_an_unknown_address_gets_a_page_or_a_line_as_asked(ask, tmp_path):
    app = guarded(tmp_path, fine)

    page = ask(app, "/none", accept="text/html,*/*")
    line = ask(app, "/none")

    assert (page.status, line.status) == (404, 404)
    assert "<h1>There is nothing at this address.</h1>" in page.text
    assert line.text.startswith("There is nothing at this address. Check")


def test_a_wrong_method_says_which_are_right(ask, tmp_path):
    answer = ask(guarded(tmp_path, fine), "/", method="DELETE")

    assert answer.status == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert answer.text.startswith("This address does not take that kind of request.")


def test_a_failure_after_the_answer_began_is_still_logged(ask, tmp_path, caplog):
    async def half(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError

    answer = ask(errors.ErrorPages(half), "/")

    assert answer.status == 200
    assert [record.name for record in caplog.records] == ["gcs"]


# Other sites


def behind_origins(ask, method="GET", **sent):
    seen = {}

    async def app(scope, receive, send):
        seen["origin"] = dict(scope["headers"]).get(b"origin")
        await PlainTextResponse("fine")(scope, receive, send)

    return ask(origins.SameOrigin(app), "/", method=method, **sent).status, seen.get("origin")


def test_streamlit_is_never_asked_whether_an_origin_is_allowed(ask):
    assert behind_origins(ask, "PUT", origin="http://localhost:8501") == (200, None)
    assert behind_origins(ask, "GET", origin="https://other.org") == (200, None)


def test_another_site_cannot_send_anything(ask):
    assert behind_origins(ask, "POST", origin="https://other.org") == (403, None)
    assert behind_origins(ask, "PUT", origin="null") == (403, None)


@pytest.mark.parametrize(
    ("origin", "passes"),
    [(None, True), (b"http://localhost:8501", True), (b"https://other.org", False)],
)
def test_another_site_cannot_open_a_websocket(origin, passes, caplog):
    reached, sent = [], []

    async def app(scope, receive, send):
        reached.append(dict(scope["headers"]).get(b"origin"))

    async def send(message):
        sent.append(message)

    named = [(b"host", b"localhost:8501")] + ([(b"origin", origin)] if origin else [])
    asyncio.run(origins.SameOrigin(app)({"type": "websocket", "headers": named}, None, send))

    # Streamlit needs the header of our own pages for its check of the token.
    assert reached == ([origin] if passes else [])
    assert [message["type"] for message in sent] == ([] if passes else ["websocket.close"])


# Our own addresses


def test_what_streamlit_tells_about_itself_is_closed(ask, tmp_path):
    (tmp_path / "assets").mkdir()
    assets = Assets([], tmp_path / "cache")
    served = outside.routes(tmp_path, assets, Door("localhost"))
    app = Starlette(routes=served, exception_handlers=errors.HANDLERS)

    for path in (
        "/_stcore/metrics",
        "/_stcore/agent/interact",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/mcp",
    ):
        for method in ("GET", "POST", "OPTIONS"):
            assert ask(app, path, method=method).status == 404


def test_memory_is_collected_on_a_clock_and_the_clock_stops(monkeypatch):
    collections = []
    monkeypatch.setattr("gc.freeze", lambda: None)  # The test run itself goes on living.

    async def live():
        twice = asyncio.Event()

        def collect():
            collections.append(1)
            if len(collections) == 3:
                twice.set()

        monkeypatch.setattr("gc.collect", collect)
        async with collected_every(0.001):
            await twice.wait()
        return [task for task in asyncio.all_tasks() if task.get_name() == "collect"]

    assert all(task.cancelling() for task in asyncio.run(live()))


def test_no_clock_where_none_is_wanted(monkeypatch):
    monkeypatch.setattr("gc.freeze", lambda: None)

    async def live():
        async with collected_every(0):
            return [task for task in asyncio.all_tasks() if task.get_name() == "collect"]

    assert asyncio.run(live()) == []


def test_an_http_error_of_our_own_making_has_its_number(ask, caplog):
    async def failing(request):
        raise HTTPException(503, headers={"Retry-After": "5"})

    app = Starlette(routes=[Route("/", failing)], exception_handlers=errors.HANDLERS)
    with caplog.at_level(logging.ERROR):
        answer = ask(app, "/")

    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert caplog.records[0].args[0] in answer.text


# A page that breaks


def test_a_visitor_sees_the_incident_and_not_the_error(caplog):
    def script():
        from ui.trouble import on_script_error

        assert on_script_error(ValueError("a secret")) is True

    app = AppTest.from_function(script).run()

    (shown,) = app.error
    (record,) = [record for record in caplog.records if record.name == "gcs"]
    assert record.args[0] in shown.value
    assert "secret" not in shown.value
    assert not app.exception
