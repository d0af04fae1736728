"""Manage data as staff use it: template, upload, problems, changes, publish, undo."""

import io
import statistics
import time

import openpyxl
import pytest
from bad_files import cell, row, rows, xlsx
from looking import headed, opened, settled

TITLE = "Clinique cyber d’Abidjan"
SEEN_WITHIN = 5  # Seconds from a publish until every visitor sees it.


def uploaded(page, name, content):
    """Give the page a file and wait until it has been read."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_text(f"{name} was read as").wait_for()
    return settled(page)


def taken(page, button):
    with page.expect_download() as download:
        page.get_by_role("button", name=button).first.click()
    return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))


def template(page, dataset):
    opened(page, f"/manage?template={dataset}")
    page.get_by_text("Take a template").click()
    return taken(page, "Download template")


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write(sheet, row, **values):
    columns = {cell.value: cell.column for cell in sheet[1]}
    for name, value in values.items():
        sheet.cell(row, columns[name], value)


def story(number, **more):
    return {
        "story_id": f"clinic-{number}",
        "title": f"Cyber clinic {number}",
        "summary": "Students help town halls.",
        "lead_organisation": "University",
        "official": "false",
        "source_url": "https://example.org/clinic",
    } | more


def rating(number, score, rater):
    return {
        "rating_id": f"abidjan-{number}-{rater}",
        "story_id": "clinic-1",
        "gene_id": ("local_ownership", "diversity")[number],
        "score": score,
        "scale": "1-5",
        "rater_id": rater,
        "occasion_id": "abidjan-2026",
        "provenance": "workshop",
    }


RATERS = ["Awa Koné", "Yao N’Guessan", "Aya Touré", "Kofi Mensah", "Ama Owusu", "Ibrahim Sow"]


def test_staff_publish_three_stories_from_a_template_and_undo_it(signed_in, browse):
    server, page = signed_in
    book = template(page, "all")
    stories, occasions = book["stories"], book["occasions"]
    write(stories, 3, **story(1, title=TITLE, lead_country_iso3="Côte d’Ivoire"))
    write(stories, 4, **story(2))
    write(stories, 5, **story(2, title="Cyber clinic 3"))
    write(occasions, 3, occasion_id="abidjan-2026", title="Workshop in Abidjan")
    ratings = [rating(0, 4, rater) for rater in RATERS]
    ratings[0]["score"] = 9
    for place, each in enumerate(ratings, 3):
        write(book["gene_ratings"], place, **each)

    opened(page, "/manage")
    uploaded(page, "three stories.xlsx", saved(book))

    text = page.get_by_test_id("stMain").inner_text()
    assert "2 problems found." in text
    score = openpyxl.utils.get_column_letter(column(book["gene_ratings"], "score"))
    assert f"gene_ratings {score}3: 9 is not on the declared scale, 1-5." in text
    assert "stories A5: The row on line 4 has the same story_id: clinic-2." in text
    assert page.get_by_role("button", name="Publish").count() == 0

    marked = taken(page, "Download the file with its problems marked")
    assert "not on the declared scale" in marked["gene_ratings"][f"{score}3"].comment.text
    assert "same story_id" in marked["stories"]["A5"].comment.text

    page.reload()
    settled(page)
    assert page.get_by_text("Manage data").count(), "A reload keeps everyone signed in."
    write(stories, 5, **story(3))
    write(book["gene_ratings"], 3, score=3)
    uploaded(page, "fixed.xlsx", saved(book))
    text = page.get_by_test_id("stMain").inner_text()
    assert "No problems found." in text
    assert "Stories: 3 added" in text
    assert "Ratings: 6 added" in text

    visitor = browse(server)
    opened(visitor, "/story?story=clinic-1")
    assert "There is no story called “clinic-1”" in visitor.get_by_test_id("stMain").inner_text()
    page.get_by_label("Why?").fill("Three clinics")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Published as release 1.").wait_for()
    until = time.monotonic() + SEEN_WITHIN
    while not visitor.request.get("/api/v1/stories/clinic-1").ok:
        assert time.monotonic() < until, "The server still shows the release before."
    opened(visitor, "/story?story=clinic-1")
    headed(visitor, TITLE, level=1)
    visitor.locator(".st-key-chart-dna-radar .polarlayer .trace").first.wait_for()
    shown = settled(visitor).get_by_test_id("stMain").inner_text()
    assert "Côte d’Ivoire" in shown
    for name in RATERS:
        assert name not in shown

    opened(page, "/manage?part=history&version=1")
    assert "fixed.xlsx" in page.get_by_test_id("stMain").inner_text()
    headed(page, "Undo release 1")
    page.get_by_label("Why?").fill("A rehearsal")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Published as release 2.").wait_for()
    opened(visitor, "/story?story=clinic-1")
    visitor.get_by_text("There is no story called “clinic-1”").wait_for()
    opened(visitor, "/story?story=clinic-1&release=1")
    headed(visitor, TITLE, level=1)


def waited(server):
    """The seconds until the server said how it is."""
    began = time.monotonic()
    assert b"status" in server.health()
    return time.monotonic() - began


@pytest.mark.heavy
def test_visitors_are_answered_while_a_file_that_hurts_is_read(signed_in):
    server, page = signed_in
    opened(page, "/manage")
    # A whole, honest sheet at the limit of what is read: it keeps its reader busy for seconds.
    wide = "".join(
        row(line, *(cell(f"{c}{line}", line) for c in "ABCDEFGHIJ")) for line in range(2, 60_000)
    )
    content = xlsx(rows(("title", "summary")) + wide)
    idle = statistics.median(waited(server) for _ in range(20))
    waits, until = [], time.monotonic() + 4

    page.locator("input[type=file]").set_input_files(
        {"name": "large.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    while time.monotonic() < until:
        waits.append(waited(server))
        time.sleep(0.02)

    page.get_by_text("large.xlsx was read as").wait_for()
    # The reader is a process of its own, and may have a core of two; a server that read by itself
    # would answer once in seconds.
    assert statistics.median(waits) < 0.2 + 4 * idle, "Half of all visitors waited for the reader."


@pytest.mark.heavy
def test_a_bomb_is_one_sentence_and_the_page_goes_on(signed_in):
    _, page = signed_in
    opened(page, "/manage")
    bomb = xlsx(rows(("title",)) + row(1048576, cell("XFD1048576", 1)))

    page.locator("input[type=file]").set_input_files(
        {"name": "bomb.xlsx", "mimeType": "application/octet-stream", "buffer": bomb}
    )
    alert = page.get_by_test_id("stAlert")
    alert.wait_for()

    assert "XFD1048576" in alert.inner_text()
    assert page.get_by_role("button", name="Publish").count() == 0
    opened(page, "/manage?part=history")
    assert page.get_by_role("heading", level=1, name="Manage data").count()


def column(sheet, name):
    return next(cell.column for cell in sheet[1] if cell.value == name)
