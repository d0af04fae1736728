"""Norms and duties: every one has its words, and stories stand there only with a source."""

import pytest
from tiny_data import PAGE

import labels
import settings
from gcs_data import norms
from gcs_data.errors import FactsFileError
from ui.norms import commission, meanings
from words import words

HEADER = "norm_id,story_id,note,source_url"


def test_every_duty_has_a_meaning_and_a_name_and_every_norm_its_title():
    assert tuple(meanings(words())) == norms.DUTIES
    assert set(norms.DUTIES) <= set(labels.topics(words()))
    assert tuple(commission(words())) == norms.NORMS
    assert len(norms.NORMS) == 6


def test_a_story_acts_on_a_norm_only_where_a_row_with_a_source_says_so(tmp_path):
    path = tmp_path / norms.FILE
    assert norms.norm_stories(path, ["cash"]).empty

    path.write_text(f"{HEADER}\nno_tampering,cash,Says so,{PAGE}\n", encoding="utf-8")
    found = norms.norm_stories(path, ["cash"])

    assert found.values.tolist() == [["no_tampering", "cash", "Says so", PAGE]]


@pytest.mark.parametrize(
    "row", [f"no_norm,cash,,{PAGE}", f"no_tampering,water,,{PAGE}", "no_tampering,cash,,"]
)
def test_an_unknown_norm_or_story_or_a_missing_source_is_refused(tmp_path, row):
    path = tmp_path / norms.FILE
    path.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")

    with pytest.raises(FactsFileError, match="line 2"):
        norms.norm_stories(path, ["cash"])


def test_the_shipped_facts_file_is_an_empty_template():
    path = settings.ROOT / "data" / "facts" / norms.FILE

    assert path.read_text(encoding="utf-8").strip() == HEADER
