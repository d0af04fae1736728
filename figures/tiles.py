"""The world as tiles: one equal square per country, so that a small state is as easy to find."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

import pandas as pd

from figures.fills import RAMP, Context, Fill, context_fills
from figures.kinds import LOOKS, check, counts
from figures.world_sentences import inside
from words import Words

# As on a wall map, read down and then to the right.
REGIONS = ("americas", "europe", "africa", "asia", "oceania")

# The same shapes as on the map. A tile keeps a place for each kind, so the place tells them apart
# too. Streamlit takes SVG out of HTML but leaves this style in.
STYLE = (
    """<style>
.gcs-tiles{container-type:inline-size;font-size:14px;line-height:1.3}
.gcs-tiles h3,.gcs-tiles h4{margin:0;padding:0;font-weight:600}
.gcs-tiles h3{font-size:17px}.gcs-tiles h4{font-size:13px;opacity:.85;margin:8px 0 4px}
.gcs-tiles ul.gcs-row{display:flex;flex-wrap:wrap;gap:4px;list-style:none;margin:0;padding:0}
.gcs-tiles ul.gcs-key{gap:8px 20px;margin-bottom:20px;align-items:center}
.gcs-tiles li{margin:0;padding:0}.gcs-key li{display:flex;align-items:center;gap:8px}
.gcs-world{display:grid;gap:24px}
.gcs-tiles .gcs-tile{box-sizing:border-box;width:44px;height:44px;border-radius:4px;padding:5px 0;
display:flex;flex-direction:column;justify-content:space-between;align-items:center;
font-size:13px;line-height:1.1;color:inherit;text-decoration:none;
border:1px dashed color-mix(in srgb,currentColor 55%,transparent)}
.gcs-tiles .gcs-yes{border:1px solid color-mix(in srgb,currentColor 45%,transparent);
background:color-mix(in srgb,currentColor 7%,transparent);font-weight:600}
.gcs-tiles .gcs-tile:hover{background:color-mix(in srgb,currentColor 16%,transparent)}
.gcs-tiles .gcs-tile:focus-visible{outline:3px solid currentColor;outline-offset:1px}
.gcs-tiles .gcs-tile[aria-current]{outline:3px solid currentColor;outline-offset:-1px}
.gcs-tiles .gcs-sample{width:22px;height:22px;padding:0}
.gcs-marks{display:flex;gap:1px}
.gcs-mark,.gcs-gap{box-sizing:border-box;display:block;width:9px;height:9px}
.gcs-circle{background:currentColor;border-radius:50%;transform:scale(.75)}
.gcs-circle-open{border:2px solid currentColor;border-radius:50%}
.gcs-square-open{border:2px solid currentColor}
.gcs-diamond-open{border:2px solid currentColor;transform:rotate(45deg) scale(.78)}
@container (min-width:40rem){.gcs-world{grid-template-columns:1fr 1fr}}
@container (min-width:62rem){.gcs-world{grid-template-columns:1fr 1.5fr 1.1fr .8fr;
grid-template-areas:"americas europe asia oceania" "americas africa asia oceania" ". . . rest";
grid-template-rows:auto 1fr auto}"""
    + "".join(f".gcs-{region}{{grid-area:{region}}}" for region in (*REGIONS, "rest"))
    + "}"
    + "".join(
        f".gcs-tiles .gcs-class-{place}{{background:{colour};"
        f"color:{'#000000' if place < 4 else '#ffffff'}}}"  # 4.5:1 or more.
        f".gcs-class-{place} .gcs-marks{{background:#fff;border-radius:3px;padding:1px 2px}}"
        for place, colour in enumerate(RAMP)
    )
    + "\n</style>"
)


def tile_grid(
    marks: pd.DataFrame,
    countries: pd.DataFrame,
    *,
    t: Words,
    labels: Mapping[str, str],
    href: Callable[[str], str],
    region_names: Mapping[str, str],
    chosen: str | None = None,
    context: Context | None = None,
) -> str:
    """One square per country with the marks of the map, as HTML that Streamlit's cleaning keeps.

    Args:
        marks: One row per country and kind: country_iso3, kind, n.
        countries: Index country_iso3; columns name, region and sub_region.
        t: The words of the visitor's language.
        labels: What each kind is called.
        href: The address that chooses a country, from its code.
        region_names: What regions and sub-regions are called, in the order they are shown.
        chosen: The code of the country that gets an outline.
        context: Figures that colour the squares, as on the map.

    Every square is a link with its country's name and numbers as its accessible name. A country
    that belongs to no region (Antarctica) is shown only when it is on record.

    Raises:
        ValueError: If a mark names a country or a kind that is not known.
    """
    check(marks, countries)
    known = counts(marks)
    fills = context_fills(context, countries, t) if context else []
    classes = {code: _class(fill) for fill in fills for code in fill.countries}

    def tile(code: str, name: str) -> str:
        here = known.get(code, [])
        records = [f"{inside(labels[kind])} {t.number(n)}" for kind, n in here]
        says = t("{country}: {records}", country=name, records=", ".join(records) or t("no record"))
        if context:
            says += "; " + context.figure(code, t)
        return _tile(
            code,
            says,
            [kind for kind, _ in here],
            href(code),
            classes.get(code, ""),
            code == chosen,
        )

    grouped = countries[countries["region"].notna()]
    found = [region for region in REGIONS if (grouped["region"] == region).any()]
    others = sorted(set(grouped["region"]) - set(REGIONS))
    sections = [
        _section(region, grouped[grouped["region"] == region], region_names, tile)
        for region in (*found, *others)
    ]
    rest = countries[countries["region"].isna() & countries.index.isin(list(known))]
    if len(rest):
        title = "<h3>" + escape(t("Elsewhere")) + "</h3>"
        sections.append(f'<section class="gcs-rest">{title}{_row(rest, tile)}</section>')
    key = _key(labels, fills, t, chosen is not None)
    return (
        f'{STYLE}<div class="gcs-tiles">{key}<div class="gcs-world">{"".join(sections)}</div></div>'
    )


def _section(
    region: str,
    countries: pd.DataFrame,
    names: Mapping[str, str],
    tile: Callable[[str, str], str],
) -> str:
    order = {name: place for place, name in enumerate(names)}
    parts = sorted(set(countries["sub_region"].dropna()), key=lambda p: (order.get(p, 10**6), p))
    rows = [_row(countries[countries["sub_region"].isna()], tile)]
    for part in parts:
        rows.append(f"<h4>{escape(_named(part, names))}</h4>")
        rows.append(_row(countries[countries["sub_region"] == part], tile))
    title = f"<h3>{escape(_named(region, names))}</h3>"
    area = f' class="gcs-{region}"' if region in REGIONS else ""
    return f"<section{area}>{title}{''.join(rows)}</section>"


def _named(region: str, names: Mapping[str, str]) -> str:
    return names.get(region) or region.replace("_", " ").capitalize()


def _row(countries: pd.DataFrame, tile: Callable[[str, str], str]) -> str:
    if countries.empty:
        return ""
    squares = sorted(zip(countries.index, countries["name"], strict=True))
    items = "".join(f"<li>{tile(str(code), str(name))}</li>" for code, name in squares)
    return f'<ul class="gcs-row">{items}</ul>'


def _tile(
    code: str, says: str, kinds: Sequence[str], address: str, coloured: str, chosen: bool
) -> str:
    spoken = escape(says, quote=True)
    current = ' aria-current="true"' if chosen else ""
    marks = "".join(_mark(kind) if kind in kinds else '<i class="gcs-gap"></i>' for kind in LOOKS)
    return (
        f'<a class="gcs-tile{" gcs-yes" if kinds else ""}{coloured}"'
        f' href="{escape(address, quote=True)}" aria-label="{spoken}" title="{spoken}"'
        f"{current}><span>{escape(code)}</span>"
        + (f'<span class="gcs-marks">{marks}</span></a>' if kinds else "<span></span></a>")
    )


def _class(fill: Fill) -> str:
    """The style of a square with this fill; none where there is no figure."""
    return f" gcs-{fill.name.replace(' ', '-')}" if fill.name.startswith("class") else ""


def _mark(kind: str) -> str:
    look = LOOKS[kind]
    return f'<i class="gcs-mark gcs-{look.symbol}" style="color:{look.colour}"></i>'


def _key(labels: Mapping[str, str], fills: Iterable[Fill], t: Words, chosen: bool) -> str:
    entries = [(_mark(kind), labels[kind]) for kind in LOOKS]
    sample = '<span class="gcs-tile gcs-sample{more}"{current}></span>'
    entries.append((sample.format(more=" gcs-yes", current=""), t("On record")))
    nothing = t("No record: we have not found one; it does not mean no.")
    entries.append((sample.format(more="", current=""), nothing))
    entries += [
        (sample.format(more=style, current=""), fill.label)
        for fill in fills
        if (style := _class(fill))
    ]
    if chosen:
        outlined = sample.format(more=" gcs-yes", current=' aria-current="true"')
        entries.append((outlined, t("Chosen")))
    items = "".join(f"<li>{mark}<span>{escape(text)}</span></li>" for mark, text in entries)
    return f'<ul class="gcs-row gcs-key">{items}</ul>'
