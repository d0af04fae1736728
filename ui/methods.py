"""The sections of the page "Methods and data"."""

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

import gcs_data
import labels
from exports.csv_file import csv_bytes
from figures.world import SHAPES
from gcs_data import parquet, query
from gcs_data.schema import DATASETS, PUBLIC_DATASETS
from ui import address, context, datasets, parts
from ui.chart import numbers
from ui.escape import md
from ui.kept import kept
from words import Words


def limits(t: Words) -> None:
    """What the facts do not prove."""
    st.markdown(_limits(t))


@kept
def _limits(t: Words) -> str:
    undated = int(datasets.frame("replications")["year"].isna().sum())
    total = len(datasets.frame("replications"))
    points = [
        t(
            "A missing country proves nothing. Several source lists were cut off: of the "
            "Budapest Convention, 52 of 75 or more Parties; of the Paris Call, 5 of about "
            "80 states; of the National Cyber Security Index, 27 of 160 or more countries. "
            "No record does not mean no."
        ),
        t(
            "The four kinds of record are different claims and are never added up as "
            "“replications”."
        ),
        t(
            "{undated} of {total} records have no year, because their source gives none. "
            "They are counted beside every view in time, never dropped.",
            undated=t.number(undated),
            total=t.number(total),
        ),
        t(
            "No score of any gene of any story was ever published. What is public is an "
            "order of genes, for three stories, and three dominant genes for one more. "
            "That the order after the first three is a ranking is our reading."
        ),
        t(
            "The list of genes is not settled. Seven stand on the launch page and are the "
            "default DNA; the story pages use ten letters and name two more, and nobody "
            "has said in public what the letter P stands for."
        ),
        t("Kind of lead, topics and the definitions of genes are our own classification."),
        t(
            "Kosovo is named by some sources but has no ISO 3166-1 code; it is left out of "
            "the files."
        ),
    ]
    if (datasets.frame("rating_counts")["provenance"] == "illustrative").any():
        points.append(
            t(
                "To show how the charts work before anyone has rated a story, ratings written "
                "by a seeded generator are drawn: about 30 made-up raters a story in five "
                "groups, leaning on the published dominant genes where those exist. They are "
                "marked in the picture, in the table and in every file, no sentence states "
                "anything from them as a fact, they never decide which stories are similar, "
                "and one setting removes them everywhere."
            )
        )
    return "\n".join(f"- {point}" for point in points)


def genes(t: Words) -> None:
    """Every gene with its definition and where that comes from."""
    parts.facts(_genes(t))


@kept
def _genes(t: Words) -> list[tuple[str, str]]:
    names = datasets.gene_names(t)
    rows = []
    for gene in query.rows(datasets.frame("genes").sort_values("position")):
        letter = f" ({escape(gene.letter)})" if isinstance(gene.letter, str) else ""
        meaning = (
            t(gene.definition)
            if isinstance(gene.definition, str)
            else t("No public page says what it stands for.")
        )
        notes = [
            t("In the default DNA.") if gene.in_default_dna else "",
            t("Letter: {basis}.", basis=t(gene.letter_basis))
            if isinstance(gene.letter_basis, str)
            else "",
            t("Definition: {basis}.", basis=t(gene.definition_basis))
            if isinstance(gene.definition_basis, str)
            else "",
        ]
        about = escape(" ".join(note for note in notes if note))
        rows.append(
            (
                names[gene.gene_id],
                f'{escape(meaning)}{letter} <span class="gcs-soft">{about} '
                f"({parts.source(gene.source_url, t)})</span>",
            )
        )
    return rows


def kinds(t: Words) -> None:
    """What each kind claims, from the weakest to the strongest, and how many records claim it."""
    parts.facts(_kinds(t))


@kept
def _kinds(t: Words) -> list[tuple[str, str]]:
    counted = datasets.frame("replications")["kind"].value_counts()
    definitions = labels.kind_definitions(t)
    rows = []
    for kind, name in labels.kinds(t).items():
        records = t.plural("{n} record", "{n} records", int(counted.get(kind, 0)))
        rows.append((name, f"{escape(definitions[kind])} ({escape(records)})"))
    return rows


def figures(t: Words) -> None:
    """Every rule behind a number or a word on a chart."""
    rows = [
        (
            t("Scale"),
            t(
                "Whole scores from 1 (absent) to 5 (defining). A gene nobody rated is a gap, "
                "never 0."
            ),
        ),
        (
            t("Mean and interval"),
            t(
                "The mean, with the 95 % interval of Student's t distribution, cut off at 1 "
                "and 5; below five ratings only the dots are drawn, without an interval. The "
                "interval says how sure the mean is and shrinks as more people rate."
            ),
        ),
        (
            t("Spread"),
            t("How many raters gave each score. It says whether they agree and does not shrink."),
        ),
        (
            t("Agreement"),
            t(
                "Too few: fewer than five ratings. Two camps: at least a quarter rate it 1 or "
                "2, at least a quarter 4 or 5, and the middle holds fewer than either end. "
                "Agree: at least three quarters lie on two neighbouring scores. Spread: "
                "everything else."
            ),
        ),
        (
            t("DNA code"),
            t(
                "Genes from the strongest mean to the weakest. Two neighbours stand in one "
                "bracket unless the 95 % interval of their difference, rated by the same "
                "people, leaves out 0. Genes rated by fewer than five people are left out."
            ),
        ),
        (
            t("Published DNA"),
            t(
                "The order of letters that Good Cyber Stories published. It is not a score and "
                "is not put on the scale from 1 to 5."
            ),
        ),
        (
            t("Similar stories"),
            t(
                "Two points for the share of topics in common, one for the same kind of lead "
                "organisation, half a point for the same region of the lead country and half a "
                "point for each published dominant gene in common. Facts only."
            ),
        ),
        (
            t("How far raters agree"),
            t(
                "Krippendorff's alpha with ordinal distances, over the stories that were rated: 1 "
                "means full agreement within each story, 0 no more than by chance. Its 95 % "
                "interval comes from drawing stories anew; from fewer than six stories there is "
                "none."
            ),
        ),
        (
            t("Groups of stories"),
            t(
                "Two stories are apart by the share of what they do not have in common: topics "
                "count twice, kind of lead, kinds of spread and kinds of partners once, the region "
                "of the lead half, and ratings of the genes by real people twice. Of two to ten "
                "groups the number is taken that sets them apart best (mean silhouette); below "
                "0.25 the page says that there may be none."
            ),
        ),
        (
            t("Could it work here?"),
            t(
                "Where a story's mean rating of a gene lies above what was said of one's own "
                "context, it falls short by the difference. Stories stand in the order of the "
                "weighted mean of these; one that was rated on less than two thirds of the weight "
                "is not compared. How stable the order is comes from 500 other weightings. It is "
                "no score of anybody."
            ),
        ),
        (
            t("Kinds of ratings"),
            t(
                "Published order, expert ratings and each workshop's ratings are different "
                "things and are never averaged together."
            ),
        ),
        (
            t("People"),
            t(
                "Single ratings are never shown or given away. A stakeholder group with fewer "
                "than five raters of any gene it rated is counted with others, and where even "
                "those are fewer than five, no groups are shown."
            ),
        ),
    ]
    parts.facts([(name, escape(rule)) for name, rule in rows])


def geography(t: Words) -> None:
    """Where names, regions, centres and borders come from."""
    rows = [
        (
            t("Borders"),
            t("The boundaries and names shown do not imply official endorsement or acceptance.")
            + " "
            + t("Shapes: {source}. Disputed areas are left blank.", source=SHAPES),
        ),
        (t("Projection"), t("Equal Earth: areas are true to each other.")),
        (t("Names"), t("Unicode CLDR, in English, French and Spanish.")),
        (t("Regions"), t("United Nations M49, through the package country_converter.")),
        (
            t("Centres"),
            t(
                "From the map shapes. A country too small to have a shape at this scale has "
                "its marks all the same."
            ),
        ),
        (
            t("Lines"),
            t(
                "From the country that leads a story to each country on record for it; the "
                "curve is for legibility and is no route."
            ),
        ),
    ]
    named = [(name, escape(text)) for name, text in rows]
    layers = context.known(datasets.release())
    if not layers.empty:
        named.append((t("Figures under the marks"), escape(_layers(layers, t))))
    parts.facts(named)


def _layers(layers: pd.DataFrame, t: Words) -> str:
    """What the layers are, whose they are, and how the map colours them."""
    known = labels.sources(t)
    sources = dict.fromkeys(known.get(each, each) for each in layers["source_url"])
    return t(
        "{layers}. Each country's newest figure, in up to five classes of about as many different "
        "figures. They are context and explain nothing. Source: {sources}.",
        layers=t.listed(list(layers["label"])),
        sources=t.listed(list(sources)),
    )


def missing(t: Words) -> None:
    """How many rows leave each column empty."""
    for name in PUBLIC_DATASETS:
        table = _gaps(name, t)
        if table.empty:
            continue
        numbers(
            f"missing-{name}",
            table,
            alt=t("Empty cells of the dataset {name}", name=name),
            label=f"{md(name)}: "
            + t.plural("{n} column has empty cells", "{n} columns have empty cells", len(table)),
            headings={
                "column": t("Column"),
                "missing": t("Empty"),
                "rows": t("Of rows"),
                "meaning": t("What it says"),
            },
        )


@kept
def _gaps(name: str, t: Words) -> pd.DataFrame:
    """The columns of a dataset that have empty cells; none of a derived or an empty dataset."""
    dataset, frame = DATASETS[name], datasets.frame(name)
    if dataset.derived or frame.empty:
        return pd.DataFrame()
    gaps = query.gaps(frame, dataset.columns)
    about = {column: rule.description for column, rule in dataset.columns.items()}
    return gaps.assign(meaning=[t(about[column]) for column in gaps["column"]])


def downloads(t: Words) -> None:
    """Every public dataset of the release, as CSV and as Parquet."""
    st.markdown(
        t(
            "Every public dataset of release {number}. A list in a cell is written “a;b”; "
            "an empty cell means not on record.",
            number=datasets.release(),
        )
    )
    name = address.select("dataset", t("Dataset"), _sizes(t), placeholder=t("Choose a dataset"))
    if not name:
        return
    dataset, frame = DATASETS[name], datasets.frame(name)
    st.markdown(
        md(t(dataset.about)) + " " + t("Key: {columns}.", columns=md(", ".join(dataset.key)))
    )
    parts.facts([(column, escape(t(rule.description))) for column, rule in dataset.columns.items()])
    stem = f"{name}-release-{datasets.release()}"
    with st.container(horizontal=True):
        _download("CSV", f"{stem}.csv", "text/csv", csv_bytes, frame, t)
        _download(
            "Parquet",
            f"{stem}.parquet",
            "application/vnd.apache.parquet",
            lambda rows: parquet.to_bytes(rows, name),
            frame,
            t,
        )


@kept
def _sizes(t: Words) -> dict[str, str]:
    """The public datasets with their number of rows."""
    rows = {name: len(datasets.frame(name)) for name in PUBLIC_DATASETS}
    return {
        name: t.plural("{name} ({n} row)", "{name} ({n} rows)", n, name=name)
        for name, n in rows.items()
    }


def _download(
    kind: str,
    file_name: str,
    mime: str,
    write: Callable[[pd.DataFrame], bytes],
    frame: pd.DataFrame,
    t: Words,
) -> None:
    st.download_button(
        t("Download {kind}", kind=kind),
        lambda: write(frame),
        file_name=file_name,
        mime=mime,
        icon=":material/download:",
        on_click="ignore",
        key=f"download {file_name}",
    )


def api(t: Words) -> None:
    """Where programs find the same data, with an example to copy."""
    rows = [
        ("/api/v1", t("What there is.")),
        ("/api/v1/openapi.json", t("The description that programs read (OpenAPI 3.1).")),
        ("/api/v1/datasets/stories.csv", t("A whole dataset; also .json in pages and .parquet.")),
        ("/api/v1/stories/glacy", t("One story with everything on record.")),
        ("/api/v1/countries/EST", t("One country with everything on record.")),
        ("/api/v1/charts/map?kind=replicated", t("The numbers behind a chart.")),
    ]
    parts.facts(
        [(path, f'<a href="{escape(path, quote=True)}">{escape(what)}</a>') for path, what in rows]
    )
    st.code(
        "import pandas as pd\n\n"
        f'server = "{parts.origin()}/api/v1"\n'
        f'address = server + "/datasets/replications.csv?release={datasets.release()}"\n'
        'replications = pd.read_csv(address, encoding="utf-8-sig")',
        language=None,
    )
    st.code(
        f'server <- "{parts.origin()}/api/v1"\n'
        'address <- paste0(server, "/datasets/replications.csv?release='
        f'{datasets.release()}")\n'
        'replications <- read.csv(address, fileEncoding = "UTF-8-BOM")',
        language=None,
    )


def releases(t: Words) -> None:
    """Who published what, when and why; each release can be opened."""
    st.html(_releases(datasets.today(), t))


@kept
def _releases(_newest: int, t: Words) -> str:
    """The last fifty, as HTML; there are others when the newest is another."""
    lines = []
    for release in gcs_data.history(datasets.store())[:50]:
        name = t("Release {number}", number=release.number)
        if release.damaged:
            damaged = t("{release}: damaged, cannot be opened", release=name)
            lines.append(f"<li>{escape(damaged)}</li>")
            continue
        address_of = parts.inside("", name, release=str(release.number))
        about = (
            t("the shipped data")
            if release.number == 0
            else t(
                "{when}, by {who}: {why}", when=release.when[:10], who=release.who, why=release.why
            )
        )
        lines.append(f"<li>{address_of}: {escape(about)}</li>")
    return f'<ul class="gcs-list">{"".join(lines)}</ul>'
