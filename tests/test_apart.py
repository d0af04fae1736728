"""Files made in a process of their own: whatever happens there, here it is a sentence."""

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from room_results import room

from exports import apart as module
from exports.apart import ExportError, exported, sentence
from exports.handout import handout
from exports.slides import presentation
from words import words

ROOT = Path(module.__file__).parents[1]
T = words()


@pytest.fixture
def child(tmp_path, monkeypatch):
    """`child(code)`: the process runs this instead."""

    def replaced(code):
        path = tmp_path / "child.py"
        path.write_text("import os, sys, time\n" + code)
        monkeypatch.setattr(module, "CHILD", path)

    return replaced


def failed(**asked):
    with pytest.raises(ExportError) as caught:
        exported("handout", room(), **asked)
    return caught.value


@pytest.mark.parametrize(("kind", "make"), [("slides", presentation), ("handout", handout)])
def test_the_file_is_the_one_that_would_be_made_here(kind, make):
    assert exported(kind, room(story="L’été")) == make(room(story="L’été"), t=T)


def test_a_file_is_made_without_streamlit_and_without_the_database():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import exports.slides, exports.handout, exports.apart_child\n"
        "print([name for name in ('streamlit', 'sqlalchemy', 'starlette') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such numbers")
def test_the_process_lets_everybody_else_go_first():
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); before = os.nice(0)\n"
        "from exports.apart_child import step_back\n"
        "step_back(5); print(os.nice(0) - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) == 10


@pytest.mark.parametrize(
    "code",
    [
        "os.abort()",
        "os.kill(os.getpid(), 9)",
        "raise RuntimeError('a name')",
        "sys.exit(0)",
        "print('not a PDF')",
        "sys.stdout.buffer.write(b'%PDF-1.4'); sys.stdout.flush(); sys.exit(3)",
    ],
)
def test_a_process_that_dies_or_talks_nonsense_is_a_sentence(child, code):
    child(code)
    problem = failed()

    assert problem.code == "failed"
    assert (
        sentence(problem, T)
        == str(problem)
        == ("The file could not be made. The room's result is safe; try again.")
    )


def test_a_process_that_takes_too_long_is_ended_and_is_a_sentence(child, tmp_path):
    child(f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)")
    problem = failed(seconds=3)

    assert problem.code == "time"
    assert sentence(problem, T).startswith("The file took too long")
    assert not Path("/proc", (tmp_path / "pid").read_text()).exists()


def test_a_python_that_is_not_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    assert failed().code == "failed"


def test_two_files_are_never_made_at_the_same_time(child, tmp_path):
    lock = str(tmp_path / "alone")
    child(
        f"os.mkdir({lock!r}); time.sleep(0.3); os.rmdir({lock!r})\n"
        "sys.stdout.buffer.write(b'%PDF-')"
    )
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(exported("handout", room()))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [b"%PDF-"] * 3  # A second mkdir would have failed.


def test_who_waits_too_long_for_a_turn_is_told_and_the_queue_goes_on(child, monkeypatch):
    child("sys.stdout.buffer.write(b'%PDF-')")
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.05)
    with module._turn:
        problem = failed()

    assert (problem.code, sentence(problem, T)[:11]) == ("busy", "Other files")
    assert exported("handout", room()) == b"%PDF-"


def test_a_failure_gives_the_turn_back(child):
    child("os.abort()")
    began = time.monotonic()
    assert [failed().code for _ in range(2)] == ["failed"] * 2

    assert time.monotonic() - began < module.LONGEST_WAIT


def test_the_log_says_where_it_broke_and_nothing_of_what_was_in_it(caplog, monkeypatch):
    monkeypatch.setattr(module, "to_json", lambda result: b'{"story": "A secret name"}')
    with caplog.at_level(logging.WARNING):
        failed()

    assert "ValueError at " in caplog.text
    assert "A secret name" not in caplog.text


def test_the_process_sees_no_settings_and_no_keys(child, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "do not hand on")
    child(
        "sys.exit(any('do not' in value for value in os.environ.values()) "
        "or sys.stdout.buffer.write(b'%PDF-') * 0)"
    )

    assert exported("handout", room()) == b"%PDF-"


def test_only_known_kinds_are_made():
    with pytest.raises(KeyError):
        exported("spreadsheet", room())
