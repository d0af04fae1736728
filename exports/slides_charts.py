"""Native charts on slides: people can edit them, and the numbers are in their data sheets."""

from typing import Any

import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from exports import slides_names
from exports.slides_deck import INK, colour
from exports.slides_names import Shares
from exports.slides_sheet import Numbers, data_sheet
from exports.slides_text import FONT, SMALLEST, Box
from figures.svg_text import plain

SCALE = 5
GRID = "#b4bcc4"  # Darker than on a screen: projectors wash out.
MARKERS = (XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.SQUARE, XL_MARKER_STYLE.DIAMOND)
LINES = (MSO_LINE.SOLID, MSO_LINE.DASH, MSO_LINE.ROUND_DOT)
# From light to dark for scores from low to high, also in grey print; each count is written on it.
SHADES = (("#e3edf5", 0), ("#b3d1e6", 0), ("#6fabd3", 0), ("#1c6ca8", 1), ("#0b3a5c", 1))
WIDE_GAP, NARROW_GAP = 60, 22  # Between rows, in percent of a bar.
THINNEST = 19  # Points of a bar that has its value on it: digits have no descenders.
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def radar(slide: Any, box: Box, numbers: Numbers, *, alt: str, language: str) -> Any:
    """One outline per series on a scale from 0 to 5; a NaN is a gap."""
    chart = _added(slide, box, XL_CHART_TYPE.RADAR_MARKERS, numbers, alt, language)
    for element in list(chart._chartSpace.iter(qn("c:smooth"))):
        element.getparent().remove(element)  # The file format knows none in a radar.
    _scale(chart.value_axis)
    chart.category_axis.tick_labels.number_format_is_linked = False
    chart.category_axis.tick_labels.number_format = "General"
    for gridlines in chart._chartSpace.iter(qn("c:majorGridlines")):
        for old in list(gridlines):
            gridlines.remove(old)
        gridlines.append(_line(GRID, 0.75))
    chart.value_axis.format.line.color.rgb = colour(GRID)  # The spokes.
    for series, ink, marker, dash in zip(
        chart.plots[0].series, INK.outlines, MARKERS, LINES, strict=False
    ):
        line = series.format.line
        line.color.rgb, line.width, line.dash_style = colour(ink), Pt(3), dash
        series.marker.style, series.marker.size = marker, 10
        for part in (series.marker.format.fill, series.marker.format.line.fill):
            part.solid()
            part.fore_color.rgb = colour(ink)
    _lay_out(chart, slides_names.circle(numbers, box))
    return chart


def bars(
    slide: Any,
    box: Box,
    numbers: Numbers,
    *,
    alt: str,
    language: str,
    interval: tuple[str, str] | None = None,
) -> Any:
    """One bar per gene and series on a scale from 0 to 5, the first gene at the top.

    Args:
        interval: The columns of `beside` that say how far the interval reaches below and above
            the mean of the only series.
    """
    chart = _added(slide, box, XL_CHART_TYPE.BAR_CLUSTERED, numbers, alt, language)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = WIDE_GAP, 0
    _scale(chart.value_axis)
    for series, ink in zip(plot.series, INK.outlines, strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour(ink)
        series.invert_if_negative = False
    high, count = _rows(chart, box, numbers), len(numbers.series)
    if high / (count + WIDE_GAP / 100) < THINNEST:
        plot.gap_width = NARROW_GAP
    if high / (count + plot.gap_width / 100) >= THINNEST:
        _write_values(plot, XL_LABEL_POSITION.INSIDE_BASE, "0.0", "#ffffff")
    if interval:
        _add_intervals(plot.series[0], numbers, *interval)
    return chart


def spread(slide: Any, box: Box, numbers: Numbers, *, alt: str, language: str) -> Any:
    """How many gave each score: a bar per gene, with a part for each of the five series."""
    chart = _added(slide, box, XL_CHART_TYPE.BAR_STACKED, numbers, alt, language)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    most = float(pd.DataFrame([values for _, values in numbers.series]).sum().max())
    room = slides_names.rows(numbers, box)[2] * box.width
    # A count is written where its part is wide enough for its digits.
    least = max(1, round(most * (12 * len(f"{most:.0f}") + 6) / room))
    for series, (ink, light) in zip(plot.series, SHADES, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour(ink)
        series.format.line.color.rgb, series.format.line.width = colour(INK.text), Pt(0.75)
        series.invert_if_negative = False
        labels = series.data_labels
        labels.show_value, labels.number_format_is_linked = True, False
        labels.number_format = f'[<{least}]"";0'
        labels.font.size, labels.font.name = Pt(SMALLEST), FONT
        labels.font.color.rgb = colour("#ffffff" if light else INK.text)
    _rows(chart, box, numbers)
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = 0, max(most, 1)
    axis.visible = axis.has_major_gridlines = False
    return chart


def _added(slide: Any, box: Box, kind: Any, numbers: Numbers, alt: str, language: str) -> Any:
    data: Any = CategoryChartData(number_format="General")  # type: ignore[no-untyped-call]
    data.categories = [_inert(gene) for gene in numbers.genes]
    for name, values in numbers.series:
        data.add_series(plain(name), [None if pd.isna(value) else value for value in values])
    frame = slide.shapes.add_chart(kind, *box.emu, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", plain(alt))
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(data_sheet(numbers))
    for axis in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
        axis.set("val", axis.get("val").removeprefix("-"))  # The file format has no negative ones.
    chart.has_title = False
    chart.font.size, chart.font.name = Pt(SMALLEST), FONT
    chart.font.color.rgb = colour(INK.text)
    chart.font._element.set("lang", language)
    chart.has_legend = len(numbers.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    return chart


def _inert(gene: str) -> str:
    return "\n".join(plain(line) for line in gene.split("\n"))


def _scale(axis: Any) -> None:
    """From 0 to 5 in every chart, never fitted to the data."""
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, SCALE, 1
    axis.has_major_gridlines = True
    axis.tick_labels.number_format_is_linked, axis.tick_labels.number_format = False, "0"
    axis.format.line.fill.background()
    axis.major_gridlines.format.line.color.rgb = colour(GRID)


def _rows(chart: Any, box: Box, numbers: Numbers) -> float:
    """Rows from the top down, names at their left; returns the height of a row in points."""
    axis = chart.category_axis
    axis.reverse_order, axis.major_tick_mark = True, XL_TICK_MARK.NONE
    # Without this a program that finds the rows narrow leaves every other name out.
    every = parse_xml(f'<c:tickLblSkip xmlns:c="{_C}" val="1"/>')
    axis._element.find(qn("c:lblOffset")).addnext(every)
    axis.format.line.color.rgb = colour(INK.grey)
    place = slides_names.rows(numbers, box)
    _lay_out(chart, place)
    return place[3] * box.height / len(numbers.genes)


def _lay_out(chart: Any, place: Shares) -> None:
    """Fix where the plot itself is: names of genes then have the room that they need."""
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    parts = zip("xywh", place, strict=True)
    written = "".join(f'<c:{name} val="{value:.4f}"/>' for name, value in parts)
    area.insert(
        0,
        parse_xml(
            f'<c:layout xmlns:c="{_C}"><c:manualLayout><c:layoutTarget val="inner"/>'
            f'<c:xMode val="edge"/><c:yMode val="edge"/>{written}</c:manualLayout></c:layout>'
        ),
    )


def _write_values(plot: Any, position: Any, pattern: str, ink: str) -> None:
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value, labels.position = True, position
    labels.number_format_is_linked, labels.number_format = False, pattern
    labels.font.size, labels.font.bold = Pt(SMALLEST), True
    labels.font.name = FONT
    labels.font.color.rgb = colour(ink)


def _add_intervals(series: Any, numbers: Numbers, below: str, above: str) -> None:
    """Error bars that read their lengths from the data sheet."""
    ends = "".join(
        f"<c:{side}><c:numRef><c:f>{numbers.column(name)}</c:f><c:numCache>"
        f"<c:formatCode>General</c:formatCode>{_points(numbers.beside[name])}"
        f"</c:numCache></c:numRef></c:{side}>"
        for side, name in (("plus", above), ("minus", below))
    )
    errors = parse_xml(
        f'<c:errBars xmlns:c="{_C}" xmlns:a="{_A}"><c:errBarType val="both"/>'
        f'<c:errValType val="cust"/><c:noEndCap val="0"/>{ends}</c:errBars>'
    )
    errors.append(_line(INK.text, 2.5))
    series._element.find(qn("c:cat")).addprevious(errors)


def _points(values: pd.Series) -> str:
    written = "".join(
        f'<c:pt idx="{place}"><c:v>{float(value)!r}</c:v></c:pt>'
        for place, value in enumerate(values)
        if pd.notna(value)
    )
    return f'<c:ptCount val="{len(values)}"/>{written}'


def _line(ink: str, width: float) -> Any:
    return parse_xml(
        f'<c:spPr xmlns:c="{_C}" xmlns:a="{_A}"><a:ln w="{int(Pt(width))}"><a:solidFill>'
        f'<a:srgbClr val="{ink.removeprefix("#").upper()}"/></a:solidFill></a:ln></c:spPr>'
    )
