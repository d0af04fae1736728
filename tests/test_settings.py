import ast
import re
import sys
from pathlib import Path

import pytest

import settings

ROOT = Path(__file__).resolve().parent.parent
OURS = [
    path
    for path in ROOT.rglob("*")
    if path.is_file()
    and path.suffix in {".py", ".md", ".toml", ".sh", ""}
    and not {".git", ".venv", ".cache", ".hypothesis", ".pytest_cache", "__pycache__"}
    & set(path.relative_to(ROOT).parts)
]


def clear(monkeypatch):
    for setting in settings.TABLE:
        monkeypatch.delenv(setting.name, raising=False)


def test_defaults_need_no_environment(monkeypatch):
    clear(monkeypatch)

    assert settings.store() == str(ROOT / "store")
    assert settings.data_folder() == ROOT / "data"
    assert settings.illustrative() is True
    assert settings.frame_ancestors() == "'none'"
    assert settings.allowed_hosts() == ()
    assert settings.report_url() == ""
    assert settings.collect_seconds() == 30
    assert settings.secrets_folder() == ROOT / "secrets"
    assert settings.idle_minutes() == 60
    assert settings.staff() == settings.facilitators() == ()
    assert settings.metrics() is None
    assert settings.drain_seconds() == 0
    assert settings.require_all() is False
    assert settings.chromium() == ""


@pytest.mark.parametrize("terminal", [True, False])
def test_requests_are_logged_unless_somebody_is_reading_along(monkeypatch, terminal):
    clear(monkeypatch)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)

    assert settings.request_log() is not terminal
    for text, wanted in (("1", True), ("no", False)):
        monkeypatch.setenv("GCS_REQUEST_LOG", text)
        assert settings.request_log() is wanted


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("GCS_STORE", "s3://bucket/gcs", "s3://bucket/gcs"),
        ("GCS_STORE", "Mes données #1", str(ROOT / "Mes données #1")),
        ("GCS_STORE", "", str(ROOT / "store")),
        ("GCS_STORE", "  ", str(ROOT / "store")),
        ("GCS_ILLUSTRATIVE", "0", False),
        ("GCS_ILLUSTRATIVE", "No", False),
        ("GCS_FRAME_ANCESTORS", "self https://a.org:8443", "'self' https://a.org:8443"),
        ("GCS_FRAME_ANCESTORS", "'self'", "'self'"),
        ("GCS_FRAME_ANCESTORS", "https://*.a.org", "https://*.a.org"),
        ("GCS_ALLOWED_HOSTS", "a.org, *.b.org", ("a.org", "*.b.org")),
        ("GCS_REPORT_URL", "https://a.org/f?r={record}", "https://a.org/f?r={record}"),
        ("GCS_REPORT_URL", "mailto:a@b.org?body={page}", "mailto:a@b.org?body={page}"),
        ("GCS_COLLECT_SECONDS", "2.5", 2.5),
        ("GCS_COLLECT_SECONDS", "0", 0),
        ("GCS_IDLE_MINUTES", "720", 720),
        ("GCS_METRICS", "127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("GCS_DRAIN_SECONDS", "5", 5),
        ("GCS_STAFF", "ana@a.org, @b.org roles=gcs", ("ana@a.org", "@b.org", "roles=gcs")),
    ],
)
def test_a_setting_is_read_from_the_environment(monkeypatch, name, text, value):
    monkeypatch.setenv(name, text)

    assert settings.value(name) == value


def test_an_absolute_folder_stays_where_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("GCS_STORE", str(tmp_path))

    assert settings.store() == str(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("GCS_STORE", "http://a.org", "a folder"),
        ("GCS_ILLUSTRATIVE", "maybe", "1 for yes or 0 for no"),
        ("GCS_FRAME_ANCESTORS", "none self", "none, self, or addresses"),
        ("GCS_FRAME_ANCESTORS", "https://a.org; script-src *", "none, self, or addresses"),
        ("GCS_FRAME_ANCESTORS", "*", "none, self, or addresses"),
        ("GCS_ALLOWED_HOSTS", "a.org:80", "no port"),
        ("GCS_REPORT_URL", "javascript:alert({record})", "https://, http:// or mailto:"),
        ("GCS_REPORT_URL", "https://a.org/?r={rekord}", "{record}, {release} and {page}"),
        ("GCS_REPORT_URL", "https://{record}.org/", "{record}, {release} and {page}"),
        ("GCS_REPORT_URL", "mailto:{record}@a.org", "{record}, {release} and {page}"),
        ("GCS_REPORT_URL", "https://a.org@b.org/", "https://, http:// or mailto:"),
        ("GCS_REPORT_URL", "https://a.org/?q=a b", "without spaces"),
        ("GCS_ALLOWED_HOSTS", "https://a.org", "host names"),
        ("GCS_COLLECT_SECONDS", "often", "1 to 3600"),
        ("GCS_COLLECT_SECONDS", "-1", "1 to 3600"),
        ("GCS_COLLECT_SECONDS", "nan", "1 to 3600"),
        ("GCS_IDLE_MINUTES", "0", "1 to 720"),
        ("GCS_METRICS", "9464", "an address and a port"),
        ("GCS_METRICS", ":9464", "an address and a port"),
        ("GCS_METRICS", "127.0.0.1:0", "an address and a port"),
        ("GCS_METRICS", "127.0.0.1:65536", "an address and a port"),
        ("GCS_DRAIN_SECONDS", "soon", "1 to 3600"),
        ("GCS_IDLE_MINUTES", "721", "1 to 720"),
        ("GCS_IDLE_MINUTES", "1.5", "1 to 720"),
        ("GCS_STAFF", "@", "@domains"),
        ("GCS_STAFF", "ana", "e-mail addresses"),
        ("GCS_FACILITATORS", "ana@a.org;bo@a.org", "e-mail addresses"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(monkeypatch, name, text, allowed):
    monkeypatch.setenv(name, text)

    with pytest.raises(settings.SettingError) as caught:
        settings.check()

    assert str(caught.value).startswith(f"{name} is “{text}”, but it must be ")
    assert allowed in str(caught.value)


def test_every_setting_has_its_sentence():
    assert [s.name for s in settings.TABLE if not s.about.endswith(".")] == []


def test_every_setting_named_anywhere_is_in_the_table():
    used = set()
    for path in OURS:
        used |= set(re.findall(r"\bGCS_[A-Z][A-Z_]*\b", path.read_text(errors="ignore")))

    assert used - set(settings.BY_NAME) == set()


def test_the_environment_is_read_in_one_file_only():
    readers = set()
    for path in OURS:
        # Tests and benchmarks hand the environment on to the servers that they start.
        aside = any(path.is_relative_to(ROOT / folder) for folder in ("tests", "benchmarks"))
        if path.suffix != ".py" or aside:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = {
                getattr(node, "attr", ""),
                *(a.name for a in getattr(node, "names", ()) if isinstance(a, ast.alias)),
            }
            if names & {"environ", "getenv", "environb"}:
                readers.add(path.relative_to(ROOT).as_posix())

    assert readers == {"settings.py"}


def test_the_readme_lists_every_setting():
    assert settings.as_markdown() in (ROOT / "README.md").read_text(encoding="utf-8")
