"""The process that reads: what it may use, what it knows, and what its death is called."""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
from bad_files import HEADER_ROW, ods, ods_row, ods_table, rows, xlsx
from reading_files import refusal

from gcs_data.errors import TEMPLATES, UnreadableFileError
from gcs_data.incoming import process
from gcs_data.incoming.answer import AT_ONCE, Answer, messages
from gcs_data.incoming.contents import Contents
from gcs_data.incoming.limits import Limits, Refused
from gcs_data.incoming.read import STAGES, read, read_here
from gcs_data.incoming.table import Table

GOOD = b"story_id,title\nkenya,Cash\n"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="these limits are those of Linux")


@pytest.fixture
def child(tmp_path, monkeypatch):
    """`child(source)`: the process that reads is this script instead."""

    def replaced(source):
        script = tmp_path / "child.py"
        script.write_text("import json, os, sys, time\n" + source, encoding="utf-8")
        monkeypatch.setattr(process, "CHILD", script)

    return replaced


def alike(one, other):
    """Whether two readings say the same."""
    pairs = zip(one.sheets, other.sheets, strict=True)
    same = all(
        a.cells.equals(b.cells)
        and a.cells.index.equals(b.cells.index)
        and a.cells.columns.equals(b.cells.columns)
        and replace(a, cells=None) == replace(b, cells=None)
        for a, b in pairs
    )
    return same and replace(one, sheets=()) == replace(other, sheets=())


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (GOOD, "a.csv"),
        ("Titre;Année\n;1,5\nÉté,#N/A\n".encode("cp1252"), "a.csv"),
        (b"story_id,title\n", "a.csv"),
        (xlsx(HEADER_ROW + rows(("kenya", "\U0001f600 \u202e", 46156), first=2)), "a.xlsx"),
        (ods(ods_table(ods_row("title")), ods_table(name="Blank")), "a.ods"),
    ],
)
def test_a_file_reads_alike_in_its_own_process_and_here(content, name):
    assert alike(read(content, name), read_here(content, name))


def test_progress_is_told_in_order_and_in_the_calling_thread():
    told = []
    read(GOOD, "a.csv", progress=lambda *said: told.append((threading.get_ident(), *said)))

    assert {thread for thread, _, _ in told} == {threading.get_ident()}
    stages = [stage for _, stage, _ in told]
    assert list(dict.fromkeys(stages)) == list(STAGES)
    assert stages == sorted(stages, key=STAGES.index)
    assert all(0 <= done <= 1 for _, _, done in told)


def test_it_works_from_any_thread_and_several_at_a_time():
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(read(GOOD, "a.csv").kind)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == ["csv"] * 4


def test_who_would_wait_too_long_is_told_so(monkeypatch):
    monkeypatch.setattr(process, "LONGEST_WAIT", 0.0)
    with process._turns, process._turns:
        assert refusal(GOOD, "a.csv", here=False) == "upload_busy"

    assert read(GOOD, "a.csv").kind == "csv"


@LINUX
def test_a_reader_that_wants_too_much_memory_ends_with_a_sentence():
    # One text of a megabyte that two thousand cells share.
    data = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, 2001))
    content = xlsx(data, shared=f"<si><t>{'x' * 900_000}</t></si>")

    assert refusal(content, here=False, limits=Limits(memory=600_000_000)) == "upload_memory"


@LINUX
@pytest.mark.parametrize("limits", [Limits(cpu=1), Limits(wall=0.5)])
def test_a_reader_that_takes_too_long_ends_with_a_sentence(limits):
    line = "".join(f'<c r="{column}{{0}}"><v>1</v></c>' for column in "ABCDEFGHIJ")
    data = "".join(f'<row r="{at}">{line.format(at)}</row>' for at in range(1, 150_001))

    assert refusal(xlsx(data), here=False, limits=limits) == "upload_time"


@LINUX
@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("os.abort()", "upload_memory"),
        ("os.kill(os.getpid(), 9)", "upload_memory"),
        ("os.kill(os.getpid(), 11)", "upload_crashed"),
        ("raise ValueError", "upload_crashed"),
        ("sys.stdin.buffer.read()", "upload_crashed"),
        ("print('no JSON', flush=True)", "upload_crashed"),
        ("print('{}')", "upload_crashed"),
        ("sys.stdin.buffer.read(); print('[' * 100_000)", "upload_crashed"),
        ("print(json.dumps({'end': {}}))", "upload_crashed"),
        ("print(json.dumps({'_tables': 1}))", "upload_crashed"),
        ("print(json.dumps({'table': {'header': [1]}}))", "upload_crashed"),
        ("print(json.dumps({'cells': ['x']}))", "upload_crashed"),
        ("print(json.dumps({'refused': ['no such code', {}]}))", "upload_crashed"),
        ("print(json.dumps({'refused': ['upload_ratio', {}]}))", "upload_crashed"),
        ("print(json.dumps({'stage': ['reading', 0.5]}))", "upload_crashed"),
        ("print('{\"end\": ', end='')", "upload_crashed"),
    ],
)
def test_a_reader_that_breaks_down_or_lies_ends_with_a_sentence(child, source, code):
    child(source)

    assert refusal(b"x" * 5_000_000, "a.csv", here=False) == code


def test_a_reader_that_hangs_is_ended(child):
    child("time.sleep(600)")
    begun = time.monotonic()

    assert refusal(GOOD, "a.csv", here=False, limits=Limits(wall=0.3)) == "upload_time"
    assert time.monotonic() - begun < 60


def test_a_reader_that_never_stops_talking_is_ended(child, monkeypatch):
    monkeypatch.setattr(process, "MOST_OUTPUT", 1_000_000)
    child("while True: sys.stdout.write('x' * 65536)")

    assert refusal(GOOD, "a.csv", here=False) == "upload_memory"


def test_a_reader_inherits_no_secret_and_starts_in_an_empty_folder_of_its_own(child, monkeypatch):
    monkeypatch.setenv("SECRET_FOR_TEST", "s3cret")
    child(
        "seen = [sorted(os.environ), os.getcwd(), os.listdir(), os.environ['TMPDIR']]\n"
        "print(json.dumps({'refused': ['upload_damaged', {'seen': seen}]}))"
    )
    with pytest.raises(UnreadableFileError) as caught:
        read(GOOD, "a.csv")
    names, folder, files, temporary = caught.value.values["seen"]

    assert "SECRET_FOR_TEST" not in names
    assert (files, os.path.realpath(temporary)) == ([], folder)
    assert not os.path.exists(folder)


@LINUX
def test_a_reader_has_the_limits_that_it_was_given(child):
    child(
        f"import runpy, resource\n"
        f"names = runpy.run_path({str(process.CHILD)!r})\n"
        "names['_limit']({'memory': 1_000_000_000, 'cpu': 7})\n"
        "kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE, "
        "resource.RLIMIT_FSIZE)\n"
        "seen = [resource.getrlimit(kind)[0] for kind in kinds]\n"
        "print(json.dumps({'refused': ['upload_damaged', {'seen': seen}]}))"
    )
    with pytest.raises(UnreadableFileError) as caught:
        read(GOOD, "a.csv")

    assert caught.value.values["seen"] == [1_000_000_000, 7, 0, 0]
    assert (Limits().memory, Limits().cpu, Limits().wall) == (1_500_000_000, 20, 30)


@pytest.mark.parametrize("content", [GOOD, xlsx(HEADER_ROW)])
def test_a_reader_starts_light(content):
    limits = {"memory": Limits().memory, "cpu": Limits().cpu}
    request = {"path": sys.path, "limits": limits, "name": "a", "headers": [], "encoding": None}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-X", "importtime", str(process.CHILD)],
        input=json.dumps(request).encode() + b"\n" + content,
        capture_output=True,
        check=True,
    )
    loaded = {line.rpartition(b"|")[2].strip().decode() for line in done.stderr.splitlines()}

    heavy = {"streamlit", "plotly", "pandera", "pandas", "numpy", "pyarrow", "gcs_data.store"}
    assert loaded & heavy == set()
    assert b'"end"' in done.stdout.splitlines()[-1]


@LINUX
def test_what_the_page_raises_ends_the_reading_and_leaves_no_process(child):
    child("print(json.dumps({'stage': ['reading', 0.5]}), flush=True)\ntime.sleep(600)")

    def stop(stage, done):
        if stage == "reading":
            raise KeyError("the visitor left")

    before = children()
    with pytest.raises(KeyError, match="the visitor left"):
        read(GOOD, "a.csv", progress=stop)

    assert children() == before


def children():
    with open(f"/proc/self/task/{threading.get_native_id()}/children", encoding="ascii") as file:
        return file.read().split()


def test_the_process_that_asks_has_nothing_to_do_while_a_bomb_is_read():
    bomb = ods(ods_table(*(ods_row(at) for at in range(60_000))))
    answers, ticks = [], 0
    worker = threading.Thread(target=lambda: answers.append(read(bomb, "a.ods")))
    begun = os.times()
    worker.start()
    while worker.is_alive():
        worker.join(0.01)
        ticks += 1
    here, system, *there = (now - then for now, then in zip(os.times()[:4], begun, strict=False))

    assert answers[0].sheets[0].cells.shape == (59_999, 1)
    assert ticks > 10
    assert here + system < sum(there) / 4  # Nearly all of it is making the frame at the end.


def test_no_message_is_so_long_that_a_server_would_wait_for_it():
    many = ["x"] * (3 * AT_ONCE + 1)
    dates = [(at, 0) for at in range(2 * AT_ONCE)]
    table = Table("", ["a"], 1, [many], list(range(len(many))), dates=dates)
    said = list(messages(Contents("csv", [table], [], [])))

    assert max(len(list(one.values())[0]) for one in said) <= AT_ONCE
    answer = Answer()
    for one in said:
        answer.take(json.dumps(one).encode())
    assert answer.contents == Contents("csv", [table], [], [])


@pytest.mark.parametrize(
    "spoilt",
    [
        {"lines": [1.5]},
        {"cells": [1]},
        {"dates": [[1]]},
        {"end": {"kind": "csv", "skipped": [], "notices": []}},  # A column is missing.
        {"nothing": 1},
        {"stage": "reading"},
    ],
)
def test_messages_that_do_not_fit_are_not_believed(spoilt):
    answer = Answer()
    about = {**vars(Table("", ["a", "b"], 1, [], [])), "findings": []}
    for one in ({"table": about}, {"lines": [2]}, {"column": []}, {"cells": ["x"]}):
        answer.take(json.dumps(one).encode())

    with pytest.raises(Refused) as caught:
        answer.take(json.dumps(spoilt).encode())
    assert caught.value.code == "upload_crashed"


def test_every_sentence_names_the_file_and_what_to_do_next():
    sentences = {code: text for code, text in TEMPLATES.items() if code.startswith("upload_")}

    assert len(sentences) > 30
    for code, text in sentences.items():
        assert "“{name}”" in text, code
        assert text.endswith("."), code
        assert text.count(". ") >= 1 or ", " in text, code
