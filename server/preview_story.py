"""The first picture of a story: what its page shows first, and the facts."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

import labels
from exports import story_facts
from figures.sentences import bars_note, code_sentence, dna_sentence, whose_ratings
from figures.sequence import published_sequence, sequence_note
from figures.svg import dots_svg, radar_svg
from figures.svg_text import escaped
from gcs_data import query
from gcs_data.similar import similar_stories
from server import api_charts, preview_world
from server.preview_view import (
    Shown,
    View,
    country_names,
    facts,
    featured,
    figure,
    gene_names,
    listed,
    paragraph,
    room,
    section,
    select,
    source,
    titles,
)
from words import Words

WIDE, NARROW, TOGETHER = 538, 341, 1110  # Pixels, as the columns of the page.
RADAR, LEGEND, DOTS, DOTS_ROW = 420, 46, 80, 46  # How high the page's own charts are.


@dataclass(frozen=True)
class Series:
    """One series of ratings of a story, as its charts draw it."""

    story_id: str
    provenance: str
    occasion_id: str
    profile: pd.DataFrame

    @property
    def illustrative(self) -> bool:
        return self.provenance == "illustrative"


def story(view: View, t: Words) -> Shown:
    """The page of one story; without one, the way to the first ones."""
    known, story_id = titles(view.release), view.one("story")
    if not story_id:
        said = t("Choose one of {n} stories above, or begin with one of these.", n=len(known))
        body = f"{select(t('Story'), '')}<h1>{escaped(t('Story'))}</h1>{paragraph(said)}"
        return Shown(t("Story"), said, body + story_links(view, featured(view.release)))
    row: Any = view.frame("stories").set_index("story_id").loc[story_id]
    summary = row["summary"] if isinstance(row["summary"], str) else ""
    links = view.link("compare", t("Compare with others"), story=story_id)
    links += f"<noscript>{view.link('print', t('Print'), story=story_id)}</noscript>"
    body = (
        select(t("Story"), row["title"])
        + f'<h1 dir="auto">{escaped(row["title"])}</h1>'
        + paragraph(summary)
        + paragraph(story_facts.standing(row, t), "soft")
        + f'<p class="buttons many">{links}</p>'
        + section(t("DNA"), _published(view, story_id, t), _dna(view, story_id, t))
        + preview_world.of_story(view, story_id, t)
        + _facts(view, row, t)
    )
    return Shown(row["title"], summary or story_facts.standing(row, t), body, "article")


def story_links(view: View, story_ids: list[str]) -> str:
    """Some stories, each with a link to its page."""
    known = titles(view.release)
    return listed(view.link("story", known[each], story=each) for each in story_ids)


def _published(view: View, story_id: str, t: Words) -> str:
    heading = f"<h3>{escaped(t('Published DNA'))}</h3>"
    rows = query.published_dna(view.frame("published_dna"), view.frame("genes"), story_id)
    if rows.empty:
        none = t("No DNA has been published for this story: none on record yet.")
        return heading + paragraph(none, "soft")
    rows = rows.assign(name=rows["gene_id"].map(gene_names(view, t)))
    sources = " ".join(source(each, t) for each in rows["source_url"].dropna().unique()[:3])
    note = f'<p class="soft">{escaped(sequence_note(rows, t))} {sources}</p>'
    return heading + published_sequence(rows, t=t) + note


def _dna(view: View, story_id: str, t: Words) -> str:
    """Radar and dots of the ratings that the address asks for, or of the first."""
    known = api_charts.series_of(story_id, view.release)
    if not known:
        return paragraph(t("Nobody has rated the genes of this story yet."), "notice")
    by_name = {f"{kind}-{occasion}": (kind, occasion) for kind, occasion, _ in known}
    kind, occasion = by_name[view.one("ratings") or next(iter(by_name))]
    drawn = rated(view, story_id, kind, occasion, view.one("genes") != "all", t)
    title, profile = titles(view.release)[story_id], drawn.profile
    said = dna_sentence(profile, title=title, illustrative=drawn.illustrative, t=t)
    left = radar(view, [drawn], said, t)
    pair = f'<div class="pair">{left}{_dots(view, drawn, t)}</div>'
    return _genes(view, story_id, t) + pair + _code(view, drawn, t)


def radar(view: View, series: list[Series], said: str, t: Words) -> str:
    """The radar of one story or of up to three, with its sentence."""
    known = titles(view.release)
    rows = pd.concat(
        [each.profile.assign(name=known[each.story_id]) for each in series], ignore_index=True
    )
    named = t.listed([known[each.story_id] for each in series])
    inside = _inside(series, t("The DNA of {title}", title=named), view, t)
    several = len(series) > 1
    drawn = [
        radar_svg(rows, **inside, width=width, paper=None, alt=said)
        for width in (TOGETHER if several else WIDE, NARROW)
    ]
    plot = RADAR + (LEGEND * len(series) if several else 0)
    height = room(plot, inside["title"], inside["notes"])
    return figure(drawn, [height, height], said)


def _dots(view: View, series: Series, t: Words) -> str:
    title = t("How strong each gene is, and how far raters agree")
    inside = _inside([series], title, view, t)
    said = t(
        "How to read this: the dot is the mean, the bar its 95 % interval, which shrinks as more "
        "people rate; the grey bubbles are how many gave each score, which shows "
        "whether they agree."
    )
    drawn = [
        dots_svg(series.profile, **inside, width=width, paper=None, alt=said)
        for width in (WIDE, NARROW)
    ]
    own = t("Dot: mean. Bar: its 95 % interval. Grey bubbles: how many gave each score.")
    height = room(DOTS + DOTS_ROW * (len(series.profile) + 1), title, [own, *inside["notes"]])
    return figure(drawn, [height, height], said)


def _code(view: View, series: Series, t: Words) -> str:
    """The DNA code in words."""
    names = series.profile.set_index("gene_id")["gene"].to_dict()
    bands = api_charts.code(series.profile, series.story_id, view.release)
    said = code_sentence([[names[gene] for gene in band] for band in bands], t)
    if series.illustrative:
        said = t("In made-up example ratings, {sentence}", sentence=said[:1].lower() + said[1:])
    return f"<h3>{escaped(t('DNA code'))}</h3>{paragraph(said, 'soft')}"


def _genes(view: View, story_id: str, t: Words) -> str:
    """The two sets of genes; without a script, links from one to the other."""
    ratings = view.one("ratings")
    default = view.link("story", t("The default DNA"), story=story_id, ratings=ratings)
    every = view.link(
        "story", t("All genes with a name"), story=story_id, ratings=ratings, genes="all"
    )
    return f'<p class="genes"><span>{escaped(t("Genes"))}</span>{default}{every}</p>'


def rated(
    view: View, story_id: str, provenance: str, occasion: str, default_only: bool, t: Words
) -> Series:
    """The statistics of one series of ratings, with the names of the genes in one language."""
    profile = api_charts.profile(
        story_id, provenance, occasion, view.release, default_only=default_only
    )
    named = profile.assign(gene=profile["gene_id"].map(gene_names(view, t)))
    return Series(story_id, provenance, occasion, named)


def _inside(series: list[Series], title: str, view: View, t: Words) -> dict[str, Any]:
    """What stands in a picture of ratings beside the drawing: whose they are, above all."""
    first, made_up = series[0], any(each.illustrative for each in series)
    occasions = view.frame("occasions").set_index("occasion_id")["title"]
    whose = whose_ratings(
        max(int(each.profile["n"].max()) for each in series),
        illustrative=first.illustrative,
        name=labels.provenances(t)[first.provenance],
        occasion=str(occasions.get(first.occasion_id, first.occasion_id)),
        t=t,
    )
    release = t("Good Cyber Stories, release {number}.", number=view.release)
    return {
        "title": title,
        "notes": [whose, bars_note(t), release],
        "watermark": labels.provenances(t)["illustrative"] if made_up else "",
        "t": t,
    }


def _facts(view: View, row: pd.Series, t: Words) -> str:
    """What is known of a story, how to replicate it, who takes part, and what is like it."""
    names, story_id = country_names(view), str(row.name)
    known = [
        (fact.name, source(fact.source, t) if fact.source else escaped(fact.text))
        for fact in story_facts.known_facts(row, names, t)
    ]
    guidance = [
        (fact.name, source(fact.source, t) if fact.source else escaped(fact.text))
        for fact in story_facts.guidance(row, t)
    ]
    partners = [
        f"{escaped(', '.join(filter(None, [each.name, each.about])))} ({source(each.source, t)})"
        for each in story_facts.partners_of(story_id, view.frame("partners"), names, t)
    ]
    found = similar_stories(
        story_id, view.frame("stories"), view.frame("countries"), view.frame("published_dna")
    )
    return (
        section(t("Facts"), facts(known))
        + section(t("How to replicate it"), facts(guidance))
        + section(t("Partners"), listed(partners) or paragraph(t("None on record yet.")))
        + section(t("Similar stories"), story_links(view, [each.story_id for each in found]))
    )
