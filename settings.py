"""Every setting, in one table. The only file that reads the environment.

A setting is an environment variable, read when it is asked for. An empty variable counts as one
that is not set. `check` looks at all of them at once, so that a server with a wrong value stops
with a sentence before it starts.
"""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
STORE_SCHEMES = ("s3", "gs", "az")
ENGINES = ("duckdb", "pyspark")
HOST = re.compile(r"(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
# A host or a mailbox of plain letters; behind it, whatever may stand in an address.
REPORT = re.compile(
    r"(https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?([/?#]|$)|mailto:[\w.+-]+@[\w.-]+)"
    r"[\w.~:/?#\[\]@!$&'()*+,;=%-]*",
    re.ASCII,
)
REPORT_NAMES = ("{record}", "{release}", "{page}")
ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?", re.ASCII)
WEB = re.compile(r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?(/[\w.~/-]*)?", re.ASCII)
# An e-mail address, a whole domain, or a claim of the provider with the value it must have.
LISTED = re.compile(r"[^\s@=]+@[^\s@=]+|@[^\s@=]+|[^\s@=]+=\S+")


class SettingError(ValueError):
    """A setting has a value that cannot be used. The message is the whole story."""

    def __init__(self, name: str, value: str, allowed: str) -> None:
        super().__init__(f"{name} is “{value}”, but it must be {allowed}.")


@dataclass(frozen=True)
class Setting:
    """One row of the table. `read` raises ValueError saying what is allowed."""

    name: str
    default: str
    about: str
    read: Callable[[str], Any]


def _folder(text: str) -> Path:
    # Not the folder the command was typed in: the server and a cron job must mean the same place.
    return ROOT / Path(text).expanduser()


def _place(text: str) -> str:
    """A folder as an absolute path, or the address of an object store as it is."""
    scheme, separator, _ = text.partition("://")
    if not separator:
        return str(_folder(text))
    if scheme not in STORE_SCHEMES:
        raise ValueError("a folder, or an address that starts with s3://, gs:// or az://")
    return text


def _votes(text: str) -> str:
    """A file as an absolute path, or the address of a PostgreSQL database as it is."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        return str(_folder(text))
    if scheme not in ("postgresql", "postgres") or "/" not in rest:
        raise ValueError("a file, or an address such as “postgresql://user@host/database”")
    return f"postgresql://{rest}"


def _web_address(text: str) -> str:
    """Where this server is reached from outside, without a slash at the end, or nothing."""
    if text and not WEB.fullmatch(text):
        raise ValueError("an address such as “https://gcs.example.org”")
    return text.rstrip("/")


def _engine(text: str) -> str:
    if text not in ENGINES:
        raise ValueError(" or ".join(ENGINES))
    return text


def _yes_or_no(text: str) -> bool:
    answers = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
    if text.casefold() not in answers:
        raise ValueError("1 for yes or 0 for no")
    return answers[text.casefold()]


def _yes_no_or_auto(text: str) -> bool | None:
    try:
        return None if text.casefold() == "auto" else _yes_or_no(text)
    except ValueError:
        raise ValueError("1 for yes, 0 for no, or auto") from None


def _seconds(text: str) -> float:
    allowed = "a number of seconds from 1 to 3600, or 0"
    try:
        seconds = float(text)
    except ValueError:
        raise ValueError(allowed) from None
    if seconds != 0 and not 1 <= seconds <= 3600:
        raise ValueError(allowed)
    return seconds


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 720):
        raise ValueError("a whole number of minutes from 1 to 720")
    return int(text)


def _listening(text: str) -> tuple[str, int] | None:
    """A host and a port, or nothing."""
    if not text:
        return None
    host, _, port = text.rpartition(":")
    right = HOST.fullmatch(host) and port.isascii() and port.isdigit()
    if not right or not 1 <= int(port[:9]) <= 65535:
        raise ValueError("an address and a port, such as “127.0.0.1:9464”")
    return host, int(port)


def _listed(text: str) -> tuple[str, ...]:
    entries = tuple(text.replace(",", " ").split())
    if not all(LISTED.fullmatch(entry) for entry in entries):
        raise ValueError(
            "e-mail addresses, @domains or claim=value with spaces or commas between them, such as "
            "“ana@example.org @gcs.example.org groups=gcs-staff”"
        )
    return entries


def _frame_ancestors(text: str) -> str:
    """The sources as a Content-Security-Policy writes them."""
    names = {"none": "'none'", "self": "'self'"}
    sources = [names.get(word.strip("'"), word) for word in text.split()]
    alone = "'none'" not in sources or len(sources) == 1
    known = all(word in names.values() or ORIGIN.fullmatch(word) for word in sources)
    if not (alone and known):
        raise ValueError(
            "none, self, or addresses with spaces between them, such as "
            "“self https://www.example.org https://*.example.net”"
        )
    return " ".join(sources)


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(text.replace(",", " ").split())
    if not all(HOST.fullmatch(host) for host in hosts):
        raise ValueError(
            "host names with spaces or commas between them and no port, such as "
            "“localhost gcs.example.org *.example.net”"
        )
    return hosts


def _report_address(text: str) -> str:
    """An address with names in braces that are filled in, or nothing."""
    filled = text
    for name in REPORT_NAMES:
        filled = filled.replace(name, "%20")  # Which no host and no mailbox may hold.
    if text and not REPORT.fullmatch(filled):
        raise ValueError(
            "an address that starts with https://, http:// or mailto:, without spaces (write "
            "%20), in which {record}, {release} and {page} are filled in"
        )
    return text


TABLE = (
    Setting(
        "GCS_STORE",
        "store",
        "Where published releases are kept: a folder (a relative one starts beside dashboard.py), "
        "or s3://, gs:// or az:// for an object store.",
        _place,
    ),
    Setting(
        "GCS_DATA",
        "data",
        "The folder of the shipped datasets, which are release 0.",
        _folder,
    ),
    Setting(
        "GCS_ILLUSTRATIVE",
        "1",
        "0 removes the made-up example ratings everywhere.",
        _yes_or_no,
    ),
    Setting(
        "GCS_FRAME_ANCESTORS",
        "none",
        "Which sites may show the dashboard in a frame: none, self, or their addresses.",
        _frame_ancestors,
    ),
    Setting(
        "GCS_ALLOWED_HOSTS",
        "",
        "The host names this server answers to. Empty means any, which is right behind a proxy "
        "that checks them itself.",
        _hosts,
    ),
    Setting(
        "GCS_REPORT_URL",
        "",
        "Where visitors report a mistake: the address of a web form, or mailto:, in which "
        "{record}, {release} and {page} are filled in. Empty means that no link is shown.",
        _report_address,
    ),
    Setting(
        "GCS_COLLECT_SECONDS",
        "30",
        "How often unused memory is collected, in seconds; 0 leaves it to Python alone.",
        _seconds,
    ),
    Setting(
        "GCS_SECRETS",
        "secrets",
        "Where accounts, the key of the sign-in cookie and open sign-ins are kept: a folder that "
        "only the server may read (a relative one starts beside dashboard.py).",
        _folder,
    ),
    Setting(
        "GCS_IDLE_MINUTES",
        "60",
        "After how many minutes without a click a sign-in ends; 1 to 720.",
        _minutes,
    ),
    Setting(
        "GCS_STAFF",
        "",
        "With OIDC, who manages data: verified e-mail addresses, @domains or claim=value. Empty "
        "means nobody.",
        _listed,
    ),
    Setting(
        "GCS_FACILITATORS",
        "",
        "With OIDC, who runs workshops, written as in GCS_STAFF; staff may as well.",
        _listed,
    ),
    Setting(
        "GCS_VOTES_URL",
        "votes/votes.sqlite3",
        "Where ballots of workshops are kept: a file (a relative one starts beside dashboard.py), "
        "or postgresql:// for a database that several servers share (needs psycopg).",
        _votes,
    ),
    Setting(
        "GCS_PUBLIC_URL",
        "",
        "Where phones reach this server, such as https://gcs.example.org. Empty means its own "
        "address in the local network.",
        _web_address,
    ),
    Setting(
        "GCS_ENGINE",
        "duckdb",
        "What counts ratings when they are published: duckdb, in this process, or pyspark (needs "
        "requirements-spark.txt and Java).",
        _engine,
    ),
    Setting(
        "GCS_REQUEST_LOG",
        "auto",
        "1 writes a line of JSON to standard output for each request and each run of a page, 0 "
        "none; auto writes them unless that is a terminal, where they would hide what people read.",
        _yes_no_or_auto,
    ),
    Setting(
        "GCS_METRICS",
        "",
        "Where Prometheus finds figures about this server, at /metrics: an address and port of its "
        "own, such as 127.0.0.1:9464, so that no proxy leads visitors there. Empty means nowhere.",
        _listening,
    ),
    Setting(
        "GCS_DRAIN_SECONDS",
        "0",
        "How many seconds the server goes on after it was told to stop (SIGTERM), while /readyz "
        "tells proxies to send nobody here; 0 stops at once.",
        _seconds,
    ),
    Setting(
        "GCS_REQUIRE_ALL",
        "0",
        "For tests: 1 makes a skipped test a failure.",
        _yes_or_no,
    ),
    Setting(
        "GCS_CHROMIUM",
        "",
        "For tests: the browser to drive, where it is not among the usual names.",
        str,
    ),
)
BY_NAME = {setting.name: setting for setting in TABLE}


def value(name: str) -> Any:
    """The value of one setting.

    Raises:
        SettingError: If the environment holds a value that is not allowed.
    """
    setting = BY_NAME[name]
    text = os.environ.get(name, "").strip() or setting.default
    try:
        return _read(setting, text)
    except ValueError as problem:
        raise SettingError(name, text, str(problem)) from None


@lru_cache(maxsize=256)  # A page asks for its settings a hundred times.
def _read(setting: Setting, text: str) -> Any:
    return setting.read(text)


def check() -> None:
    """Read every setting once, so that a wrong one is found before anything starts."""
    for setting in TABLE:
        value(setting.name)


def as_markdown() -> str:
    """The table as the README prints it."""
    rows = [f"| `{s.name}` | {f'`{s.default}`' if s.default else ''} | {s.about} |" for s in TABLE]
    return "\n".join(["| setting | default | what it does |", "| --- | --- | --- |", *rows])


def store() -> str:
    """Where published releases are kept: an absolute folder, or an object store's address."""
    place: str = value("GCS_STORE")
    return place


def data_folder() -> Path:
    """The folder of the shipped datasets."""
    folder: Path = value("GCS_DATA")
    return folder


def illustrative() -> bool:
    """Whether made-up example ratings may be shown."""
    shown: bool = value("GCS_ILLUSTRATIVE")
    return shown


def frame_ancestors() -> str:
    """Who may frame the dashboard, as the Content-Security-Policy writes it."""
    sources: str = value("GCS_FRAME_ANCESTORS")
    return sources


def allowed_hosts() -> tuple[str, ...]:
    """The host names this server answers to; empty means any."""
    hosts: tuple[str, ...] = value("GCS_ALLOWED_HOSTS")
    return hosts


def report_url() -> str:
    """Where mistakes are reported, with names in braces to fill in; empty for nowhere."""
    address: str = value("GCS_REPORT_URL")
    return address


def collect_seconds() -> float:
    """Seconds between two collections of unused memory; 0 means none."""
    seconds: float = value("GCS_COLLECT_SECONDS")
    return seconds


def secrets_folder() -> Path:
    """Where what nobody else may read is kept."""
    folder: Path = value("GCS_SECRETS")
    return folder


def idle_minutes() -> int:
    """Minutes without a click after which a sign-in ends."""
    minutes: int = value("GCS_IDLE_MINUTES")
    return minutes


def staff() -> tuple[str, ...]:
    """Who manages data under OIDC: e-mail addresses, @domains, claim=value."""
    entries: tuple[str, ...] = value("GCS_STAFF")
    return entries


def facilitators() -> tuple[str, ...]:
    """Who runs workshops under OIDC, beside staff."""
    entries: tuple[str, ...] = value("GCS_FACILITATORS")
    return entries


def votes_url() -> str:
    """Where ballots are kept: an absolute path, or the address of a PostgreSQL database."""
    place: str = value("GCS_VOTES_URL")
    return place


def public_url() -> str:
    """Where phones reach this server, without a slash at the end; empty where nobody has said."""
    address: str = value("GCS_PUBLIC_URL")
    return address


def engine() -> str:
    """What counts ratings when they are published."""
    name: str = value("GCS_ENGINE")
    return name


def request_log() -> bool:
    """Whether each request and each run of a page is written down."""
    wanted: bool | None = value("GCS_REQUEST_LOG")
    return not sys.stdout.isatty() if wanted is None else wanted


def metrics() -> tuple[str, int] | None:
    """The address and port where figures about this server are read; None for nowhere."""
    address: tuple[str, int] | None = value("GCS_METRICS")
    return address


def drain_seconds() -> float:
    """Seconds between being told to stop and stopping."""
    seconds: float = value("GCS_DRAIN_SECONDS")
    return seconds


def require_all() -> bool:
    """Whether a skipped test is a failure."""
    required: bool = value("GCS_REQUIRE_ALL")
    return required


def chromium() -> str:
    """The browser that tests drive; empty means the first that is found."""
    path: str = value("GCS_CHROMIUM")
    return path
