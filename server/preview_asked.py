"""What the address of a page asks for. What there is not gets the sentence that its page has."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from starlette.requests import Request

import gcs_data
import labels
from figures.geography import REGION_BOUNDS
from gcs_data import countries, query
from gcs_data.errors import StoreError, near_misses
from server import api_data
from server.preview_view import View, titles
from words import DEFAULT_LANGUAGE, LANGUAGES, Words, words

MOST_COMPARED = 4
LONGEST_SHOWN, MOST_VALUES = 80, 12
# Parameters of which the page takes the first known value; of others it takes several.
SINGLE = {
    "story": ("story", "genes", "ratings"),
    "country": ("country",),
    "map": ("view", "story", "year", "when", "region", "country"),
}

Known = Mapping[str, Mapping[str, str]]


def language(request: Request) -> str:
    """The language of the address, else of the browser, else English: as the pages decide it.

    Streamlit tells its pages the browser's first language and no other, so only that one counts.
    """
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    first = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0]
    code = first.strip().partition("-")[0].lower()
    return code if code in LANGUAGES else DEFAULT_LANGUAGE


def view(request: Request, page: str) -> tuple[View, tuple[str, ...]]:
    """What is asked for and there is, and a sentence for each thing that there is not."""
    t = words(language(request))
    release, newest, said = _release(request.query_params.get("release", ""), t)
    asked_language = request.query_params.get("lang", "")
    notices = [*_no_language(asked_language, t), *said]
    kept = {"lang": asked_language if asked_language in LANGUAGES else ""}
    kept["release"] = "" if said or not request.query_params.get("release") else str(release)
    chosen = {}
    for name, known in _known(page, release, request, t).items():
        given = list(dict.fromkeys(filter(None, request.query_params.getlist(name))))[:MOST_VALUES]
        notices += [_unknown(name, value, known, t) for value in given if value not in known]
        chosen[name] = _taken(page, name, [value for value in given if value in known])
    shown = View(
        page,
        t.language,
        release,
        newest,
        tuple((name, tuple(values)) for name, values in chosen.items() if values),
        tuple((name, value) for name, value in kept.items() if value),
    )
    return shown, tuple(notices)


def _taken(page: str, name: str, values: Sequence[str]) -> Sequence[str]:
    if name in SINGLE.get(page, ()):
        return values[:1]
    # In the order of the address only where the page keeps it, so that a choice has one picture.
    return values[:MOST_COMPARED] if page == "compare" else sorted(values)


def _release(asked: str, t: Words) -> tuple[int, int, list[str]]:
    """The release to show, the newest, and what is wrong with the one that was asked for."""
    try:
        newest = gcs_data.current(api_data.store())
    except StoreError:  # Its page says so; what it draws is the shipped release.
        newest = 0
    if not asked:
        return newest, newest, []
    if asked.isascii() and asked.isdigit() and len(asked) < 9 and int(asked) <= newest:
        return int(asked), newest, []
    said = t(
        "There is no release “{number}”. This is the newest, release {newest}.",
        number=asked[:40],
        newest=newest,
    )
    return newest, newest, [said]


def _no_language(asked: str, t: Words) -> list[str]:
    if not asked or asked in LANGUAGES:
        return []
    near = near_misses(asked[:LONGEST_SHOWN], LANGUAGES) or list(LANGUAGES)
    known = t.listed([f"{LANGUAGES[code]} ({code})" for code in near])
    return [
        t("There is no language “{asked}” here. There is {known}.", asked=asked[:40], known=known)
    ]


def _known(page: str, release: int, request: Request, t: Words) -> Known:
    """The values there are of each parameter that a first picture follows, with their names."""
    if page == "compare":
        return {"story": titles(release)}
    if page == "country":
        return {"country": _country_names(release, t)}
    if page == "map":
        return _on_the_map(api_data.store(), release, t.language)
    if page != "story":
        return {}
    known = titles(release)
    story = next((each for each in request.query_params.getlist("story") if each in known), "")
    rated = query.rating_series(api_data.frame("rating_counts", release), story)
    series = query.series_by_name(rated)
    of_ratings = {"ratings": dict.fromkeys(series, "")} if len(series) > 1 else {}
    genes = {"genes": {"default": "", "all": ""}} if series else {}
    return {"story": known} | of_ratings | genes


@lru_cache(maxsize=16)
def _on_the_map(_place: gcs_data.Store, release: int, code: str) -> Known:
    t = words(code)
    stories, replications = (api_data.frame(name, release) for name in ("stories", "replications"))
    topics, regions = labels.topics(t), countries.region_names(t.language)
    years = sorted(replications["year"].dropna().unique(), reverse=True)
    return {
        "view": {"map": t("Map"), "tiles": t("Tiles"), "list": t("List")},
        "kind": labels.kinds(t),
        "story": titles(release),
        "topic": {topic: labels.label(topics, topic) for topic in query.known_topics(stories)},
        "year": {str(year): str(year) for year in years},
        "when": {"upto": "", "in": ""},
        "region": {region: regions[region] for region in REGION_BOUNDS},
        "country": _country_names(release, t),
    }


def _country_names(release: int, t: Words) -> dict[str, str]:
    rows = api_data.frame("countries", release)
    return dict(zip(rows["country_iso3"], rows[f"name_{t.language}"], strict=True))


def _unknown(name: str, value: str, known: Mapping[str, str], t: Words) -> str:
    """What there is not, with what looks like it by its id or by what people call it."""
    value = value[:LONGEST_SHOWN]
    text = t("There is no {name} called “{value}”.", name=name, value=value)
    by_name = {label.casefold(): each for each, label in known.items() if label}
    near = near_misses(value, known) or [
        by_name[label] for label in near_misses(value.casefold(), by_name)
    ]
    if not near:
        return text + " " + t("Choose one from the list.")
    names = [f"{known[each] or each} ({each})" for each in near]
    return text + " " + t("Did you mean {names}?", names=t.listed(names))
