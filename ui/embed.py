"""A story or the map inside another site's page: the picture, what belongs to it, and a link."""

from html import escape

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import labels
import settings
from figures.sentences import dna_sentence
from figures.sequence import published_sequence
from gcs_data import query
from ui import address, context, datasets, dna, parts, spread
from ui.chart import CONFIG
from ui.escape import md
from words import Words

HEIGHTS = {"story": 900, "map": 880}  # Of the frame, in pixels; enough for one 600 wide.
MAP_HEIGHT = 420
UNFRAMED = "'none'"


def wanted() -> bool:
    """Whether the address says `embed=true`; Streamlit keeps that from `st.query_params`."""
    return bool(st.context.is_embedded)


def embed_this(page: str, title: str, t: Words) -> None:
    """A button that opens the lines which show this view inside another site's page.

    Args:
        page: "story" or "map".
        title: What the frame is called to a screen reader. Plain text.
        t: The words of the visitor's language.
    """
    lid = st.popover(t("Embed"), icon=":material/code:", on_change="rerun")
    if not lid.open:
        return
    sites = settings.frame_ancestors()
    with lid:
        if sites == UNFRAMED:
            st.markdown(
                t(
                    "No other site may show this dashboard inside its pages. Whoever runs it can "
                    "name the sites that may, in the setting {setting}.",
                    setting="`GCS_FRAME_ANCESTORS`",
                )
            )
            return
        names = [t("this site itself") if site == "'self'" else site for site in sites.split()]
        st.markdown(t("Copy this into a page of: {sites}.", sites=md(t.listed(names))))
        st.code(snippet(page, title, t), language=None, wrap_lines=True)


def snippet(page: str, title: str, t: Words) -> str:
    """The HTML that frames this view: of the release in the address, else always the newest."""
    view = parts.full_address(lang=t.language, embed="true")
    return (
        f'<iframe src="{escape(view, quote=True)}" title="{escape(title, quote=True)}" '
        f'width="100%" height="{HEIGHTS[page]}" style="border:0" loading="lazy"></iframe>'
    )


def story(t: Words) -> None:
    """The story of the address: its title, radar and sentence, whose ratings, and the source."""
    titles = datasets.titles()
    story_id = next(iter(address.ids("story", titles)), None)
    if story_id is None:
        st.info(t("This address names no story."), icon=":material/info:")
        _whole(parts.href("stories"), t)
        return
    facts = datasets.frame("stories").set_index("story_id").loc[story_id]
    st.header(md(facts["title"]), anchor=False)
    series = query.rating_series(datasets.frame("rating_counts"), story_id)
    if series.empty:
        _published(story_id, t)
    else:
        _radar(story_id, series, t)
    st.caption(datasets.source_links(pd.Series([facts["source_url"]]), t))
    _whole(f"./story{parts.here()}", t)


def _radar(story_id: str, rated: pd.DataFrame, t: Words) -> None:
    named = query.series_by_name(rated)
    asked = next(iter(address.ids("ratings", list(named))), next(iter(named)))
    provenance, occasion_id = named[asked]
    default_only = "all" not in address.ids("genes", ["default", "all"])
    series = dna.Series(
        datasets.release(), story_id, provenance, occasion_id, default_only, t.language
    )
    sentence = dna_sentence(
        dna.named_profile(series),
        title=datasets.titles()[story_id],
        illustrative=series.illustrative,
        t=t,
    )
    _chart("dna-radar", dna.radar(series), sentence)


def _published(story_id: str, t: Words) -> None:
    """What there is to show of a story that nobody has rated."""
    st.markdown(t("Nobody has rated the genes of this story yet."))
    published = query.published_dna(
        datasets.frame("published_dna"), datasets.frame("genes"), story_id
    )
    if not published.empty:
        st.markdown("**" + t("Published DNA") + "**")
        names = published["gene_id"].map(datasets.gene_names(t))
        st.html(published_sequence(published.assign(name=names), t=t))


def world(t: Words) -> None:
    """The map with the selection of the address, its sentence, and where its records come from."""
    view = _view(t)
    rows, _ = spread.selected(view)
    _chart("world", spread.picture(view), spread.sentence(view, t))
    if sources := datasets.source_links(rows["source_url"], t):
        st.caption(sources)
    _whole(f"./map{parts.here()}", t)


def _view(t: Words) -> spread.View:
    """What the address of the map asks for; what it names and there is not gets a sentence."""
    years = {str(year) for year in datasets.frame("replications")["year"].dropna()}
    year = next(iter(address.ids("year", sorted(years, reverse=True))), None)
    return spread.View(
        datasets.release(),
        t.language,
        query.Selection(
            kinds=tuple(address.ids("kind", labels.kinds(t))),
            topics=tuple(address.ids("topic", datasets.topic_names(t))),
            story_ids=tuple(address.ids("story", datasets.titles())[:1]),
            year=int(year) if year else None,
            cumulative="in" not in address.ids("when", ["upto", "in"]),
        ),
        country=next(iter(address.ids("country", datasets.country_names(t.language))), None),
        region=next(iter(address.ids("region", spread.regions(t))), ""),
        height=spread.height(MAP_HEIGHT),
        layer=next(iter(address.ids(context.NAME, context.names())), ""),
    )


def _chart(name: str, figure: go.Figure, sentence: str) -> None:
    st.plotly_chart(figure, alt=sentence, key=f"chart {name}", config=CONFIG)
    st.markdown(md(sentence))


def _whole(address_of_page: str, t: Words) -> None:
    """The way to the dashboard, in a window of its own: here there is only the frame."""
    label = t("See this in Good Cyber Stories")
    st.link_button(label, address_of_page, icon=":material/open_in_new:")
