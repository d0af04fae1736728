"""What the first visit to a story costs on a network like that of a room."""

from looking import ROOM, settled, transferred
from test_served import FIRST_VISIT_MAX

SHAPES = "/assets/topojson/world_110m.json"  # Of the map, which is below the fold.


def test_the_first_visit_to_a_story_is_small_up_to_its_charts(server, browse):
    server.wait_until_compressed()
    page = browse(server, host=ROOM)

    with transferred(page) as visit:
        page.goto("/story?story=national-cyber-security-index")
        settled(page)
        for name in ("dna-radar", "dna-dots"):
            page.locator(f".st-key-chart-{name} .main-svg").first.wait_for()

    above_the_fold = visit.total - visit.by_path.get(SHAPES, 0)
    print(f"first visit to a story: {above_the_fold / 1e6:.2f} MB, whole {visit.total / 1e6:.2f}")
    assert above_the_fold <= FIRST_VISIT_MAX
