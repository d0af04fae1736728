"""What stands in deploy/: does it parse, does it name what there is, is every version pinned?"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml
from tiny_data import event, frame, ratings, ship

import settings
from gcs_data.store import Store, load, publish, verify

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
HAPROXY = (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
PINNED = re.compile(r"[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z0-9-]+)?")
needs_sh = pytest.mark.skipif(os.name == "nt", reason="Windows has no sh")


def haproxy(*words, **env):
    if shutil.which("haproxy") is None:
        pytest.skip("There is no haproxy: install HAProxy's package")
    command = ["haproxy", "-c", "-f", DEPLOY / "haproxy.cfg", *words]
    return subprocess.run(
        command, env=os.environ | env, capture_output=True, text=True, check=False
    )


def pins(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


@pytest.mark.parametrize(
    "env",
    [{}, {"PROXY_BIND": ":8080", "PROXY_A": "127.0.0.1:1", "PROXY_B": "127.0.0.1:2"}],
    ids=["as it is", "as in compose.yaml"],
)
def test_haproxy_takes_the_file_without_a_warning(env):
    found = haproxy(**env)

    assert (found.returncode, found.stderr + found.stdout) == (0, "Configuration file is valid\n")


def test_the_lines_for_https_are_right_as_well(tmp_path):
    key = tmp_path / "site.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
        + ["-subj", "/CN=gcs.example.org", "-keyout", tmp_path / "key", "-out", tmp_path / "crt"],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("There is no openssl that makes a certificate")
    key.write_bytes((tmp_path / "crt").read_bytes() + (tmp_path / "key").read_bytes())
    uncommented = re.sub(r"(?m)^( +)#(bind|http-re|server)", r"\1\2", HAPROXY)
    changed = tmp_path / "haproxy.cfg"
    changed.write_text(uncommented.replace("/etc/haproxy/certs/", str(key)), encoding="utf-8")
    if shutil.which("haproxy") is None:
        pytest.skip("There is no haproxy: install HAProxy's package")

    found = subprocess.run(
        ["haproxy", "-c", "-f", changed], capture_output=True, text=True, check=False
    )

    assert uncommented.count("\n    bind ") == 2
    assert (found.returncode, found.stderr) == (0, "")


def test_the_proxy_s_log_tells_nobody_who_voted_where():
    (written,) = re.findall(r'log-format "(.*)"', HAPROXY)

    # No address (%ci), no request line or path (%r, %HP, %HU, %HQ), no captured header (%hr).
    assert set(re.findall(r"%\w+", written)) == {"%ST", "%Ta", "%B", "%s", "%tsc", "%ac"}


def test_compose_runs_the_same_set_up_as_the_proxy_s_file():
    services = COMPOSE["services"]
    ready, alive = HAPROXY.split("\nbackend ")[1:]
    named = re.findall(r"^    server (\w+) .*cookie (\w+)$", ready, re.MULTILINE)
    proxy = services["proxy"]["environment"]

    assert [name for name, _ in named] == [cookie for _, cookie in named] == ["a", "b"]
    servers = re.compile(r"^    #?server .*$", re.MULTILINE)
    assert servers.findall(ready) == servers.findall(alive)
    assert set(services) == {"a", "b", "proxy", "database"}
    assert services["a"] == services["b"]
    for name, _ in named:
        assert proxy[f"PROXY_{name.upper()}"] == f"{name}:8501"
    assert set(proxy) <= set(re.findall(r"\$\{(\w+)-", HAPROXY))
    assert services["a"]["volumes"] == ["gcs:/srv/gcs"]
    assert services["a"]["read_only"] is True
    assert set(COMPOSE["volumes"]) == {"gcs", "ballots"}


def test_compose_names_only_files_and_settings_that_there_are():
    built = COMPOSE["services"]["a"]["build"]
    context = DEPLOY / built["context"]
    mounted = [
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", ())
        if volume.startswith(".")
    ]

    assert context.resolve() == ROOT
    assert (context / built["dockerfile"]).is_file()
    assert mounted == ["./haproxy.cfg"]
    assert all((DEPLOY / path).is_file() for path in mounted)
    ours = {n for n in COMPOSE["services"]["a"]["environment"] if n.startswith("GCS_")}
    assert ours <= {setting.name for setting in settings.TABLE}
    assert (DEPLOY / "compose.env.example").is_file()


def test_every_image_is_pinned_by_its_version():
    images = {service["image"] for service in COMPOSE["services"].values()}
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", CONTAINERFILE, re.MULTILINE)
    foreign = [image for image, _ in stages if image not in {name for _, name in stages}]

    assert [image for image in images if not PINNED.fullmatch(image)] == []
    assert len(foreign) == 1
    assert PINNED.fullmatch(foreign[0])


def test_no_secret_has_a_default():
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    example = (DEPLOY / "compose.env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"\$\{POSTGRES_PASSWORD(\W+)", text)) == {":?"}
    assert re.search(r"^POSTGRES_PASSWORD=$", example, re.MULTILINE)
    assert ".env\n" in (DEPLOY / ".gitignore").read_text(encoding="utf-8")


def test_the_container_s_own_requirements_are_those_the_tests_run_with():
    assert pins(DEPLOY / "requirements.txt").items() <= pins(ROOT / "requirements-dev.txt").items()


def test_every_file_that_the_image_is_built_from_is_there():
    (copied,) = re.findall(r"cp --recursive --parents \\\n(.*?)/app \\", CONTAINERFILE, re.DOTALL)
    names = copied.replace("\\", "").split()

    assert all(list(ROOT.glob(name)) for name in names), names
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= set(names)
    alone = {path.name for path in ROOT.glob("*.py")}
    assert alone <= set(names)


def test_the_image_holds_no_single_rating_and_its_store_can_be_published_to(tmp_path):
    shipped = ship(tmp_path / "data")
    before = {path.name: path.read_bytes() for path in shipped.iterdir()}
    counts = load(Store(tmp_path / "none", shipped), "rating_counts")

    subprocess.run(
        [sys.executable, DEPLOY / "without_ratings.py", shipped],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
    )

    changed = {path.name for path in shipped.iterdir() if path.read_bytes() != before[path.name]}
    assert changed == {"gene_ratings.parquet"}
    assert b"r-0000000000" not in (shipped / "gene_ratings.parquet").read_bytes()
    store = Store(tmp_path / "store", shipped)
    pd.testing.assert_frame_equal(load(store, "gene_ratings"), frame("gene_ratings"))
    me = {"who": "Ana", "why": "a test"}
    publish(store, {"events": frame("events", event("summit-1"))}, base=0, **me)
    pd.testing.assert_frame_equal(load(store, "rating_counts"), counts)
    publish(store, {"gene_ratings": ratings("room-2", 1, 1, 2, 2, 2)}, base=1, **me)
    assert sorted(load(store, "rating_counts")["occasion_id"].unique()) == ["room-1", "room-2"]
    assert len(load(store, "gene_ratings")) == 5
    assert verify(store) == []


def entered(place, *command, **user):
    return subprocess.run(
        [DEPLOY / "entrypoint", *command],
        env={"PATH": os.environ["PATH"], "VOLUME_FOLDER": str(place)},
        capture_output=True,
        text=True,
        check=False,
        **user,
    )


def somebody():
    """Not root, whom no mode keeps out."""
    return {"user": "nobody"} if os.geteuid() == 0 else {}


@needs_sh
def test_without_a_volume_the_container_reads_and_says_why_nothing_can_be_published(tmp_path):
    own = tmp_path / "srv"
    own.mkdir(mode=0o500)
    for folder in (own, *tmp_path.parents):
        if os.geteuid() == 0 and folder.is_relative_to("/tmp/pytest-of-root"):
            folder.chmod(folder.stat().st_mode | 0o055)
    tmp_path.chmod(0o755)

    found = entered(own, "touch", str(own / "store"), **somebody())

    assert found.stderr.startswith(f"No volume is mounted at {own}, so nothing can be published")
    assert "Permission denied" in found.stderr
    assert list(own.iterdir()) == []


@needs_sh
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="Only root mounts")
def test_a_volume_is_opened_and_root_is_turned_away(tmp_path):
    volume = Path("/tmp") / f"gcs-volume-{os.getpid()}"
    volume.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0500,uid=65534", "tmpfs", str(volume)]
    try:
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("This machine lets nobody mount a disk")
        try:
            found = entered(volume, "touch", str(volume / "store"), user="nobody")
            assert (found.returncode, found.stderr) == (0, "")
            assert (volume / "store").is_file()
            as_root = entered(volume, "true")
            assert (as_root.returncode, as_root.stderr) == (
                1,
                "This container does not run as root: leave out --user.\n",
            )
        finally:
            subprocess.run(["umount", "-l", str(volume)], check=True)
    finally:
        volume.rmdir()


def test_the_readme_names_files_and_settings_that_there_are():
    files = set(re.findall(r"`deploy/([\w.@-]+)`", README))

    assert files >= {"haproxy.cfg", "compose.yaml", "Containerfile", "gcs@.service"}
    assert [name for name in files - {".env"} if not (DEPLOY / name).exists()] == []
    ours = {setting.name for setting in settings.TABLE}
    assert set(re.findall(r"\bGCS_[A-Z_]+\b", README)) <= ours
    of_the_proxy = HAPROXY + (DEPLOY / "rolling-restart").read_text(encoding="utf-8")
    assert set(re.findall(r"\bPROXY_[A-Z]+\b", README)) <= set(
        re.findall(r"\$\{(\w+)", of_the_proxy)
    )
