"""The first picture of the overview: what this is, in one screen."""

import labels
from figures.svg import radar_thumbnail
from figures.svg_text import escaped
from gcs_data import query
from server import api_charts
from server.preview_view import Shown, View, featured, gene_names, paragraph, titles
from server.preview_world import HALF, LOW, Selected
from words import Words


def overview(view: View, t: Words) -> Shown:
    """What this is, in one screen."""
    shown = Selected(view, query.Selection(), t)
    about = t(
        "Cyber projects that do good, what makes them work, and where they spread: an "
        "initiative of "
        "nine governments and the European Union. Find one that works somewhere like home, and "
        "replicate it."
    )
    links = "".join(
        view.link(page, label)
        for page, label in (
            ("stories", t("Find a story")),
            ("story", t("See the DNA of a story")),
            ("map", t("See where stories spread")),
            ("methods", t("Read what the data do and do not say")),
        )
    )
    cards = "".join(_card(view, story, t) for story in featured(view.release))
    body = (
        f"<h1>Good Cyber Stories</h1>{paragraph(about)}{_counted(view, t)}"
        f'<p class="pages">{links}</p><div class="pair first">'
        f"<div>{shown.figure(shown.sentence(), HALF, LOW)}</div>"
        f"<div><h2>{escaped(t('Three stories and their DNA'))}</h2>"
        f'<div class="cards">{cards}</div></div></div>'
    )
    return Shown(t("Overview"), about, body)


def _counted(view: View, t: Words) -> str:
    """A few numbers with what they count."""
    rows = view.frame("replications")
    counted = [
        (len(view.frame("stories")), t("stories, each with its source")),
        (rows["country_iso3"].nunique(), t("countries and territories with a story on record")),
        (
            int((rows["kind"] == "replicated").sum()),
            t("copies in the strict sense: built anew in another country"),
        ),
        (
            len(query.genes_in_order(view.frame("genes"), default_only=True)),
            t("genes in the default DNA of a story"),
        ),
    ]
    cells = "".join(f"<div><b>{t.number(n)}</b>{escaped(name)}</div>" for n, name in counted)
    return f'<div class="figures">{cells}</div>'


def _card(view: View, story_id: str, t: Words) -> str:
    """A story with a small radar of its first ratings, what they are, and its published genes."""
    title, names = titles(view.release)[story_id], gene_names(view, t)
    rows = query.published_dna(view.frame("published_dna"), view.frame("genes"), story_id)
    genes = [names[gene] for gene in rows.loc[rows["dominant"], "gene_id"]]
    line = (
        t("Published dominant genes: {genes}.", genes=t.listed(genes))
        if genes
        else t("No DNA has been published for this story yet.")
    )
    link = view.link("story", title, story=story_id)
    compare = f'<p class="soft">{view.link("compare", t("Compare"), story=story_id)}</p>'
    said = f"<div>{link}{paragraph(line)}{compare}</div>"
    return f'<div class="card">{_thumbnail(view, story_id, title, t)}{said}</div>'


def _thumbnail(view: View, story_id: str, title: str, t: Words) -> str:
    for provenance, occasion, _ in api_charts.series_of(story_id, view.release)[:1]:
        kind = labels.provenances(t)[provenance]
        profile = api_charts.profile(
            story_id, provenance, occasion, view.release, default_only=True
        )
        alt = t("Radar of the DNA of {title}. {kind}.", title=title, kind=kind)
        drawn = radar_thumbnail(profile, alt=alt, size=116)
        return f"<div>{drawn}{paragraph(kind, 'small')}</div>"
    return ""
