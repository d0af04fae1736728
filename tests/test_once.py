"""What a run of a page works out once."""

import threading

import pytest

from ui import once


@pytest.fixture(autouse=True)
def over():
    yield
    once.end()


@pytest.fixture
def asked():
    seen = []

    @once.once_in_a_run
    def number():
        seen.append(None)
        return len(seen)

    return number


def test_it_is_worked_out_once_in_a_run_and_anew_in_the_next(asked):
    once.begin()
    assert [asked(), asked()] == [1, 1]
    once.begin()
    assert [asked(), asked()] == [2, 2]


def test_outside_of_a_run_it_is_worked_out_each_time(asked):
    once.begin()
    asked()
    once.end()

    assert [asked(), asked()] == [2, 3]


def test_two_runs_at_once_do_not_see_each_other_s(asked):
    once.begin()
    assert asked() == 1
    other = []

    def another_run():
        once.begin()
        other.append(asked())

    thread = threading.Thread(target=another_run)
    thread.start()
    thread.join()

    assert other == [2]
    assert asked() == 1


def test_nothing_is_kept_of_a_failure():
    @once.once_in_a_run
    def fails():
        raise ValueError

    once.begin()
    for _ in range(2):
        with pytest.raises(ValueError):
            fails()
