from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from tiny_data import country, frame, tiny

from exports.templates import NAMES, template
from gcs_data.errors import UnknownDatasetError
from gcs_data.incoming.examples import EXAMPLES
from gcs_data.schema import DATASETS
from words import words

T = words()
PUBLISHED = {name: tiny()[name] for name in ("countries", "stories", "genes", "occasions")}


def opened(*names, published=PUBLISHED, t=T):
    return openpyxl.load_workbook(BytesIO(template(names, published, t=t)))


def letters(sheet):
    """Each column's letter by its header."""
    return {cell.value: cell.column_letter for cell in sheet[1]}


def allowed(sheet, column):
    """The validation of a column, which must reach to the end of the sheet."""
    letter = letters(sheet)[column]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    return rules.get(f"{letter}2:{letter}1048576")


def listed(book, sheet, column):
    """What the drop-down list of a column offers."""
    name = allowed(sheet, column).formula1
    place, cells = book.defined_names[name].attr_text.split("!")
    area = book[place.strip("'")][cells.replace("$", "")]
    return [cell.value for (cell,) in (area if isinstance(area, tuple) else ((area,),))]


def test_every_dataset_that_people_write_has_a_template_and_no_other():
    by_hand = {name for name, dataset in DATASETS.items() if not dataset.derived}

    assert set(NAMES) == by_hand - {"countries"}
    for name in ("countries", "rating_counts", "storys"):
        with pytest.raises(UnknownDatasetError):
            template([name], PUBLISHED, t=T)


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_has_the_columns_of_the_schema_and_the_example_row_below(name):
    book = opened(name)
    header, example = book[name].iter_rows(values_only=True)

    assert book.sheetnames == ["Read me", name, "Lists"]
    assert list(header) == list(DATASETS[name].columns)
    filled = {
        column: str(value)
        for column, value in zip(header, example, strict=True)
        if value is not None
    }
    assert filled == dict(EXAMPLES[name])


def test_one_workbook_can_hold_all_datasets():
    assert opened(*NAMES).sheetnames == ["Read me", *NAMES, "Lists"]


def test_the_header_stays_in_sight_and_shows_what_must_be_filled_in():
    sheet = opened("replications")["replications"]
    colours = {cell.value: cell.fill.start_color.rgb for cell in sheet[1]}

    assert sheet.freeze_panes == "B2"
    assert colours["kind"] == colours["source_url"] == "FFFFE08A"
    assert colours["year"] == colours["note"] == "FFE8EAED"


def test_every_header_has_a_note_that_says_what_the_column_holds():
    sheet = opened("replications")["replications"]
    notes = {cell.value: cell.comment.text for cell in sheet[1]}

    assert notes["year"] == (
        "The year, where the source gives one.\nMay stay empty.\nA whole number from 1950 to 2100."
    )
    assert notes["kind"] == (
        "participated, adopted, scaled_up or replicated; never added up.\n"
        "Must be filled in.\n"
        "Together with story_id and country_iso3, it says which record a row is.\n"
        "One of: participated, adopted, scaled_up, replicated."
    )


def test_closed_columns_have_a_list_to_choose_from():
    book = opened("stories", "replications", "gene_ratings")
    stories, replications, ratings = book.worksheets[1:4]

    assert listed(book, replications, "kind") == list(
        ("participated", "adopted", "scaled_up", "replicated")
    )
    assert listed(book, stories, "lead_type")[:2] == ["government", "intergovernmental"]
    assert listed(book, stories, "official") == ["true", "false"]
    assert listed(book, stories, "lead_country_iso3") == ["Kenya", "Peru"]
    assert listed(book, ratings, "gene_id") == ["funding", "trust"]
    assert listed(book, ratings, "story_id") == ["kenya-cash", "peru-water"]
    assert listed(book, ratings, "occasion_id") == ["room-1", "room-2"]
    assert listed(book, ratings, "scale") == ["1-5", "0-10", "0-100"]
    assert book["Lists"].sheet_state == "veryHidden"


def test_a_name_that_may_be_new_is_let_in_and_a_closed_choice_is_not():
    ratings = opened("gene_ratings")["gene_ratings"]

    assert allowed(ratings, "story_id").errorStyle == "information"
    assert allowed(ratings, "stakeholder_group").errorStyle in (None, "stop")


def test_scores_and_years_take_whole_numbers_only():
    book = opened("gene_ratings", "events")
    score, year = allowed(book["gene_ratings"], "score"), allowed(book["events"], "year")

    assert (score.type, score.formula1, score.formula2) == ("whole", "0", "100")
    assert (year.type, year.formula1, year.formula2) == ("whole", "1950", "2100")


def test_columns_of_text_are_text_so_that_no_scale_becomes_a_date():
    sheet = opened("gene_ratings")["gene_ratings"]
    formats = {
        number: dimension.number_format
        for dimension in sheet.column_dimensions.values()
        for number in range(dimension.min, dimension.max + 1)
    }
    looks = {cell.value: formats[cell.column] for cell in sheet[1]}

    assert (looks["scale"], looks["rated_on"], looks["story_id"]) == ("@", "@", "@")
    assert (looks["score"], looks["score_as_given"]) == ("General", "General")
    assert [sheet.cell(2, cell.column).number_format for cell in sheet[1]][0] == "@"


def test_the_read_me_sheet_says_how_names_are_kept_only_where_there_are_any():
    def read_me(name):
        return [row[0] for row in opened(name)["Read me"].iter_rows(values_only=True)]

    assert read_me("events")[-1] == "events"
    assert "Names of raters" in read_me("gene_ratings")
    assert "Names of raters" not in read_me("events")


def test_countries_are_called_as_in_the_language_of_the_template():
    countries = PUBLISHED["countries"].assign(name_fr=["Kénya", None])
    book = opened("events", published={"countries": countries}, t=words("fr"))

    assert listed(book, book["events"], "country_iso3") == ["Kénya", "Peru"]


def test_a_country_whose_name_is_not_clear_is_in_the_list_by_its_code():
    rows = frame("countries", country("MAF", "Saint Martin"), country("KEN", "Kenya"))
    book = opened("events", published={"countries": rows})

    assert listed(book, book["events"], "country_iso3") == ["Kenya", "MAF"]


def test_without_published_rows_there_is_no_list():
    sheet = opened("events", published={"stories": PUBLISHED["stories"].iloc[:0]})["events"]

    assert allowed(sheet, "story_id") is None
    assert allowed(sheet, "country_iso3") is None


def test_hostile_keys_stay_text():
    stories = pd.DataFrame({"story_id": ["=1+1", "<r>x</r>"]})
    book = opened("partners", published={"stories": stories})

    assert listed(book, book["partners"], "story_id") == ["<r>x</r>", "=1+1"]
    assert all(cell.data_type == "s" for row in book["Lists"] for cell in row if cell.value)


def test_the_same_arguments_give_the_same_bytes():
    assert template(NAMES, PUBLISHED, t=T) == template(NAMES, PUBLISHED, t=T)
