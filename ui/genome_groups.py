"""Groups of stories that are alike, and what holds each together, for the page of the genome."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

import labels
from figures.genome import MOST_CELLS, heat_table
from figures.genome_sentences import groups_sentence
from figures.genome_svg import heat_svg
from gcs_data import genome_groups, query
from ui import datasets, parts
from ui.chart import numbers
from ui.escape import md
from ui.genome import cells
from ui.kept import kept
from words import Words

LISTED, MOST_TRAITS = 12, 60


@st.cache_resource(show_spinner=False, max_entries=8)
def _found(release: int) -> tuple[genome_groups.Groups, pd.DataFrame]:
    """The groups of a release and their traits; computed once."""
    facts = genome_groups.story_facts(
        datasets.frame("stories", release),
        datasets.frame("replications", release),
        datasets.frame("partners", release),
        datasets.frame("countries", release),
    )
    story_ids = datasets.frame("stories", release)["story_id"].tolist()
    found = genome_groups.groups(facts, cells(release, False), story_ids)
    if not found.of_story:
        return found, pd.DataFrame()
    return found, genome_groups.traits(facts, story_ids, found)


def draw(t: Words) -> None:
    """How many groups there are and how sure that is, what is in them, and the rule."""
    found, traits = _found(datasets.release())
    if not found.of_story:
        st.info(
            t(
                "There are too few stories that differ to look for groups among them: it takes "
                "four at least."
            ),
            icon=":material/info:",
        )
        return
    sentence = groups_sentence(
        len(found.of_story),
        number=found.number,
        silhouette=found.silhouettes[found.number],
        shuffled=found.shuffled,
        standing=found.standing,
        t=t,
    )
    if found.standing == "uncertain":
        st.warning(md(sentence), icon=":material/question_mark:")
    else:
        st.markdown(md(sentence))
    st.caption(
        t(
            "Made of facts on record, and of real ratings where there are any; made-up ratings "
            "never count."
        )
    )
    st.html(_cards(t))
    _table(traits, sentence, t)
    _rule(found, t)


def fact_names(t: Words) -> dict[str, str]:
    """What each kind of fact is called that groups are made of."""
    return {
        "topic": t("Topic"),
        "lead_type": t("Kind of lead"),
        "region": t("Region of the lead"),
        "kind": t("Kind of spread"),
        "partner_type": t("Kind of partner"),
    }


def _value(fact: str, value: str, t: Words) -> str:
    known = {
        "topic": labels.topics(t),
        "lead_type": labels.groups(t),
        "region": datasets.region_names(t.language),
        "kind": labels.kinds(t),
        "partner_type": labels.groups(t),
    }[fact]
    return labels.label(known, value)


@kept
def _cards(t: Words) -> str:
    """Each group with what holds it together and its stories. HTML."""
    found, traits = _found(datasets.release())
    titles = datasets.titles()
    members: dict[int, list[str]] = {}
    for story in titles:  # In the order of titles.
        members.setdefault(found.of_story[story], []).append(story)
    blocks, lid = [], escape(t("Its stories"))
    for group in sorted(members):
        stories = members[group]
        heading = t.plural(
            "Group {group}: {n} story", "Group {group}: {n} stories", len(stories), group=group
        )
        links = [f"<li>{parts.inside('story', titles[s], story=s)}</li>" for s in stories[:LISTED]]
        more = len(stories) - LISTED
        if more > 0:
            links.append(
                "<li>"
                + escape(t.plural("and {n} more, in the table", "and {n} more, in the table", more))
                + "</li>"
            )
        holds = _holds(traits[traits["group"] == group], t)
        blocks.append(
            f'<section><h2 style="font-size:1.1rem;margin:0;padding:0">{escape(heading)}</h2>'
            f"<p>{escape(holds)}</p>"
            f'<details class="gcs-kind"><summary>{lid}</summary>'
            f'<ul class="gcs-list">{"".join(links)}</ul></details></section>'
        )
    return f'<div style="display:grid;gap:1rem">{"".join(blocks)}</div>'


def _holds(traits: pd.DataFrame, t: Words) -> str:
    """What holds a group together, most telling first. Plain text."""
    telling = list(query.rows(traits[traits["holds"]].head(3)))
    if not telling:
        return t("Nothing that half of them share is much more frequent here than elsewhere.")
    names = fact_names(t)
    clauses = [
        t(
            "{fact}: {value} in {n} of {known} ({percent} % elsewhere)",
            fact=names[row.fact],
            value=_value(row.fact, row.value, t),
            n=t.number(row.n),
            known=t.number(row.known),
            percent=t.number(100 * row.elsewhere),
        )
        for row in telling
    ]
    return t("Held together by: {clauses}.", clauses=t("; ").join(clauses))


def _table(traits: pd.DataFrame, sentence: str, t: Words) -> None:
    """How frequent each fact is in each group, as shades; what holds a group is marked."""
    st.header(t("What the stories of a group share"), anchor="traits")
    st.html(_heat(sentence, t))
    shares, texts, said = _heat_of(t)
    release = datasets.release()
    numbers(
        "genome-groups",
        _members(t),
        alt=t("The group of each story"),
        label=t("The group of each story, and downloads"),
        headings={"group": t("Group"), "story_id": None, "title": t("Story")},
        svg=lambda: heat_svg(
            shares,
            texts,
            **said,
            title=t("What the stories of a group share"),
            notes=[sentence, t("Good Cyber Stories, release {number}.", number=release)],
            alt=sentence,
        ),
    )
    numbers(
        "genome-traits",
        traits,
        alt=t("How frequent each fact is in each group"),
        label=t("How frequent each fact is, and downloads"),
    )


@kept
def _heat(sentence: str, t: Words) -> str:
    """The shades, as HTML."""
    shares, texts, said = _heat_of(t)
    return heat_table(shares, texts, **said, corner=t("Fact"), alt=sentence, empty=t("none"))


@kept
def _heat_of(t: Words) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """What table and picture show: shades, numbers, and what belongs to both."""
    found, traits = _found(datasets.release())
    named = traits.assign(
        row=traits["fact"] + ":" + traits["value"], column=traits["group"].astype("str")
    )
    named["text"] = [f"{t.number(row.n)}/{t.number(row.known)}" for row in query.rows(named)]
    most = min(MOST_TRAITS, MOST_CELLS // found.number)
    frequent = named.groupby("row", sort=False)["n"].sum().nlargest(most, keep="first").index
    in_order = dict.fromkeys(named.sort_values(["fact", "value"])["row"])
    order = [row for row in in_order if row in frequent]
    columns = {str(group): t("Group {group}", group=group) for group in range(1, found.number + 1)}
    holding = named[named["holds"]]
    facts = fact_names(t)
    said = {
        "rows": {
            row: t("{name}: {value}", name=facts[fact], value=_value(fact, value, t))
            for row in order
            for fact, _, value in [row.partition(":")]
        },
        "columns": columns,
        "ends": (t("no story"), t("every story")),
        "marked": set(zip(holding["row"], holding["column"], strict=True)),
        "mark_says": t("holds the group together"),
        "t": t,
    }
    shares, texts = (
        named.pivot(index="row", columns="column", values=each).reindex(
            index=order, columns=list(columns)
        )
        for each in ("share", "text")
    )
    return shares, texts.fillna("–"), said


@kept
def _members(t: Words) -> pd.DataFrame:
    """The stories with their groups: group, story_id, title."""
    found, _ = _found(datasets.release())
    rows = [(found.of_story[story], story, title) for story, title in datasets.titles().items()]
    members = pd.DataFrame(rows, columns=["group", "story_id", "title"])
    return members.sort_values("group", kind="stable", ignore_index=True)


def _rule(found: genome_groups.Groups, t: Words) -> None:
    """How groups are found and their number is chosen."""
    st.header(t("How the groups are found"), anchor="rule")
    st.markdown(
        t(
            "Two stories are far apart where they share few of the facts that both have on record "
            "(Gower's distance): topics count 2, kind of lead 1, region of the lead ½, kinds of "
            "spread 1, kinds of partners 1, and genes 2 where both have real ratings by five "
            "people or more. What is not on record counts neither way. Stories join step by step "
            "(average linkage), which leaves nothing to chance. Of two to ten groups the number is "
            "taken with the largest mean silhouette; below 0.25, or no better than the best of 19 "
            "deals of the same facts by chance into as many groups (seeded, up to 300 stories), "
            "the groups are called uncertain, below 0.5 weak, below 0.7 reasonable."
        )
    )
    tried = pd.DataFrame(
        {"groups": list(found.silhouettes), "silhouette": list(found.silhouettes.values())}
    )
    numbers(
        "genome-silhouettes",
        tried,
        alt=t("The mean silhouette of each number of groups that was tried"),
        label=t("Every number of groups that was tried"),
        headings={
            "groups": t("Groups"),
            "silhouette": st.column_config.NumberColumn(t("Mean silhouette"), format="%.3f"),
        },
    )
