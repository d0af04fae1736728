"""What a visit costs on a network like that of a room: the first, and what is seen again."""

from looking import ROOM, opened, settled, transferred
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


def test_a_chart_that_was_there_some_clicks_ago_is_not_sent_again(server, browse):
    page, received = browse(server), []
    page.on("websocket", lambda line: line.on("framereceived", lambda f: received.append(len(f))))
    opened(page, "/norms")
    kinds = page.locator(".st-key-address-claim").get_by_role("button")

    sizes = []
    # On, on, on, off, off: the first kind alone is there twice.
    for place, count in ((0, 1), (1, 2), (2, 3), (2, 2), (1, 1)):
        received.clear()
        kinds.nth(place).click()
        page.wait_for_url(lambda address, n=count: address.count("claim=") == n)
        settled(page)
        sizes.append(sum(received))

    print(f"each click: {sizes} bytes")
    assert sizes[4] < 0.6 * sizes[0]
    assert page.locator(".st-key-chart-gaps .main-svg").first.is_visible()
