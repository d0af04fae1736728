"""The first picture of two to four stories side by side."""

from figures.radar import MOST_OUTLINES
from figures.sentences import dna_sentence
from figures.svg_text import escaped
from server import api_charts, preview_world
from server.preview_story import Series, radar, rated, story_links
from server.preview_view import Shown, View, featured, paragraph, section, select, titles
from words import Words


def compare(view: View, t: Words) -> Shown:
    """Two to four stories side by side."""
    chosen, known = list(view.all("story")), titles(view.release)
    named = t.listed([known[each] for each in chosen])
    head = f"<h1>{escaped(t('Compare'))}</h1>{select(t('Two to four stories'), named)}"
    if len(chosen) < 2:
        said = (
            t("Choose one more story to compare it with.")
            if chosen
            else t("Choose two stories or more, up to four.")
        )
        others = [each for each in featured(view.release) if each not in chosen]
        body = head + paragraph(said, "notice") + story_links(view, others)
        return Shown(t("Compare"), said, body)
    said, drawn = _together(view, chosen, t)
    body = head + '<p class="buttons"></p>' + section(t("DNA"), drawn)
    body += section(t("Where they spread"), preview_world.reach(view, chosen, t))
    return Shown(t("Compare: {stories}", stories=named), said, body)


def _together(view: View, story_ids: list[str], t: Words) -> tuple[str, str]:
    """What the comparison says, and its radars: one for up to three stories, one each for four."""
    known, found = titles(view.release), []
    for story_id in story_ids:
        for provenance, occasion, _ in api_charts.series_of(story_id, view.release)[:1]:
            found.append(rated(view, story_id, provenance, occasion, True, t))
    with_ratings = {each.story_id for each in found}
    missing = [
        paragraph(t("Nobody has rated the genes of “{title}” yet.", title=known[each]), "notice")
        for each in story_ids
        if each not in with_ratings
    ]
    said = _differences(view, found, t)
    groups = [found] if len(found) <= MOST_OUTLINES else [[each] for each in found]
    drawn = [radar(view, group, said, t) for group in groups if group]
    pair = "".join(drawn) if len(drawn) < 2 else f'<div class="pair">{"".join(drawn)}</div>'
    return said, "".join(missing) + pair


def _differences(view: View, series: list[Series], t: Words) -> str:
    """What may be said of the stories; which genes differ, the page says when it is there."""
    if not series:
        return t("There is only one rated story here, so there is nothing to compare.")
    if any(each.illustrative for each in series):
        return t(
            "In made-up example ratings, no difference between stories is named: nobody gave them."
        )
    known = titles(view.release)
    return " ".join(
        dna_sentence(each.profile, title=known[each.story_id], illustrative=False, t=t)
        for each in series
    )
