"""Two visitors in two languages on one server never see each other's words."""

import pytest
from looking import opened, settled, shipped

# The picture follows the page by a moment.
DRAWN = """name => [...document.querySelectorAll('.main-svg text')].some(
    text => text.textContent.includes(name))"""


@pytest.mark.heavy
def test_two_visitors_in_two_languages_see_their_own_names_on_every_page(server, browse):
    names = shipped("countries").set_index("country_iso3")
    visitors = {language: browse(server) for language in ("fr", "es")}

    for place, code in (("/map?country=DEU", "DEU"), ("/story?story=x-road", "EST")):
        for language, page in visitors.items():
            opened(page, f"{place}&lang={language}")
        for language, other in (("fr", "es"), ("es", "fr")):
            text = visitors[language].get_by_test_id("stMain").inner_text()
            assert names.at[code, f"name_{language}"] in text
            assert f"{names.at[code, f'name_{other}']}\n" not in text


@pytest.mark.heavy
def test_two_visitors_change_their_filters_at_the_same_time(server, browse):
    visitors = {language: browse(server) for language in ("fr", "es")}
    names = shipped("countries").set_index("country_iso3")
    for language, page in visitors.items():
        opened(page, f"/map?story=x-road&country=FIN&lang={language}")

    for kind in (0, 3, 0, 1, 3, 1):
        for page in visitors.values():
            page.get_by_role("toolbar").first.get_by_role("button").nth(kind).click()
        for language, page in visitors.items():
            settled(page)
            assert (
                page.get_by_role("heading", level=3).inner_text()
                == names.at["FIN", f"name_{language}"]
            )
            page.wait_for_function(DRAWN, arg=names.at["FIN", f"name_{language}"])
    shown = {language: page.locator("html").inner_text() for language, page in visitors.items()}
    assert "Finlandia" not in shown["fr"]
    assert "Finlande" not in shown["es"]


@pytest.mark.heavy
def test_the_browser_s_language_decides_where_the_address_does_not(server, browse):
    page = opened(browse(server, locale="fr-CA"), "/map?country=DEU")

    assert page.get_by_role("heading", level=3).inner_text() == "Allemagne"
