"""The data API against its own description: right and wrong questions, made by schemathesis."""

import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette

from server import api
from server.api_asking import ROOT

schemathesis = pytest.importorskip(
    "schemathesis", reason="schemathesis is not installed: pip install -r requirements-dev.txt"
)
hypothesis = pytest.importorskip("hypothesis", reason="hypothesis comes with schemathesis")

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data"
DESCRIPTION = f"{ROOT}/openapi.json"
SAME_AS_WITHOUT = r"\.json$"
FEW = hypothesis.settings(derandomize=True, suppress_health_check=list(hypothesis.HealthCheck))


def use_shipped_data(patch, store):
    """The shipped datasets, and a store that holds nothing."""
    patch.setenv("GCS_DATA", str(DATA))
    patch.setenv("GCS_STORE", str(store))
    patch.setenv("GCS_ILLUSTRATIVE", "1")


@pytest.fixture(scope="module", autouse=True)
def shipped(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        use_shipped_data(patch, tmp_path_factory.mktemp("store"))
        yield


def described(*, every_case):
    """Read when tests are collected, so that each address is a test of its own."""
    phases = {"coverage": {"enabled": every_case}}
    # Wrong values made up at random are often right ones once they stand in an address, where
    # the number 0 is the text "0" and one value is a list of one. The cases of "coverage" know.
    generation = {"max-examples": 3, "mode": "all" if every_case else "positive"}
    config = schemathesis.Config.from_dict({"generation": generation, "phases": phases})
    app = Starlette(routes=[api.mounted()])
    with pytest.MonkeyPatch.context() as patch:
        use_shipped_data(patch, DATA / "no store here")
        return schemathesis.openapi.from_asgi(DESCRIPTION, app, config=config)


some = described(every_case=False)
# Every kind of wrong value, one by one. With the twenty filters of a dataset that takes a minute
# each, so that the datasets have their turn in the heavy test.
every = described(every_case=True)


def test_the_description_is_valid_openapi():
    every.validate()


@some.exclude(path_regex=SAME_AS_WITHOUT).parametrize()
@FEW
def test_answers_are_as_the_description_says(case):
    case.call_and_validate()


@every.include(tag="questions").parametrize()
@FEW
def test_wrong_questions_are_refused_as_the_description_says(case):
    case.call_and_validate()


@pytest.mark.heavy
def test_the_running_server_keeps_to_its_description(tmp_path):
    sys.path.insert(0, str(HERE / "browser"))
    from serving import start

    server = start(tmp_path)
    try:
        server.wait_until_ready()
        run = subprocess.run(
            [Path(sys.executable).parent / "st", "run", server.address + DESCRIPTION]
            + ["--max-examples=3", "--workers=2", "--no-color", "--request-timeout=120"]
            + ["--phases=examples,coverage,fuzzing", "--warnings=off"]
            # As above; and the same questions each time, so that a failure can be repeated.
            + ["--mode=positive", "--generation-deterministic", "--seed=1"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=1500,
            check=False,
        )
        assert "Traceback" not in server.said()
    finally:
        server.stop()

    assert run.returncode == 0, run.stdout[-8000:]
