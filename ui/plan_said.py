"""The answer to “Could it work here?” in words, escaped for its page."""

from html import escape
from math import floor

import pandas as pd

import labels
from exports.addresses import web_host
from figures.world_sentences import inside
from gcs_data import plan, query
from ui import claims, datasets, parts
from ui.escape import md
from ui.kept import kept
from ui.plan import Answer, Context, answer, gaps_of, near
from words import Words

MOST_NEAR = 3


def percent(share: float, t: Words) -> str:
    """A share in whole per cent; 100 and 0 only where it is exactly that."""
    whole = round(share * 100) if share in (0, 1) else min(max(floor(share * 100 + 0.5), 1), 99)
    return t.number(whole)


def as_example(sentence: str, context: Context, t: Words) -> str:
    """The sentence, marked as a conclusion from made-up ratings where it is one."""
    if not context.illustrative:
        return sentence
    return t("In made-up example ratings, {sentence}", sentence=inside(sentence))


def nothing(context: Context, t: Words) -> str:
    """Why no stories can be listed by what was said; empty where some can. Plain text."""
    if not context.provenance:
        return t("Nobody has rated any story yet, so their demands cannot be compared with yours.")
    if not context.levels:
        return t("Say above how at least one gene stands with you.")
    if not context.has_weight:
        return t("Nothing that you said has any weight. Let at least one gene count.")
    if not answer(context).first:
        return t(
            "No story here has been rated on enough of what you said. Say less, or take a topic "
            "away."
        )
    return ""


@kept
def summary(found: Answer, context: Context, t: Words) -> str:
    """What was compared, which story asks for least, and how sure that is. Plain text."""
    said = [
        t.plural(
            "{n} story was compared with what you said.",
            "{n} stories were compared with what you said.",
            len(found.ordered),
        )
    ]
    if found.left_out:
        said.append(
            t.plural(
                "{n} other was rated on too few of these genes.",
                "{n} others were rated on too few of these genes.",
                found.left_out,
            )
        )
    if found.first:
        title = datasets.titles(context.release)[found.first[0]]
        least = t("The demands of “{title}” lie least above what you said.", title=title)
        said.append(as_example(least, context, t))
    if found.without_shortfall > 1:
        equal = t.plural(
            "For {n} story no demand lies above it.",
            "For {n} stories no demand lies above it, so their order says nothing.",
            found.without_shortfall,
        )
        said.append(as_example(equal, context, t))
    return " ".join(said)


def stable(found: Answer, story_id: str, context: Context, t: Words) -> str:
    """How stable a story's place is under other weights. Plain text."""
    said = t(
        "In the top five under {share} % of {n} weightings drawn at random.",
        share=percent(found.shares.get(story_id, 0), t),
        n=t.number(plan.DRAWS),
    )
    return as_example(said, context, t)


def on_genes(found: Answer, story_id: str, context: Context, t: Words) -> str:
    """On how much of what the visitor said a story was compared. Plain text."""
    genes = found.ordered.set_index("story_id")["genes"]
    return t.plural(
        "{compared} of the {n} gene that you said",
        "{compared} of the {n} genes that you said",
        len(context.levels),
        compared=t.number(int(genes[story_id])),
    )


def gap_words(rows: pd.DataFrame, t: Words) -> list[tuple[str, str]]:
    """The gaps of a story gene by gene, in words: what they are, and the genes. Plain text."""
    of = {name: rows[rows["verdict"] == name] for name in (*plan.VERDICTS, "not_rated")}
    short = [
        t(
            "{gene} ({mean} of 5, you said {level})",
            gene=row.gene,
            mean=t.number(row.mean, 1),
            level=t.number(row.level, 1 if row.level % 1 else 0),
        )
        for row in query.rows(of["short"].sort_values("gap", ascending=False))
    ]
    unknown = pd.concat([of["too_few"], of["not_rated"]])
    said = [
        (t("Asks for more than you said"), short),
        (t("Within what you said, or too close to tell"), _names(of["more"], of["about"])),
        (t("Nobody can say yet"), unknown["gene"].tolist()),
        (t("You did not say"), of["not_said"]["gene"].tolist()),
    ]
    return [(name, t.listed(found)) for name, found in said if found]


def _names(*frames: pd.DataFrame) -> list[str]:
    return [str(gene) for frame in frames for gene in frame["gene"]]


def near_words(rows: pd.DataFrame, context: Context, t: Words) -> str:
    """Who did a story before near the visitor. Plain text; empty where no country is chosen."""
    if not context.country:
        return ""
    if rows.empty:
        return t("Nobody near you is on record for it; that is not a no.")
    countries, names = datasets.country_names(t.language, context.release), claims.names(t)
    said = [
        t(
            "{country} ({claim}, {year})",
            country=countries[row.country_iso3],
            claim=inside(names[row.claim]),
            year=t("no year on record") if pd.isna(row.year) else str(row.year),
        )
        for row in query.rows(rows.head(MOST_NEAR))
    ]
    more = len(rows) - MOST_NEAR
    if more > 0:
        said.append(t.plural("{n} more record", "{n} more records", more))
    return t.listed(said)


def whom_to_ask(story: pd.Series, t: Words) -> str:
    """Who leads a story and where to reach them. Plain text."""
    asked = [str(story["lead_organisation"])]
    place = next((story[c] for c in ("contact_url", "website") if isinstance(story[c], str)), "")
    if web_host(place):
        asked.append(web_host(place))
    if not isinstance(story["contact_url"], str):
        asked.append(t("no contact on record"))
    return ", ".join(asked)


@kept
def cards(found: Answer, context: Context, gene_ids: tuple[str, ...], t: Words) -> str:
    """The first stories with their gaps, who did them near, and whom to ask, as HTML."""
    stories = datasets.frame("stories", context.release).set_index("story_id")
    titles, around = datasets.titles(context.release), near(context, found.first)
    made = []
    for place, story_id in enumerate(found.first, 1):
        story = stories[stories.index == story_id].iloc[0]
        facts = [(t("Compared on"), on_genes(found, story_id, context, t))]
        rows = gaps_of(context, story_id, gene_ids)
        facts += gap_words(rows[rows["verdict"] != "not_said"], t)
        facts.append(
            (t("Near you"), near_words(around[around["story_id"] == story_id], context, t))
        )
        said = "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in facts if b)
        website = (
            story["contact_url"] if isinstance(story["contact_url"], str) else story["website"]
        )
        ask = escape(str(story["lead_organisation"]))
        if isinstance(website, str):
            ask += f" ({parts.source(website, t)})"
        said += f"<dt>{escape(t('Whom to ask'))}</dt><dd>{ask}</dd>"
        made.append(
            f"<h3>{t.number(place)}. {parts.inside('story', titles[story_id], story=story_id)}</h3>"
            f"<p>{escape(stable(found, story_id, context, t))}</p>"
            f'<dl class="gcs-facts">{said}</dl>'
        )
    return "".join(made)


@kept
def in_common(found: Answer, context: Context, t: Words) -> list[tuple[str, str]]:
    """What kinds of lead and of partners the first stories had; escaped HTML values."""
    stories = datasets.frame("stories", context.release)
    partners = datasets.frame("partners", context.release)
    led = stories.loc[stories["story_id"].isin(found.first), "lead_type"]
    with_them = partners.loc[partners["story_id"].isin(found.first), "partner_type"]
    return [
        (t("Who led them"), escape(_counted(led, t))),
        (t("Kinds of partners"), escape(_counted(with_them, t))),
    ]


def _counted(kinds: pd.Series, t: Words) -> str:
    counts, names = kinds.value_counts(), labels.groups(t)
    said = [f"{names[str(kind)]} ({t.number(int(n))})" for kind, n in counts.items()]
    if missing := int(kinds.isna().sum()):
        said.append(t("not on record ({n})", n=t.number(missing)))
    return t.listed(said) if said else t("none on record yet")


def facts_order(context: Context, t: Words) -> str:
    """In which order stories stand by facts alone. Plain text."""
    if context.country:
        return t("By facts alone, the stories on record in most countries near you come first:")
    return t("By facts alone, the stories on record in most countries come first:")


@kept
def by_facts(context: Context, t: Words) -> str:
    """Stories by facts alone: topics, and how near they are on record; HTML."""
    table = plan.by_facts(
        claims.known(context.release),
        datasets.frame("countries", context.release),
        datasets.frame("stories", context.release),
        context.topics,
        context.country,
    )
    titles = datasets.titles(context.release)
    lines = "".join(
        f"<li>{parts.inside('story', titles[row.story_id], story=row.story_id)} "
        f'<span class="gcs-soft">{escape(_reached(row.near, row.all, context, t))}</span></li>'
        for row in query.rows(table.head(plan.TOP * 2))
    )
    return f'<ul class="gcs-list">{lines}</ul>'


def _reached(close: int, every: int, context: Context, t: Words) -> str:
    if not every:
        return t("no record of a country yet")
    said = t.plural("on record in {n} country", "on record in {n} countries", every)
    if not context.country:
        return said
    return said + ", " + t.plural("{n} of them near you", "{n} of them near you", close)


def rule(t: Words) -> str:
    """How the list is made, as Markdown."""
    return md(
        t(
            "How the list is made: a story rests on a gene as much as its raters said on average. "
            "Where that lies above what you said, the story falls short by the difference. "
            "Stories are listed by the weighted mean of these shortfalls over the genes that were "
            "rated; one that was rated on less than two thirds of them is left out. The "
            "mean itself is not shown, because it is no measure of you or of a story. "
            "A gap is named only where the whole 95 % interval lies above what you said. "
            "How stable a place is comes from {n} other weightings, drawn evenly at "
            "random with a fixed seed.",
            n=t.number(plan.DRAWS),
        )
    )
