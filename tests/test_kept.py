from dataclasses import dataclass

import pytest

from ui import datasets, kept
from words import words


@dataclass(frozen=True)
class Series:
    release: int


@pytest.fixture
def visitor(monkeypatch):
    """What a visitor looks at, to change, and a function that notes each time it works."""
    looks_at = {"edition": ("store", 3, True), "carried": {}, "address": "/story", "worked": []}
    monkeypatch.setattr(
        datasets,
        "edition",
        lambda number=None: (*looks_at["edition"][:1], number or looks_at["edition"][1], True),
    )
    monkeypatch.setattr(kept, "carried", lambda: looks_at["carried"])
    monkeypatch.setattr(kept.parts, "full_address", lambda: looks_at["address"])
    monkeypatch.delenv("GCS_REPORT_URL", raising=False)
    return looks_at


def worked(visitor):
    def work(asked, t=None):
        visitor["worked"].append(asked)
        return len(visitor["worked"])

    return work


def test_work_is_done_once(visitor):
    work = kept.kept(worked(visitor))

    assert [work("glacy"), work("glacy"), work("csi"), work("glacy")] == [1, 1, 2, 1]


@pytest.mark.parametrize(
    ("what", "value"),
    [("edition", ("store", 4, True)), ("edition", ("other", 3, True)), ("carried", {"lang": "fr"})],
)
def test_another_release_store_or_link_is_other_work(visitor, what, value):
    work = kept.kept(worked(visitor))
    work("glacy")
    visitor[what] = value

    assert work("glacy") == 2


def test_one_visitor_never_reads_the_language_of_another(visitor):
    work = kept.kept(worked(visitor))

    said = [work("glacy", words("en")), work("glacy", words("fr")), work("glacy", words("en"))]

    assert said == [1, 2, 1]


def test_the_address_of_the_view_counts_only_where_links_report_it(visitor, monkeypatch):
    work = kept.kept(worked(visitor))
    work("glacy")
    visitor["address"] = "/map"
    assert work("glacy") == 1

    monkeypatch.setenv("GCS_REPORT_URL", "https://a.org/{page}")
    assert work("glacy") == 2
    visitor["address"] = "/story"
    assert work("glacy") == 3


def test_what_failed_is_tried_again(visitor):
    def fails_once():
        visitor["worked"].append(1)
        if len(visitor["worked"]) == 1:
            raise OSError
        return "well"

    work = kept.kept(fails_once)

    with pytest.raises(OSError):
        work()
    assert work() == "well"


def test_work_of_a_release_needs_no_visitor(visitor, monkeypatch):
    monkeypatch.setattr(kept, "carried", None)
    work = kept.kept_of_release(worked(visitor))

    assert [work(Series(3)), work(Series(3)), work(Series(4))] == [1, 1, 2]
