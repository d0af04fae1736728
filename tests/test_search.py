import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from tiny_data import PAGE, country, frame, story

from gcs_data.folding import folded
from gcs_data.search import FIELDS, LONGEST, Hit, errors_allowed, index, search

NAMES = {"KEN": "Kenya", "PER": "Pérou", "IRN": "Iran", "IRQ": "Irak", "CIV": "Côte d’Ivoire"}
TOPICS = {"norms": "Normes", "capacity_building": "Renforcement des capacités"}


def story_about(story_id, **facts):
    return story(story_id) | {"lead_organisation": "Nobody", "summary": "Nothing."} | facts


def index_of(*stories, partners=(), replications=(), topics=TOPICS):
    return index(
        frame("stories", *stories),
        frame("partners", *({"source_url": PAGE} | row for row in partners)),
        frame("replications", *({"source_url": PAGE} | row for row in replications)),
        frame("countries", *(country(code, code) for code in NAMES)),
        country_names=NAMES,
        topic_labels=topics,
    )


def found(text, *titles):
    """Which of some titles a text finds, the best first."""
    stories = [story_about(str(place), title=title) for place, title in enumerate(titles)]
    return [titles[int(hit.story_id)] for hit in search(index_of(*stories), text)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("national", "A national index"),
        ("NATIONAL", "A national index"),
        ("nat", "A national index"),
        ("tion", "A national index"),  # Part of a word.
        ("index national", "A national index"),
        ("natoinal", "A national index"),  # Swapped.
        ("natonal", "A national index"),  # Missing.
        ("nationnal", "A national index"),  # Too many.
        ("nadional", "A national index"),  # Wrong.
        ("kybersecuriti", "Cybersecurity"),  # Two in a long word.
        ("natoin", "Nationhood"),  # Not typed to the end.
        ("organisation", "Organization"),
        ("ecole", "École nationale"),
        ("École", "Ecole nationale"),
        ("lodz", "Łódź"),
        ("strasse", "Straße"),
        ("oresund", "Øresund"),
        ("istanbul", "İstanbul"),
        ("cybersecurity", "Cyber security"),
        ("cyber security", "Cybersecurity"),
        ("CERT-EE", "The CERT EE"),
        ("киберщит", "Национальный КиберЩит"),
        ("ασφαλεια", "Ασφάλεια"),
        ("مدرسه", "مَدْرسـه الأمن"),
        ("الامن", "مدرسه الأمن"),
        ("安全", "国家网络安全学院"),
        ("ガイド", "セキュリティガイド"),
        ("한구", "한국 인터넷"),  # Half a syllable typed.
        ("सुरक्षा", "साइबर सुरक्षा"),
        ("cyb\u200fer", "Cyb\u00ader"),  # Marks nobody sees.
    ],
)
def test_a_story_is_found_however_it_is_spelt(text, title):
    assert found(text, "Something else", title) == [title]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("nor", "not"),  # Too short for an error.
        ("form", "for"),
        ("2021", "Summit 2020"),  # Another year.
        ("nadionel", "A nations index"),
        ("national fund", "A national index"),  # Every word must be there.
        ("iran", "Irak"),  # A country's name is taken at its word.
        ("at", "A national index"),  # Two letters from the middle.
        ("सुर", "सार"),  # Its vowel signs are letters, not accents.
    ],
)
def test_a_story_is_not_found_by_what_it_does_not_say(text, title):
    assert found(text, title) == []


def test_a_word_that_a_story_holds_as_typed_finds_other_spellings_of_itself_and_not_other_words():
    assert found("defence", "Defense", "Defence", "Deference") == ["Defence", "Defense"]
    assert found("norm", "A form", "Norms") == ["Norms"]
    assert found("norm", "A form", "The norm") == ["The norm"]
    assert found("norm", "A form") == ["A form"]


def test_half_a_word_with_an_error_is_found_only_while_nothing_fits_better():
    assert found("securti", "Security council") == ["Security council"]
    assert found("cpaac", "Capacity building") == ["Capacity building"]
    assert found("secu", "Security", "Sector") == ["Security"]


def test_every_field_is_searched_and_named_where_it_was_found():
    facts = story_about(
        "a",
        title="Uno",
        title_original="Dos",
        summary="Tres",
        lead_organisation="Cuatro",
        lead_country_iso3="PER",
        topics="capacity_building;unheard_of",
    )
    words = index_of(
        facts,
        story_about("b"),
        partners=[{"story_id": "a", "partner": "Cinco"}],
        replications=[{"story_id": "a", "country_iso3": "KEN", "kind": "adopted"}],
    )

    where = {text: [hit.where for hit in search(words, text)] for text in WHERE}

    assert where == {text: [(field,)] for text, field in WHERE.items()}
    assert [hit.where for hit in search(words, "cinco uno")] == [("title", "partner")]


WHERE = {
    "uno": "title",
    "dos": "title",
    "tres": "summary",
    "cuatro": "organisation",
    "cinco": "partner",
    "perou": "country",
    "per": "country",
    "kenya": "country",
    "capacites": "topic",
    "unheard": "topic",
}


def test_a_title_counts_more_than_a_summary_and_a_whole_word_more_than_its_beginning():
    words = index_of(
        story_about("summary", summary="Norms."),
        story_about("beginning", title="Normative"),
        story_about("title", title="Norms"),
    )

    assert [hit.story_id for hit in search(words, "norms")] == ["title", "summary"]
    assert [hit.story_id for hit in search(words, "norm")] == ["beginning", "title", "summary"]
    assert [hit.story_id for hit in search(words, "nroms")] == ["title", "summary"]


def test_stories_found_equally_well_stay_in_their_order_and_none_is_there_twice():
    words = index_of(*(story_about(name, title="Norms, norms") for name in ("c", "a", "b")))

    assert search(words, "norms") == [Hit(name, 10.0, ("title",)) for name in ("c", "a", "b")]


@pytest.mark.parametrize("text", ["", "   ", "?!", "‏", "$\\"])
def test_a_text_without_a_word_finds_everything_in_order(text):
    words = index_of(story_about("b"), story_about("a"))

    assert search(words, text) == [Hit("b", 0.0), Hit("a", 0.0)]


def test_a_missing_fact_is_not_found_as_nan():
    assert search(index_of(story_about("a")), "nan") == []


def test_no_stories_are_no_hits():
    assert (search(index_of(), "norms"), search(index_of(), "")) == ([], [])


def test_of_a_very_long_text_only_the_beginning_is_read():
    assert found("norms " * LONGEST + "elsewhere", "Norms") == ["Norms"]
    assert found(" ".join(["norms", *"abcdefghijklm"]), "Norms a b c d e f g h i j k") != []


LETTERS = st.text("abcdé", min_size=1, max_size=9)
TITLES = st.lists(st.lists(LETTERS, min_size=1, max_size=3).map(" ".join), max_size=4)


@settings(max_examples=60)
@given(TITLES, LETTERS)
def test_what_is_found_by_one_word_is_what_looking_at_every_title_finds(titles, typed):
    (word,) = folded(typed)
    words = [folded(title) for title in titles]
    is_known = any(other.startswith(word) for title in words for other in title)

    def as_typed(other):
        return other.startswith(word) or (len(word) > 2 and word in other)

    def misspelt(other):
        allowed = min(errors_allowed(word), errors_allowed(other))
        near = OSA.distance(word, other) <= allowed
        return near and (not is_known or other[:3] == word[:3])

    def in_two(title):
        cuts = range(3, len(word) - 2)
        return any(word[:cut] in title and word[cut:] in title for cut in cuts)

    expected = {
        place
        for place, title in enumerate(words)
        if any(as_typed(other) or misspelt(other) for other in title) or in_two(title)
    }
    stories = [story_about(str(place), title=title) for place, title in enumerate(titles)]
    hits = search(
        index_of(*(facts | {"summary": "-", "lead_organisation": "-"} for facts in stories)), typed
    )

    # Beginnings with an error come in only where nothing else fits.
    assert not expected or {int(hit.story_id) for hit in hits} == expected
    assert all(set(hit.where) <= set(FIELDS) for hit in hits)


@settings(max_examples=60)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_at_all_can_be_searched_for_and_finds_itself(typed, title):
    stories = frame("stories", story_about("a", title=title or "-"))
    words = index(
        stories,
        frame("partners"),
        frame("replications"),
        frame("countries"),
        country_names={},
        topic_labels={},
    )
    search(words, typed)

    assert [hit.story_id for hit in search(words, title)] == ["a"]
