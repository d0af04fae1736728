import math

import pandas as pd
import pytest

from figures.layout import escape, wrapped
from figures.radar import dna_radar
from words import words

NAN = math.nan
FRENCH = [
    "Participation des parties prenantes",
    "Appropriation locale",
    "Capacités organisationnelles",
    "Transparence et responsabilité",
    "Cadre juridique et institutionnel",
    "Importance politique",
    "Sensibilisation de la société",
    "Coopération interinstitutionnelle",
]


def story(name="Kenya", **genes):
    """One row per gene; a value is a mean, or mean, low and high. Two ratings or more."""
    rows = []
    for gene, value in genes.items():
        mean, low, high = value if isinstance(value, tuple) else (value, NAN, NAN)
        n = 0 if math.isnan(mean) else 2 if math.isnan(low) else 7
        row = {"name": name, "gene": gene, "mean": mean, "low": low, "high": high, "n": n}
        rows.append(row)
    return pd.DataFrame(rows)


def radar(*stories, **asked):
    return dna_radar(pd.concat(stories), **({"title": "DNA", "t": words()} | asked))


def outlines(fig):
    return [trace for trace in fig.data if not trace.meta]


def intervals(fig):
    return [trace for trace in fig.data if trace.meta == {"interval": True}]


def texts(fig):
    return {note.name: note.text for note in fig.layout.annotations}


def test_an_unrated_gene_is_a_gap_in_the_outline_not_a_zero():
    fig = radar(story(Trust=4.0, Funding=NAN, Evidence=2.0))

    (outline,) = outlines(fig)
    assert list(outline.theta) == [0, 120, 240, 0]
    assert (outline.r[0], outline.r[2], outline.r[3]) == (4.0, 2.0, 4.0)
    assert math.isnan(outline.r[1])
    assert (outline.connectgaps, outline.fill) == (False, "none")
    assert list(fig.layout.polar.angularaxis.ticktext) == [
        "Trust",
        "Funding<br><i>not rated</i>",
        "Evidence",
    ]


@pytest.mark.parametrize("means", [(1.0, 1.1, 1.2), (4.9, 5.0, 5.0), (NAN, NAN, NAN)])
def test_the_scale_runs_from_0_to_5_whatever_the_ratings(means):
    axis = radar(story(**dict(zip("abc", means, strict=True)))).layout.polar.radialaxis

    assert list(axis.range) == [0, 5]
    assert list(axis.tickvals) == [1, 2, 3, 4, 5]


def test_axes_come_in_the_order_given_not_by_alphabet_or_strength():
    axis = radar(story(Trust=1.0, Evidence=5.0, Funding=3.0)).layout.polar.angularaxis

    assert list(axis.ticktext) == ["Trust", "Evidence", "Funding"]
    assert list(axis.tickvals) == [0, 120, 240]


def test_a_second_story_lies_on_the_axes_of_the_first_whatever_the_order_of_its_rows():
    fig = radar(story(Trust=1.0, Funding=2.0), story("Peru", Funding=4.0, Trust=3.0))

    assert [list(outline.r) for outline in outlines(fig)] == [[1, 2, 1], [3, 4, 3]]
    assert [list(outline.theta) for outline in outlines(fig)] == [[0, 180, 0]] * 2


def test_outlines_come_first_because_the_theme_colours_traces_by_their_place():
    fig = radar(story(Trust=1.0, Funding=2.0), story("Peru", Trust=3.0, Funding=4.0))

    assert list(fig.data[:2]) == outlines(fig)


def test_a_gene_that_one_of_two_stories_lacks_is_a_gap_there_and_not_called_unrated():
    fig = radar(story(Trust=1.0, Funding=2.0), story("Peru", Trust=3.0, Funding=NAN))

    assert math.isnan(outlines(fig)[1].r[1])
    assert list(fig.layout.polar.angularaxis.ticktext) == ["Trust", "Funding"]


@pytest.mark.parametrize("names", [FRENCH, ["Multi-Stakeholder Participation", "R"]])
def test_every_gene_has_its_label_whole_on_two_lines_at_most(names):
    fig = radar(story(**dict.fromkeys(names, 3.0)), t=words("fr"))

    labels = fig.layout.polar.angularaxis.ticktext
    assert [label.replace("<br>", "").replace(" ", "") for label in labels] == [
        name.replace(" ", "") for name in names
    ]
    assert max(label.count("<br>") for label in labels) <= 1


def test_an_interval_is_a_bar_along_its_spoke_and_without_one_there_is_none():
    fig = radar(story(Trust=(4.0, 3.5, 4.5), Funding=3.0, Evidence=(2.0, 1.0, 3.0)))

    (bars,) = intervals(fig)
    assert list(bars.r) == [3.5, 4.5, None, 1.0, 3.0, None]
    assert list(bars.theta) == [0, 0, None, 240, 240, None]
    assert (bars.connectgaps, bars.fill) == (False, None)


def test_only_an_outline_that_stands_alone_and_whole_is_filled():
    whole, gap = story(a=1.0, b=2.0, c=3.0), story("Peru", a=1.0, b=2.0, c=NAN)

    assert [outline.fill for outline in outlines(radar(whole))] == ["toself"]
    assert [outline.fill for outline in outlines(radar(gap))] == ["none"]
    assert [outline.fill for outline in outlines(radar(whole, gap))] == ["none", "none"]


def test_stories_differ_by_marker_and_dash_and_not_by_colour_alone():
    fig = radar(*(story(name, a=1.0, b=2.0, c=3.0) for name in "xyz"))

    drawn = outlines(fig)
    assert len({outline.marker.symbol for outline in drawn}) == 3
    assert len({outline.line.dash for outline in drawn}) == 3
    assert [outline.name for outline in drawn] == ["x", "y", "z"]
    assert (fig.layout.showlegend, radar(story(a=1.0)).layout.showlegend) == (True, False)


def test_more_than_three_outlines_are_refused():
    with pytest.raises(ValueError, match="holds 3 outlines, not 4"):
        radar(*(story(name, a=1.0) for name in "wxyz"))


def test_title_notes_and_watermark_are_in_the_picture_and_only_when_given():
    bare = texts(radar(story(a=1.0), title="The DNA of Kenya"))
    full = texts(
        radar(story(a=1.0), notes=["Release 0.", "", "By us."], watermark="Illustrative ratings")
    )

    assert bare == {"title": "<b>The DNA of Kenya</b>"}
    assert full["notes"] == "Release 0. By us."
    assert full["watermark"] == "<b>Illustrative ratings</b>"


def test_a_long_title_is_wrapped_and_makes_the_picture_higher_not_cut():
    short, long = radar(story(a=1.0)), radar(story(a=1.0), title="A rather long title " * 6)

    assert (
        texts(long)["title"].replace("<br>", " ")
        == f"<b>{'A rather long title ' * 6}".strip() + "</b>"
    )
    assert (
        long.layout.height - short.layout.height == long.layout.margin.t - short.layout.margin.t > 0
    )


def test_hover_says_mean_interval_and_number_or_that_nobody_rated():
    fig = radar(story(Trust=(4.25, 3.5, 4.96), Funding=3.0, Evidence=NAN))

    assert list(outlines(fig)[0].hovertext) == [
        "<b>Trust</b><br>mean 4.3 (3.5 to 5.0), 7 ratings",
        "<b>Funding</b><br>mean 3.0, 2 ratings",
        "<b>Evidence</b><br>not rated",
        "<b>Trust</b><br>mean 4.3 (3.5 to 5.0), 7 ratings",
    ]


def test_hostile_text_is_inert_wherever_it_is_drawn():
    evil = "<a href='javascript:x'>x</a> &lt; %{y}"
    fig = radar(
        story(evil, **{evil: 1.0, "b": 2.0}), title=evil, notes=[evil], watermark=evil
    ).to_json()

    assert "<a" not in fig
    assert "%{" not in fig


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("a & b", "a &amp; b"),
        ("&lt;", "&amp;lt;"),
        ("%{y}", "%\u200b{y}"),
        ("100 %", "100 %"),
        ("l’État", "l’État"),
    ],
)
def test_text_is_escaped_for_plotly_letter_for_letter(text, drawn):
    assert escape(text) == drawn


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Trust", ["Trust"]),
        ("Local ownership", ["Local", "ownership"]),
        ("Legal and Institutional Framework", ["Legal and", "Institutional Framework"]),
        ("Interinstitutionnellement", ["Interinstitutionnellement"]),
        ("", [""]),
        ("a & b and c & d", ["a &amp; b and", "c &amp; d"]),
    ],
)
def test_labels_break_between_words_into_two_lines_and_never_inside_one(text, lines):
    found = wrapped(text, 13).split("<br>")

    assert len(found) <= 2
    assert " ".join(found) == " ".join(lines)


def test_traces_are_svg_and_the_profiles_are_not_changed():
    profiles = pd.concat([story(a=1.0, b=NAN), story("Peru", b=2.0, a=1.0)])
    before = profiles.copy()

    fig = dna_radar(profiles, title="DNA", t=words())

    assert {trace.type for trace in fig.data} == {"scatterpolar"}
    assert profiles.equals(before)
