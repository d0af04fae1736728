"""Every SVG picture: the same numbers as the Plotly figures, as small files without a script.

For thumbnails, downloads and print. Nothing in a picture is fetched from anywhere, so that it can
be an image in a page, a file on a desk or a figure in a report.
"""

from figures.svg_dots import dots_svg
from figures.svg_map import map_svg
from figures.svg_page import Paper
from figures.svg_radar import radar_svg
from figures.svg_thumbnail import map_thumbnail, radar_thumbnail

__all__ = ["Paper", "dots_svg", "map_svg", "map_thumbnail", "radar_svg", "radar_thumbnail"]
