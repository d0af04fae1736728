"""What a page looks like in both themes and widths, and to who cannot see it."""

import pytest
from looking import PHONE, no_sideways_scroll, nothing_cut, opened

PAGES = {
    "overview": "/",
    "story": "/story?story=x-road",
    "long title": "/story?story=malabo-convention&genes=all",
    "no story": "/story",
    "map": "/map?story=x-road&country=FIN",
    "year": "/map?year=2015&region=europe",
    "tiles": "/map?view=tiles",
    "list": "/map?view=list",
    "methods": "/methods?dataset=stories",
    "genome": "/genome",
    "groups": "/genome?view=groups",
    "country": "/country?country=KEN&peer=EST",
    "plan": "/plan?country=KEN&has-local_ownership=2",
    "norms": "/norms?duty=due_diligence",
    "partners": "/partners",
}
# One page of each kind on every run, the others with the heavy tests.
ALWAYS = ("story",)
EVERY = [
    pytest.param(address, id=name, marks=[] if name in ALWAYS else pytest.mark.heavy)
    for name, address in PAGES.items()
]


# What the eye gets, as WCAG counts it: colours of text over the nearest background, opacity too.
CONTRAST = """() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const ink = canvas.getContext('2d', {willReadFrequently: true});
    const colour = css => {
        ink.clearRect(0, 0, 1, 1); ink.fillStyle = css; ink.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = ink.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
    const light = rgb => rgb.map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = element => {
        const layers = [];
        for (let e = element; e; e = e.parentElement)
            layers.push(colour(getComputedStyle(e).backgroundColor));
        return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
    };
    const faded = element => {
        let opacity = 1;
        for (let e = element; e; e = e.parentElement)
            opacity *= Number(getComputedStyle(e).opacity);
        return opacity;
    };
    const found = {};
    const texts = document.createTreeWalker(
        document.querySelector('[data-testid=stMain]'), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const e = texts.currentNode.parentElement, words = texts.currentNode.textContent.trim();
        const seen = e.getClientRects().length && !e.closest('style, [data-testid=stIconMaterial]');
        if (!words || !seen) continue;
        const style = getComputedStyle(e), below = behind(e);
        const top = colour(e.closest('svg') ? style.fill : style.color);
        top[3] *= faded(e);
        const [a, b] = [light(over(top, below)), light(below)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) found[words.slice(0, 40)] = Number(ratio.toFixed(2));
    }
    return found;
}"""


@pytest.fixture(scope="module")
def phone(server, browse_once):
    return browse_once(server, **PHONE)


@pytest.fixture(scope="module")
def dark_phone(server, browse_once):
    return browse_once(server, **PHONE, color_scheme="dark")


@pytest.fixture(scope="module")
def desk(server, browse_once):
    return browse_once(server)


@pytest.fixture(scope="module")
def dark_desk(server, browse_once):
    return browse_once(server, color_scheme="dark")


@pytest.mark.parametrize("address", EVERY)
def test_on_a_phone_nothing_scrolls_sideways_and_no_chart_is_cut(phone, address):
    opened(phone, address)

    no_sideways_scroll(phone)
    nothing_cut(phone)


@pytest.mark.heavy
@pytest.mark.parametrize("address", [PAGES["overview"], PAGES["story"], PAGES["map"]])
def test_in_the_dark_nothing_scrolls_sideways_on_a_phone(dark_phone, address):
    opened(dark_phone, address)

    no_sideways_scroll(dark_phone)
    nothing_cut(dark_phone)


@pytest.mark.parametrize("address", EVERY)
def test_on_a_desk_nothing_is_cut_and_all_can_read_it_and_find_their_way(desk, address):
    opened(desk, address)

    no_sideways_scroll(desk)
    nothing_cut(desk)
    names_of_charts_are_their_sentences(desk)
    headings_are_in_order(desk)
    assert desk.evaluate(CONTRAST) == {}


def names_of_charts_are_their_sentences(page):
    for figure in page.get_by_test_id("stPlotlyChart").all():
        name = figure.get_attribute("aria-label")
        block = figure.locator("xpath=ancestor::*[@data-testid='stVerticalBlock'][1]")
        assert figure.get_attribute("role") == "figure"
        assert len(name) > 40
        assert name in block.inner_text()


def headings_are_in_order(page):
    levels = page.locator("h1, h2, h3, h4").evaluate_all(
        "headings => headings.map(heading => Number(heading.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = [after - before for before, after in zip(levels, levels[1:], strict=False)]
    assert max(steps, default=0) <= 1, levels


@pytest.mark.heavy
@pytest.mark.parametrize("address", EVERY)
def test_in_the_dark_text_can_be_read_on_its_background(dark_desk, address):
    opened(dark_desk, address)

    assert dark_desk.evaluate(CONTRAST) == {}


def test_everything_that_can_be_used_is_reached_by_keyboard(desk):
    opened(desk, "/map?story=x-road&country=FIN")
    desk.evaluate("document.activeElement.blur()")
    reached = set()

    for _ in range(60):
        desk.keyboard.press("Tab")
        reached.add(
            desk.evaluate(
                "(e => e.ariaLabel || e.dataset.title || e.innerText?.trim() || e.tagName)"
                "(document.activeElement)"
            )
        )

    said = " | ".join(reached)
    for name in (
        "Overview",
        "Methods and data",
        "Français",
        "Map",
        "Took part",
        "Replicated",
        "Story",
        "Topic",
        "Year",
        "Zoom to",
        "Table and downloads",
        "Country",
        "X-Road secure data exchange",
    ):
        assert name in said, name
    # The picture's own button can be pressed by keyboard too.
    assert desk.locator(".modebar-btn").first.evaluate("button => button.tabIndex") == 0
