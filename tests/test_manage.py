"""Manage data, as staff meet it: who may, what is asked, and what cannot go wrong."""

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import gcs_data
import settings
from gcs_data.incoming.choices import Choices
from gcs_data.people import People
from server.session import Person
from ui import access

STAFF = Person("Ana", frozenset({"staff", "facilitator"}))
PAGE = "https://example.org/page"


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store of its own on the shipped data, and somebody signed in."""
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "Mes données #1"))
    monkeypatch.setenv("GCS_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.setattr(access, "who", lambda: STAFF)
    st.cache_resource.clear()
    st.cache_data.clear()
    yield gcs_data.Store(str(tmp_path / "Mes données #1"), shipped=settings.data_folder())
    st.cache_resource.clear()
    st.cache_data.clear()


def manage(**query):
    app = AppTest.from_file(str(settings.ROOT / "ui" / "frame.py"), default_timeout=180)
    app.query_params.update(query)
    app.run()
    return app.switch_page(str(settings.ROOT / "pages" / "manage.py")).run()


def csv(**columns):
    return pd.DataFrame(columns).to_csv(index=False).encode()


def replications(*rows):
    names = ("story_id", "country_iso3", "kind", "year", "source_url")
    return pd.DataFrame([(*row, PAGE) for row in rows], columns=names).to_csv(index=False).encode()


def uploaded(content, name="replications.csv"):
    app = manage()
    app.file_uploader[0].upload(name, content, "text/csv").run()
    assert not app.exception
    return app


def said(app):
    texts = [
        each.value
        for kind in (app.markdown, app.error, app.success, app.warning, app.info)
        for each in kind
    ]
    return " ".join(texts).replace("\\", "").replace("\u200b", "")


def button(app, label):
    return next(each for each in app.button if each.label == label)


def published(app, reason="a test"):
    next(field for field in app.text_input if field.label.startswith("Why?")).input(reason)
    return button(app, "Publish").click().run()


def test_who_is_not_signed_in_sees_no_upload(store, monkeypatch):
    monkeypatch.setattr(access, "who", lambda: None)

    app = manage()

    assert len(app.file_uploader) == 0
    assert "This page is for staff who manage the data." in said(app)


def test_a_facilitator_has_no_business_here(store, monkeypatch):
    monkeypatch.setattr(access, "who", lambda: Person("Bo", frozenset({"facilitator"})))

    app = manage()

    assert len(app.file_uploader) == 0
    assert "You are signed in as Bo, who is not on its list." in said(app)


def test_good_rows_are_published_with_a_reason_and_by_whom(store):
    app = uploaded(replications(("x-road", "Kenya", "adopted", 2024)))
    assert "No problems found." in said(app)
    assert "Replications: 1 added." in said(app)

    app = published(app, "Kenya joined")

    assert "Published as release 1." in said(app)
    newest = gcs_data.history(store)[0]
    assert (newest.who, newest.why, newest.file_name) == ("Ana", "Kenya joined", "replications.csv")
    rows = gcs_data.load(store, "replications")
    assert (rows["story_id"].eq("x-road") & rows["country_iso3"].eq("KEN")).sum() == 1
    assert len(rows) == len(gcs_data.load(store, "replications", 0)) + 1


def test_without_a_reason_nothing_is_published(store):
    app = published(uploaded(replications(("x-road", "Kenya", "adopted", 2024))), " ")

    assert "Say why in a few words, then publish." in said(app)
    assert gcs_data.current(store) == 0


def test_whoever_lost_the_role_since_cannot_publish(store, monkeypatch):
    app = uploaded(replications(("x-road", "Kenya", "adopted", 2024)))
    monkeypatch.setattr(access, "still", lambda role: None)

    app = published(app)

    assert "You are no longer signed in, so nothing was published." in said(app)
    assert gcs_data.current(store) == 0


def test_the_second_of_two_sees_what_changed_and_overwrites_nothing(store):
    first = uploaded(replications(("x-road", "Kenya", "adopted", 2024)))
    second = uploaded(replications(("x-road", "Ghana", "adopted", 2023)))
    published(first, "first")

    second = published(second, "second")

    assert "Release 1 was published while you worked on release 0." in said(second)
    assert "Replications: 1 added." in said(second)
    assert gcs_data.current(store) == 1
    second = button(second, "Go on from release 1").click().run()
    published(second, "second")
    rows = gcs_data.load(store, "replications")
    mine = rows[rows["story_id"].eq("x-road") & rows["kind"].eq("adopted")]
    assert {"KEN", "GHA"} <= set(mine["country_iso3"])
    assert [release.why for release in gcs_data.history(store)][:2] == ["second", "first"]


def test_a_press_twice_publishes_once(store):
    app = uploaded(replications(("x-road", "Kenya", "adopted", 2024)))
    published(app)

    app.run()

    assert "Published as release 1." in said(app)
    assert gcs_data.current(store) == 1


def test_a_near_miss_is_asked_answered_in_one_click_and_remembered(store):
    app = uploaded(replications(("x-road", "Estonnia", "adopted", 2024)))
    assert "What is meant by “Estonnia” in country_iso3? (1 cell)" in said(app)
    assert not [each for each in app.button if each.label == "Publish"]

    app = button(app, "Estonia \\(EST\\)").click().run()
    published(app)

    assert "Published as release 1." in said(app)
    again = uploaded(replications(("glacy", "Estonnia", "adopted", 2024)))
    assert "as Ana confirmed on" in said(again)
    assert "No problems found." in said(again)


def test_bad_rows_are_left_out_only_when_asked_and_are_listed(store):
    app = uploaded(
        replications(("x-road", "Kenya", "adopted", 2024), ("x-road", "Ghana", "adopted", 20244))
    )
    assert "1 problem found." in said(app)
    assert "20244 is not between 1950 and 2100." in said(app)
    assert not [each for each in app.button if each.label == "Publish"]

    app.checkbox[0].check().run()

    assert "20244 is not between 1950 and 2100." in said(app)
    assert "Replications: 1 added." in said(app)
    published(app)
    rows = gcs_data.load(store, "replications")
    assert len(rows) == len(gcs_data.load(store, "replications", 0)) + 1


def test_rows_go_only_where_their_tick_is_set(store):
    partners = gcs_data.load(store, "partners", 0)
    app = uploaded(partners.drop(0).to_csv(index=False).encode(), "partners.csv")
    assert "Nothing differs from release 0." in said(app)

    app.checkbox[0].check().run()

    assert "Partners: 1 removed." in said(app)
    published(app)
    assert len(gcs_data.load(store, "partners")) == len(partners) - 1


def test_a_record_is_corrected_in_a_form_through_the_same_checks(store):
    app = manage(part="record")
    app.selectbox(key="form of stories").select("x-road").run()
    year = next(field for field in app.text_input if field.label == "Began")
    year.input("20011")
    app = button(app, "Check").click().run()
    assert "20011 is not between 1950 and 2100." in said(app)

    next(field for field in app.text_input if field.label == "Began").input("2002")
    app = button(app, "Check").click().run()

    assert "Stories: 1 changed." in said(app)
    published(app, "It began later")
    stories = gcs_data.load(store, "stories").set_index("story_id")
    assert stories.at["x-road", "year_started"] == 2002
    before = gcs_data.load(store, "stories", 0).set_index("story_id")
    pd.testing.assert_frame_equal(
        stories.drop(columns="year_started"), before.drop(columns="year_started")
    )


def test_the_newest_release_is_undone_by_a_new_one(store):
    published(uploaded(replications(("x-road", "Kenya", "adopted", 2024))))

    app = manage(part="history", version="1")
    assert "Replications: 1 removed." in said(app)
    app = published(app, "A mistake")

    assert "Published as release 2." in said(app)
    assert gcs_data.current(store) == 2
    pd.testing.assert_frame_equal(
        gcs_data.load(store, "replications"), gcs_data.load(store, "replications", 0)
    )


def test_a_rater_s_name_is_kept_in_one_place_only(store, tmp_path):
    rows = {
        "rating_id": ["r1"],
        "story_id": ["x-road"],
        "gene_id": ["local_ownership"],
        "score": ["4"],
        "scale": ["1-5"],
        "rater_id": ["Awa Koné"],
        "occasion_id": ["illustrative"],
        "provenance": ["expert"],
    }
    published(uploaded(csv(**rows), "gene_ratings.csv"))

    ratings = gcs_data.load(store, "gene_ratings")
    (rater,) = ratings.loc[ratings["rating_id"] == "r1", "rater_id"]
    assert rater.startswith("r-")
    assert People(tmp_path / "secrets").names() == ["Awa Koné"]
    kept = [path for path in (tmp_path / "Mes données #1").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert b"Awa Kon" not in path.read_bytes()


def test_a_file_that_cannot_be_read_is_one_sentence(store):
    app = uploaded(b"%PDF-1.7 not a sheet", "replications.xlsx")

    (error,) = app.error
    assert "PDF" in error.value
    assert not [each for each in app.button if each.label == "Publish"]


def test_choices_survive_being_written_down():
    choices = Choices({"a": "stories"}, {"a": {"b": "title"}}, {"countries": {"x": "EST"}}, "0-10")

    assert Choices.from_json(choices.to_json()) == choices
