"""The shipped datasets are what their source makes, and a broken source makes nothing."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from gcs_data import build, parquet
from gcs_data.__main__ import main
from gcs_data.errors import InvalidDataError
from gcs_data.schema import DATASETS

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "data" / "source"


@pytest.fixture(scope="module")
def made():
    return build.datasets(SOURCE)


@pytest.fixture
def source(tmp_path, made, monkeypatch):
    """A copy of data/source to break."""
    monkeypatch.setattr(build, "countries", lambda shapes: made["countries"])
    return shutil.copytree(SOURCE, tmp_path / "source")


def edit(source, name, old, new):
    path = source / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(source, name, line):
    with (source / f"{name}.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def lines(source, name):
    return len((source / f"{name}.csv").read_text(encoding="utf-8").splitlines())


def problems(source):
    with pytest.raises(InvalidDataError) as caught:
        build.datasets(source)
    return caught.value.problems


def said(source):
    return [(p.dataset, p.line, p.column, p.value, p.rule) for p in problems(source)]


@pytest.mark.parametrize("name", DATASETS)
def test_what_ships_is_what_the_source_makes_now(made, name):
    shipped = parquet.from_bytes((ROOT / "data" / f"{name}.parquet").read_bytes())

    pd.testing.assert_frame_equal(shipped, made[name], check_exact=True)
    assert list(shipped.dtypes.astype("str")) == list(DATASETS[name].dtypes.values())


def test_building_twice_gives_the_same_bytes_and_leaves_nothing_aside(made, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "datasets", lambda source: made)
    rows = build.build(SOURCE, tmp_path / "once")
    build.build(SOURCE, tmp_path / "twice")

    assert rows == {name: len(made[name]) for name in DATASETS}
    assert files(tmp_path / "once") == files(tmp_path / "twice")
    assert sorted(files(tmp_path / "once")) == sorted(f"{name}.parquet" for name in DATASETS)


def test_a_disk_that_fills_half_way_leaves_every_old_file_as_it_was(made, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "datasets", lambda source: made)
    build.build(SOURCE, tmp_path)
    before = files(tmp_path)
    write, written = Path.write_bytes, []

    def full(path, content):
        written.append(path)
        if len(written) == 5:
            raise OSError(28, "No space left on device", str(path))
        return write(path, content)

    monkeypatch.setattr(build, "datasets", lambda source: made | {"events": made["events"][:3]})
    monkeypatch.setattr(Path, "write_bytes", full)

    with pytest.raises(OSError, match="No space left"):
        build.build(SOURCE, tmp_path)

    assert files(tmp_path) == before


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_broken_rows_in_several_files_are_all_listed_and_nothing_is_written(source, tmp_path):
    edit(source, "stories", "National Cyber Security Index,,en,", ",,en,")
    edit(source, "genes", ",1,true,", ",first,yes,")
    append(source, "events", "a-summit,A summit,3000,,EST,,https://example.org/page")
    append(source, "replications", "national-cyber-security-index,EST,copied,,,,nowhere")
    events, replications = lines(source, "events"), lines(source, "replications")
    target = tmp_path / "target"

    with pytest.raises(InvalidDataError) as caught:
        build.build(source, target)

    assert [(p.dataset, p.line, p.column, p.value, p.rule) for p in caught.value.problems] == [
        ("stories", 2, "title", "", "missing"),
        ("genes", 2, "position", "first", "not_whole"),
        ("genes", 2, "in_default_dna", "yes", "not_flag"),
        ("replications", replications, "kind", "copied", "choice"),
        ("replications", replications, "source_url", "nowhere", "pattern"),
        ("events", events, "year", 3000, "span"),
    ]
    assert str(caught.value).splitlines()[:2] == [
        "6 problem(s) found; nothing was written.",
        "stories.csv, line 2, title: this cell must not be empty.",
    ]
    assert not target.exists()


def test_a_broken_source_leaves_a_target_that_exists_untouched(source, tmp_path):
    target = tmp_path / "target"
    target.mkdir()
    (target / "stories.parquet").write_bytes(b"the old one")
    append(source, "events", "a-summit,,2024,,EST,,https://example.org/page")

    with pytest.raises(InvalidDataError):
        build.build(source, target)

    assert files(target) == {"stories.parquet": b"the old one"}


@pytest.mark.parametrize(
    ("name", "line", "column", "value", "near"),
    [
        ("events", "a,A,2024,,ESTT,,https://a.org/b", "country_iso3", "ESTT", "EST"),
        ("published_dna", "glacy,diversty,3,true,https://a.org/b", "gene_id", "diversty",
         "diversity"),
        ("partners", "glacyy,A ministry,,,https://a.org/b", "story_id", "glacyy", "glacy"),
    ],
)  # fmt: skip
def test_an_unknown_country_gene_or_story_is_named_with_the_nearest(
    source, name, line, column, value, near
):
    append(source, name, line)

    found = [p for p in problems(source) if p.rule == "unknown_reference"]

    assert [(p.dataset, p.line, p.column, p.value) for p in found] == [
        (name, lines(source, name), column, value)
    ]
    assert str(found[0]).endswith(f"Did you mean “{near}”?")


@pytest.mark.parametrize("partner", ["gfce  FOUNDATION", "GFCE Foundation "])
def test_a_key_that_differs_in_case_or_spaces_only_is_a_duplicate(source, partner):
    append(source, "partners", "glacy,GFCE Foundation,,,https://a.org/b")
    append(source, "partners", f"glacy,{partner},,,https://a.org/b")

    assert said(source) == [
        ("partners", lines(source, "partners"), "partner", f"glacy, {partner.strip()}", "duplicate")
    ]


@pytest.mark.parametrize("cells", ["a-summit,A summit,2024", "a,A,2024,,EST,,https://a.org/b,more"])
def test_a_row_with_too_few_or_too_many_cells_is_one_problem_and_never_shifts(source, cells):
    append(source, "events", cells)

    assert said(source) == [("events", lines(source, "events"), "event_id", cells, "ragged")]


def test_a_missing_file_is_named_and_its_ids_are_not_all_called_unknown(source):
    (source / "stories.csv").unlink()
    append(source, "events", "a,A,3000,,EST,,https://a.org/b")

    assert said(source) == [
        ("stories", 1, "story_id", "stories.csv", "no_file"),
        ("events", lines(source, "events"), "year", 3000, "span"),
    ]


def test_no_source_folder_at_all_names_every_file(tmp_path):
    assert said(tmp_path / "nowhere") == [
        (name, 1, next(iter(DATASETS[name].columns)), f"{name}.csv", "no_file")
        for name in build.FACTS
    ]


def test_an_empty_file_is_named_not_read_as_no_rows(source):
    (source / "layers.csv").write_bytes(b"")

    assert said(source) == [("layers", 1, "layer_id", "layers.csv", "empty_file")]


def test_a_file_with_headings_only_has_no_rows_and_no_problems(source):
    heading = (source / "events.csv").read_text(encoding="utf-8").splitlines()[0]
    (source / "events.csv").write_text(heading, encoding="utf-8")

    assert len(build._facts(source)["events"]) == 0


def test_a_missing_column_and_an_unknown_one_are_one_problem_each_not_one_per_row(source):
    edit(source, "events", "event_id,title,", "event_id,titel,")

    assert said(source) == [
        ("events", 1, "titel", "titel", "unknown_column"),
        ("events", 1, "title", "", "missing_column"),
    ]


def test_a_missing_key_column_does_not_make_every_reference_unknown(source):
    edit(source, "stories", "story_id,title,", "id,title,")

    assert said(source) == [
        ("stories", 1, "id", "id", "unknown_column"),
        ("stories", 1, "story_id", "", "missing_column"),
    ]


def test_a_column_that_is_there_twice_is_a_problem_not_a_crash(source):
    edit(source, "layers", "unit,label", "unit,unit")

    assert [(p.column, p.rule) for p in problems(source)] == [
        ("unit", "repeated_column"),
        ("label", "missing_column"),
    ]


def test_a_file_that_is_not_utf_8_is_a_problem_not_other_letters(source):
    with (source / "events.csv").open("ab") as file:
        file.write("é".encode("cp1252"))

    (problem,) = problems(source)

    assert (problem.dataset, problem.rule) == ("events", "not_utf8")
    assert "Save it as “CSV UTF-8”." in str(problem)


def test_a_byte_order_mark_is_no_part_of_the_first_heading(source):
    path = source / "events.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert len(build._facts(source)["events"]) == len(build._facts(SOURCE)["events"])


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(source):
    line = lines(source, "events") + 1
    append(source, "events", 'a,"A summit,2024,,EST,,https://a.org/b')
    append(source, "events", "b,B summit,2024,,EST,,https://a.org/b")

    assert said(source) == [("events", line, "event_id", "unexpected end of data", "broken")]


def test_lines_are_counted_as_in_an_editor_past_line_breaks_in_cells_and_blank_lines(source):
    line = lines(source, "events") + 1
    append(source, "events", 'a,"A summit\nof two lines",2024,,EST,,https://a.org/b')
    append(source, "events", "")
    append(source, "events", "b,B summit,3000,,EST,,https://a.org/b")

    assert said(source) == [("events", line + 3, "year", 3000, "span")]


def test_a_wrong_country_is_found_beside_a_cell_that_cannot_be_read(source):
    append(source, "events", "a,A,soon,,XYZ,,https://a.org/b")

    assert [(p.column, p.rule) for p in problems(source)] == [
        ("year", "not_whole"),
        ("country_iso3", "unknown_reference"),
    ]


def test_an_occasion_of_our_own_name_is_refused_not_mixed_with_made_up_ratings(source):
    append(source, "occasions", "illustrative,A real room,,,,,")

    assert [(p.dataset, p.rule) for p in problems(source)] == [("occasions", "duplicate")]


def test_the_command_line_writes_the_datasets_and_says_how_many_rows(
    made, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("GCS_DATA", str(tmp_path))
    monkeypatch.setattr(build, "datasets", lambda source: made)

    assert main(["build", "--source", str(SOURCE)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"stories: {len(made['stories'])} rows"
    assert sorted(files(tmp_path)) == sorted(f"{name}.parquet" for name in DATASETS)


def test_the_command_line_lists_every_problem_and_writes_nothing(
    source, tmp_path, monkeypatch, capsys
):
    target = tmp_path / "target"
    monkeypatch.setenv("GCS_DATA", str(target))
    append(source, "events", "a,,3000,,EST,,https://a.org/b")
    line = lines(source, "events")

    assert main(["build", "--source", str(source)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "2 problem(s) found; nothing was written.",
        f"events.csv, line {line}, title: this cell must not be empty.",
        f"events.csv, line {line}, year: 3000 is not between 1950 and 2100.",
    ]
    assert not target.exists()


def test_an_eleventh_gene_is_one_more_row_and_shows_everywhere(source):
    import labels
    from figures.dots import dna_dots
    from figures.radar import dna_radar
    from gcs_data.query import dna_code, gene_profile, genes_in_order
    from ui.dna import _band, _letter
    from words import words

    name = "Coopération interinstitutionnelle et transfrontalière"
    append(source, "genes", f"cooperation,{name},,,,,11,true,https://a.org/b")

    data = build.datasets(source)
    genes = genes_in_order(data["genes"], default_only=True)
    profile = gene_profile(
        data["rating_counts"], "glacy", genes,
        provenance="illustrative", occasion_id="illustrative",
    )  # fmt: skip
    names = data["genes"].set_index("gene_id")["name"]
    drawn = profile.assign(gene=profile["gene_id"].map(names), name="GLACY")

    t = words("fr")
    assert (genes[-1], len(genes)) == ("cooperation", 8)
    assert profile["n"].iloc[-1] >= 25
    radar = dna_radar(drawn, title="GLACY", t=t).layout.polar.angularaxis
    dots = dna_dots(drawn, title="GLACY", t=t, labels=labels.agreement(t)).layout.yaxis
    for ticks in (radar.ticktext, dots.ticktext):
        assert name in [label.replace("<br>", " ") for label in ticks]
    bands = dna_code(profile, data["rating_pairs"], "glacy")
    letters = data["genes"].set_index("gene_id")["letter"].to_dict()
    code = "".join(_band([_letter(gene, letters, names) for gene in band]) for band in bands)
    assert code.count(f"({name})") == 1
