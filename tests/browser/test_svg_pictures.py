"""What Chromium makes of the SVG pictures, whose text was measured without a browser."""

import pandas as pd
import pytest

from figures.svg import dots_svg, map_svg, radar_svg
from figures.world_lines import ENTRY_LETTERS
from words import LANGUAGES, words

GENES = {
    "en": [
        "Multi-Stakeholder Participation",
        "Local Ownership",
        "Organisational Capacity",
        "Transparency and Accountability",
        "Legal and Institutional Framework",
        "Political Importance",
        "Societal Awareness",
        "Diversity",
        "Resources",
    ],
    "fr": [
        "Participation multipartite",
        "Appropriation locale",
        "Capacités organisationnelles",
        "Transparence et responsabilité",
        "Cadre juridique et institutionnel",
        "Importance politique",
        "Sensibilisation de la société",
    ],
    "es": [
        "Participación de múltiples partes interesadas",
        "Apropiación local",
        "Capacidad organizativa",
        "Transparencia y rendición de cuentas",
        "Marco jurídico e institucional",
        "Importancia política",
        "Concienciación de la sociedad",
    ],
}
NOTES = ["MMMM WWWW iiii „Où“ – 95 % ¿Qué? " * 4, "Good Cyber Stories, release 0."]
KINDS = dict.fromkeys(("participated", "adopted", "scaled_up", "replicated"), "W" * ENTRY_LETTERS)
PLACES = pd.DataFrame(
    {"name": ["Kenya"], "lat": [0.5], "lon": [37.9]}, index=pd.Index(["KEN"], name="country_iso3")
)
# Text that leaves the picture, and text that lies on other text.
TROUBLE = """() => {
    const page = document.querySelector('svg').getBoundingClientRect();
    const texts = [...document.querySelectorAll('svg text')];
    const boxes = texts.map(text => text.getBoundingClientRect());
    const out = texts.filter((_, i) => boxes[i].left < page.left || boxes[i].right > page.right
        || boxes[i].bottom > page.bottom || boxes[i].top < page.top);
    const on = texts.filter((_, i) => boxes.some((other, j) => j > i
        && boxes[i].left < other.right - 1 && other.left < boxes[i].right - 1
        && boxes[i].top < other.bottom - 4 && other.top < boxes[i].bottom - 4));
    return [...out, ...on].map(text => text.textContent);
}"""


def pictures(language, width):
    t, genes = words(language), GENES[language]
    rows = {"name": "A", "gene": genes, "mean": 3.0, "low": 2.0, "high": 4.0, "n": 9}
    profile = pd.DataFrame(rows | {f"n_{score}": 2 for score in range(1, 6)})
    profile.loc[1, ["mean", "low", "high", "n"]] = [float("nan")] * 3 + [0]
    both = {"title": "Where “Wide Words” is on record " * 3, "notes": NOTES, "width": width, "t": t}
    two = pd.concat([profile, profile.assign(name="Mmmm Wwww " * 9)])
    yield radar_svg(profile, watermark="Illustrative ratings", **both)
    yield radar_svg(two, watermark="Illustrative ratings " * 4, **both)
    yield dots_svg(profile, watermark="Illustrative ratings", **both)
    marks = pd.DataFrame({"country_iso3": ["KEN"], "kind": ["adopted"], "n": [1]})
    yield map_svg(marks, countries=PLACES, labels=KINDS, chosen="KEN", **both)


@pytest.mark.heavy
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [343, 720])
def test_no_word_of_a_picture_is_cut_or_covered_even_in_a_wide_font(chromium, language, width):
    page = chromium.new_page(viewport={"width": 1200, "height": 900})
    try:
        for font in ("sans-serif", "DejaVu Sans", "Verdana"):
            for svg in pictures(language, width):
                page.set_content(f'<style>svg{{font-family:"{font}",sans-serif}}</style>{svg}')
                assert page.evaluate(TROUBLE) == []
    finally:
        page.close()
