"""What every test shares: skips that count, and a way to ask an ASGI app without a server."""

import asyncio
from dataclasses import dataclass

import pytest

import settings

# requirements-dev.txt; plain `pytest` does without.
EXTRA = (
    "bibtexparser",
    "hypothesis",
    "markdown_it",
    "openpyxl",
    "playwright",
    "pypdf",
    "rispy",
    "schemathesis",
)

try:
    import hypothesis
except ModuleNotFoundError:
    pass
else:
    # A busy machine is no failure. Where every failure counts, the examples are the same each
    # time; the new ones that everybody else's runs try have found what they find before that.
    hypothesis.settings.register_profile(
        "ours",
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
        derandomize=settings.require_all(),
    )
    hypothesis.settings.load_profile("ours")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Under GCS_REQUIRE_ALL=1 a skipped test has failed: nothing may pass by not running."""
    report = yield
    if report.skipped and settings.require_all() and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, but GCS_REQUIRE_ALL=1: {call.excinfo.value}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """A module whose extra package is not installed is skipped, or has failed, like a test."""
    report = yield
    missing = [name for name in EXTRA if f"No module named '{name}'" in str(report.longrepr)]
    if report.failed and missing and not settings.require_all():
        reason = f"{missing[0]} is not installed: pip install -r requirements-dev.txt"
        report.outcome, report.longrepr = "skipped", (str(collector.path), 0, f"Skipped: {reason}")
    elif report.skipped and settings.require_all():
        report.outcome, report.longrepr = (
            "failed",
            f"Skipped, but GCS_REQUIRE_ALL=1: {report.longrepr}",
        )
    return report


def pytest_sessionfinish(session, exitstatus):
    """A run without tests (code 5) is no failure: there may be no heavy test yet."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


@pytest.fixture(autouse=True, scope="session")
def no_other_components():
    """Each run of an AppTest asks every installed package for components: most of its time."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda *_, **__: [])
        yield


@pytest.fixture
def secrets_folder(tmp_path, monkeypatch):
    """A secrets folder of its own, and passwords that are hashed fast."""
    from server import passwords

    monkeypatch.setenv("GCS_SECRETS", str(tmp_path / "secrets"))
    fast = {"LOG_N": 4, "PARALLEL": 1, "NOBODY": f"scrypt$4$8$1${'0' * 32}${'0' * 64}"}
    for name, value in fast.items():
        monkeypatch.setattr(passwords, name, value)
    return tmp_path / "secrets"


@dataclass
class Answer:
    """What an ASGI app sent back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self):
        return self.body.decode()


@pytest.fixture
def ask():
    """`ask(app, "/path", method="GET", **headers)`: one request, straight into an ASGI app."""
    return _ask


def _ask(app, path, method="GET", **headers):
    sent = []
    address, _, query = path.partition("?")
    named = {"host": "localhost:8501"} | {k.replace("_", "-"): v for k, v in headers.items()}
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
        "headers": [(name.lower().encode(), text.encode()) for name, text in named.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8501),
    }

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): text.decode("latin-1") for name, text in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], headers, body)
