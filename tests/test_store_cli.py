"""`python -m gcs_data`: what it prints, its exit codes, and never a traceback."""

import getpass
import os

import pytest
from tiny_data import ship

from gcs_data import parquet, releases
from gcs_data.__main__ import main
from gcs_data.store import Store, current, history, load


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "Mes données #1"))
    monkeypatch.setenv("GCS_DATA", str(ship(tmp_path / "data")))
    monkeypatch.setenv("GCS_SECRETS", str(tmp_path / "secrets"))
    return Store(str(tmp_path / "Mes données #1"), tmp_path / "data")


def sheet(tmp_path, *lines, name="events.csv"):
    header = "event_id,title,year,city,country_iso3,story_id,source_url"
    file = tmp_path / name
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return str(file)


SUMMIT = "summit-2025,A summit,2025,Nairobi,KEN,,https://example.org/page"


def test_publish_prints_the_release_and_its_counts(store, tmp_path, capsys):
    assert main(["publish", sheet(tmp_path, SUMMIT), "--reason", "New year"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said == [
        "Release 1 published, made from release 0.",
        "events: 1 added, 0 changed, 0 removed, 1 unchanged",
    ]
    release = history(store)[0]
    assert (release.who, release.why) == (getpass.getuser(), "New year")
    assert (release.file_name, len(release.file_sha256)) == ("events.csv", 64)
    assert load(store, "events")["event_id"].tolist() == ["summit-2024", "summit-2025"]


def test_publish_takes_several_files_at_once(store, tmp_path):
    genes = tmp_path / "genes.parquet"
    genes.write_bytes(parquet.to_bytes(load(store, "genes").assign(name="A gene"), "genes"))

    assert main(["publish", sheet(tmp_path, SUMMIT), str(genes), "--reason", "r"]) == 0

    assert history(store)[0].file_name == "events.csv; genes.parquet"
    assert set(load(store, "genes")["name"]) == {"A gene"}


def test_every_problem_is_listed_and_the_exit_code_is_1(store, tmp_path, capsys):
    wrong = sheet(tmp_path, "s 1,A,1066,,,,https://example.org", "s-2,,x,,,,https://example.org")

    assert main(["publish", wrong, "--reason", "r"]) == 1

    said = capsys.readouterr().err.splitlines()
    assert said[0] == "4 problem(s) found; nothing was written."
    assert [line.split(":")[0] for line in said[1:]] == [
        "events.csv, A2, event_id",
        "events.csv, C2, year",
        "events.csv, B3, title",
        "events.csv, C3, year",
    ]
    assert said[4] == "events.csv, C3, year: “x” is not a whole number."
    assert current(store) == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["publish", "{tmp}/events.csv", "--reason", "r", "--dataset", "evnts"],
            "no dataset called “evnts”",
        ),
        (["publish", "{tmp}/events.csv", "{tmp}/events.csv", "--reason", "r"], "given twice"),
        (["publish", "{tmp}/notes.pdf", "--reason", "r"], "“notes.pdf” is a PDF"),
        (["publish", "{tmp}/none.parquet", "--reason", "r"], "none.parquet: No such file"),
        (["publish", "{tmp}/torn.parquet", "--reason", "r"], "“torn.parquet” is damaged"),
        (["publish", "{tmp}/events.csv", "--reason", "r", "--base", "7"], "worked on release 7"),
        (["rollback", "7", "--reason", "r"], "There is no release 7. The newest is release 0."),
        (["rollback", "0", "--reason", "r"], "Nothing differs from release 0"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    store, tmp_path, capsys, words, sentence
):
    sheet(tmp_path, SUMMIT)
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "torn.parquet").write_bytes(b"PAR1\x15\x04\x15")

    assert main([word.format(tmp=tmp_path) for word in words]) == 2

    said = capsys.readouterr().err
    assert sentence in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("reason", [[], ["--reason", "  "]])
def test_a_publish_without_a_reason_is_refused(store, tmp_path, reason, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["publish", sheet(tmp_path, SUMMIT), *reason])

    assert stopped.value.code == 2
    assert "--reason" in capsys.readouterr().err


def test_a_wrong_setting_is_a_sentence(store, monkeypatch, capsys):
    monkeypatch.setenv("GCS_STORE", "ftp://example.org")

    assert main(["history"]) == 2
    assert "GCS_STORE is “ftp://example.org”" in capsys.readouterr().err


def test_history_is_a_table_newest_first_with_damage_named(store, tmp_path, capsys):
    main(["publish", sheet(tmp_path, SUMMIT), "--reason", "New year", "--who", "Amina"])
    main(["rollback", "0", "--reason", "Too early", "--who", "Zoë"])
    (tmp_path / "Mes données #1/releases/000002.json").write_bytes(b"{")
    capsys.readouterr()

    assert main(["history"]) == 0

    head, two, one, zero = capsys.readouterr().out.splitlines()
    assert head.split() == ["release", "when", "(UTC)", "who", "rows", "why"]
    assert two.split()[0] == "2" and "DAMAGED: its manifest releases/000002.json" in two
    assert one.split()[0] == "1" and one.endswith("New year") and "Amina" in one
    assert zero.split()[:2] == ["0", "shipped"]


def test_verify_prints_every_finding_and_exits_with_1(store, tmp_path, capsys):
    main(["publish", sheet(tmp_path, SUMMIT), "--reason", "r"])
    assert main(["verify"]) == 0
    for name in ("genes", "events"):
        (file,) = (tmp_path / f"Mes données #1/{name}").iterdir()
        file.unlink()
    capsys.readouterr()

    assert main(["verify"]) == 1

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Release 1: events/") and first.endswith(" is missing.")
    assert second.startswith("Release 1: genes/") and second.endswith(" is missing.")


def test_publishing_after_a_damaged_release_says_that_it_was_passed_over(store, tmp_path, capsys):
    main(["publish", sheet(tmp_path, SUMMIT), "--reason", "r"])
    (tmp_path / "Mes données #1/releases/000001.json").write_bytes(b"")
    releases._looked.clear()  # As a new process would start.
    capsys.readouterr()

    assert main(["publish", sheet(tmp_path, SUMMIT), "--reason", "again"]) == 0

    said = capsys.readouterr()
    assert said.out.startswith("Release 2 published, made from release 0.")
    assert "Release 1 is damaged and was passed over" in said.err


def test_sweep_is_a_rehearsal_unless_told_otherwise(store, tmp_path, capsys):
    main(["publish", sheet(tmp_path, SUMMIT), "--reason", "r"])
    left = tmp_path / f"Mes données #1/events/{'0' * 64}.parquet"
    left.write_bytes(b"dead")
    os.utime(left, (0, 0))
    capsys.readouterr()

    assert main(["sweep"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"would remove events/{left.name}"
    assert left.exists()
    assert main(["sweep", "--remove"]) == 0
    assert capsys.readouterr().out == f"removed events/{left.name}\n"
    assert not left.exists()


def test_build_reads_the_sources_beside_the_shipped_datasets(store, monkeypatch, capsys):
    calls = []
    monkeypatch.setattr("gcs_data.build.build", lambda *places: calls.append(places) or {"a": 2})

    assert main(["build"]) == 0

    assert calls == [(store.shipped / "source", store.shipped)]
    assert capsys.readouterr().out == "a: 2 rows\n"
