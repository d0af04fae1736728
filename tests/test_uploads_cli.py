"""`python -m gcs_data check, publish, template, export, forget`: as staff use them."""

import json
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from tiny_data import PAGE, ship

from gcs_data.__main__ import main
from gcs_data.people import People
from gcs_data.pseudonym import is_pseudonym
from gcs_data.store import Store, current, history, load


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("GCS_DATA", str(ship(tmp_path / "data")))
    monkeypatch.setenv("GCS_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.chdir(tmp_path)
    return Store(str(tmp_path / "store"), tmp_path / "data")


def workbook(tmp_path, name="upload.xlsx", **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / name)
    return str(tmp_path / name)


EVENTS = ["event_id", "title", "year", "country_iso3", "source_url"]
GOOD = ["summit-2025", "A summit", 2025, "Pérou", PAGE]
RATINGS = ["rating_id", "story_id", "gene_id", "score", "rater_id", "occasion_id", "provenance"]


def ratings(*scores, rater="Amina Otieno"):
    rows = [
        [f"r2-{n}", "kenya-cash", "trust", score, f"{rater} {n}", "room-2", "workshop"]
        for n, score in enumerate(scores)
    ]
    return [RATINGS, *rows]


def test_a_good_file_has_no_problems_and_its_changes_are_counted(store, tmp_path, capsys):
    assert main(["check", workbook(tmp_path, events=[EVENTS, GOOD])]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "No problems found."
    assert "Note: “Pérou” was read as “PER” in country_iso3. Cells: 1." in said
    assert said[-1] == "events: 1 added, 0 changed, 0 removed, 1 unchanged"
    assert current(store) == 0


def test_problems_are_listed_by_cell_and_the_exit_code_is_1(store, tmp_path, capsys):
    bad = ["summit-2026", "A summit", "soon", "Peruu", PAGE]
    file = workbook(tmp_path, events=[EVENTS, GOOD, bad])

    assert main(["check", file]) == 1

    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("events, C3, year: “soon” is not a whole number.")
    assert said[1] == ("events, D3, country_iso3: “Peruu” is not in countries. Did you mean “PER”?")
    assert said[2] == "2 problem(s) found."


def test_problems_as_json_have_every_coordinate(store, tmp_path, capsys):
    bad = ["summit-2026", "A summit", "soon", "PER", PAGE]

    assert main(["check", "--json", workbook(tmp_path, events=[EVENTS, bad])]) == 1

    said = json.loads(capsys.readouterr().out)
    assert said["file"] == "upload.xlsx"
    assert (said["release"], len(said["sha256"])) == (0, 64)
    assert said["problems"] == [
        {
            "dataset": "events",
            "sheet": "events",
            "cell": "C2",
            "line": 2,
            "column": "year",
            "header": "year",
            "key": "summit-2026",
            "value": "soon",
            "rule": "not_whole",
            "message": "“soon” is not a whole number.",
            "suggestions": [],
        }
    ]


@pytest.mark.parametrize("json_wanted", [[], ["--json"]])
def test_what_cannot_be_read_is_one_sentence_and_exit_code_2(store, tmp_path, capsys, json_wanted):
    (tmp_path / "a.xlsx").write_bytes(b"%PDF-1.7")

    assert main(["check", str(tmp_path / "a.xlsx"), *json_wanted]) == 2

    said = capsys.readouterr()
    assert said.err.startswith("“a.xlsx” is a PDF")
    if json_wanted:
        assert json.loads(said.out)["error"]["code"] == "upload_pdf"


def test_scores_need_a_scale_and_are_converted(store, tmp_path, capsys):
    file = workbook(tmp_path, gene_ratings=ratings(7, 10, 0, 5, 5))

    assert main(["check", file]) == 1
    assert "say on which scale the scores were given" in capsys.readouterr().out
    assert main(["publish", file, "--scale", "0-10", "--reason", "r"]) == 0

    kept = load(store, "gene_ratings").query("occasion_id == 'room-2'")
    assert kept["score"].tolist() == [4, 5, 1, 3, 3]
    assert kept["score_as_given"].tolist() == [7, 10, 0, 5, 5]


def test_a_raters_name_becomes_a_pseudonym_and_can_be_forgotten(store, tmp_path, capsys):
    file = workbook(tmp_path, gene_ratings=ratings(1, 2, 3, 4, 5))
    people = People(tmp_path / "secrets")

    main(["check", file, "--scale", "1-5"])
    assert people.names() == []
    assert main(["publish", file, "--scale", "1-5", "--reason", "r"]) == 0

    raters = load(store, "gene_ratings").query("occasion_id == 'room-2'")["rater_id"].tolist()
    assert raters == list(people.preview([f"Amina Otieno {n}" for n in range(5)]).values())
    assert all(map(is_pseudonym, raters))
    assert main(["forget", "amina  OTIENO 3"]) == 0
    assert "Amina Otieno 3" not in people.names()
    assert load(store, "gene_ratings")["rater_id"].tolist()[-5:] == raters
    capsys.readouterr()
    assert main(["forget", "Nobody"]) == 2
    assert capsys.readouterr().err == "There is nobody of that name in the table of raters.\n"


def test_publish_adds_and_corrects_and_replace_removes_the_rest(store, tmp_path, capsys):
    file = workbook(tmp_path, events=[EVENTS, GOOD])

    assert main(["publish", file, "--reason", "r"]) == 0
    assert load(store, "events")["event_id"].tolist() == ["summit-2024", "summit-2025"]
    assert main(["publish", file, "--replace", "--reason", "r"]) == 0

    assert load(store, "events")["event_id"].tolist() == ["summit-2025"]
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "events: 0 added, 0 changed, 1 removed, 1 unchanged"


def test_bad_rows_are_left_out_only_when_asked_and_are_listed(store, tmp_path, capsys):
    bad = ["summit-2026", "A summit", "soon", "PER", PAGE]
    file = workbook(tmp_path, events=[EVENTS, GOOD, bad])

    assert main(["publish", file, "--reason", "r"]) == 1
    assert current(store) == 0
    capsys.readouterr()
    assert main(["publish", file, "--reason", "r", "--leave-out-bad"]) == 0

    assert capsys.readouterr().err == (
        "Left out: events, C3, year: “soon” is not a whole number.\n"
    )
    assert load(store, "events")["event_id"].tolist() == ["summit-2024", "summit-2025"]


def test_a_dataset_can_be_named_where_columns_do_not_say_it(store, tmp_path, capsys):
    file = workbook(tmp_path, Sheet1=[["title"], ["A summit"]], Notes=[["Ask"], ["Zoë"]])

    assert main(["check", file]) == 1
    capsys.readouterr()
    assert main(["check", file, "--dataset", "events"]) == 1

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Sheet1, line 1, event_id: the column “event_id” is missing."
    assert said[3] == "Note: The sheet “Notes” was left out, as you chose."


def test_two_files_are_one_release_and_may_refer_to_each_other(store, tmp_path):
    stories = workbook(
        tmp_path,
        "stories.xlsx",
        Sheet1=[
            ["story_id", "title", "summary", "lead_organisation", "official", "source_url"],
            ["new", "New", "It works.", "A ministry", True, PAGE],
        ],
    )
    partners = tmp_path / "partners.csv"
    partners.write_text(f"story_id,partner,source_url\nnew,A bank,{PAGE}\n")

    assert main(["publish", str(partners), stories, "--reason", "r"]) == 0

    assert history(store)[0].file_name == "partners.csv; stories.xlsx"
    assert len(history(store)[0].file_sha256.split("; ")) == 2
    assert load(store, "partners")["story_id"].tolist() == ["new"]


def test_a_template_is_written_once_and_never_over_another_file(store, tmp_path, capsys):
    assert main(["template", "events"]) == 0
    assert capsys.readouterr().out == "template-events.xlsx\n"
    assert openpyxl.load_workbook("template-events.xlsx").sheetnames[1] == "events"

    assert main(["template", "events"]) == 2
    assert "template-events.xlsx: File exists" in capsys.readouterr().err
    assert main(["template", "all", "-o", "template-events.xlsx", "--language", "fr"]) == 0
    assert len(openpyxl.load_workbook("template-events.xlsx").sheetnames) == 11


@pytest.mark.parametrize("name", ["rating_counts", "countries", "evnts"])
def test_what_nobody_fills_in_has_no_template(store, name, capsys):
    assert main(["template", name]) == 2
    assert f"no dataset called “{name}”" in capsys.readouterr().err


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
def test_what_is_exported_can_be_checked_and_changes_nothing(store, tmp_path, capsys, format):
    assert main(["export", "stories", "--format", format]) == 0
    assert capsys.readouterr().out == f"stories.{format}\n"

    assert main(["check", f"stories.{format}"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "stories: 0 added, 0 changed, 0 removed, 2 unchanged"
    assert main(["publish", f"stories.{format}", "--reason", "r"]) == 2
    assert "Nothing differs from release 0" in capsys.readouterr().err


def test_a_release_can_be_exported_as_it_was(store, tmp_path):
    main(["publish", workbook(tmp_path, events=[EVENTS, GOOD]), "--reason", "r"])

    assert main(["export", "events", "--format", "parquet", "--release", "0"]) == 0

    rows = pd.read_parquet(BytesIO((tmp_path / "events.parquet").read_bytes()))
    assert rows["event_id"].tolist() == ["summit-2024"]
