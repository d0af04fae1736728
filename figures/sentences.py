"""Reading sentences: what a chart says, in plain words, made from the numbers it draws.

Each is the caption, the `alt` text and the screen reader's summary. Plain text, not escaped.
"""

from collections.abc import Sequence

import pandas as pd

from words import Words

FEWEST = 5  # Below this, no interval and no conclusion.


def dna_sentence(profile: pd.DataFrame, *, title: str, illustrative: bool, t: Words) -> str:
    """What is strongest, where raters disagree, how many they are and what is unrated.

    Args:
        profile: One row per gene, with columns gene (its name), n, mean, low, high, agreement.
        title: The story's title.
        illustrative: Whether the ratings are made up; then nothing is stated as a fact.

    One sentence of several clauses: what is said about made-up ratings stays under its
    opening words to the end.
    """
    rated = profile[profile["n"] > 0]
    if rated.empty:
        return t("Nobody has rated the genes of “{title}” yet.", title=title)
    clauses = [_strongest(rated, title, t)]
    if contested := rated.loc[rated["agreement"] == "two_camps", "gene"].tolist():
        clauses.append(t("raters fall into two camps on {genes}", genes=t.listed(contested)))
    if spread := rated.loc[rated["agreement"] == "spread"].nlargest(3, "sd")["gene"].tolist():
        clauses.append(t("ratings are most spread on {genes}", genes=t.listed(spread)))
    if unrated := profile.loc[profile["n"] == 0, "gene"].tolist():
        clauses.append(t("not rated: {genes}", genes=t.listed(unrated)))
    text = t("; ").join(clauses) + "."
    if illustrative:
        return t("In made-up example ratings, {sentence}", sentence=text)
    return text[:1].upper() + text[1:]


def _strongest(rated: pd.DataFrame, title: str, t: Words) -> str:
    n = int(rated["n"].max())
    if n < FEWEST:
        return t.plural(
            "only {n} person has rated “{title}”, too few to say which gene is strongest",
            "only {n} people have rated “{title}”, too few to say which gene is strongest",
            n,
            title=title,
        )
    enough = rated[rated["n"] >= FEWEST]
    top = enough.iloc[int(enough["mean"].argmax())]
    return t(
        "the strongest gene of “{title}” is {gene}, at {mean} of 5 ({low} to {high}; n = {n})",
        title=title,
        gene=top["gene"],
        mean=t.number(top["mean"], 1),
        low=t.number(top["low"], 1),
        high=t.number(top["high"], 1),
        n=t.number(int(top["n"])),
    )


def whose_ratings(n: int, *, illustrative: bool, name: str, occasion: str, t: Words) -> str:
    """Whose ratings are drawn, and how many people gave them.

    Args:
        n: The most that rated any one gene.
        illustrative: Whether the ratings are made up.
        name: What this kind of ratings is called.
        occasion: What the occasion is called at which they were given.
        t: The words of the visitor's language.
    """
    raters = t.plural("{n} rater", "{n} raters", n)
    if illustrative:
        return t(
            "Made-up example ratings, {raters}; no score of any story was ever published.",
            raters=raters,
        )
    return t("{name}: {value}", name=name, value=f"{occasion}, {raters}.")


def bars_note(t: Words) -> str:
    """How to read the radar's bars and its centre."""
    return t("A bar along a spoke is the 95 % interval of the mean. The centre, 0, is not a score.")


def code_sentence(bands: Sequence[Sequence[str]], t: Words) -> str:
    """The DNA code in words; genes that cannot be told apart are named together.

    Args:
        bands: Gene names, from strongest to weakest, those that cannot be told apart together.
    """
    if not bands:
        return t("There are too few ratings for a DNA code.")
    groups = [t.listed(list(band)) for band in bands]
    if len(groups) == 1:
        return t("These genes cannot be told apart: {genes}.", genes=groups[0])
    return t("From strongest to weakest: {genes}.", genes=t("; then ").join(groups))
