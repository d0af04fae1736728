"""Whatever a room goes through, the counts in the store are those of the ballots that count."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from workshop_rooms import ballot, cast, moved, recounted, room_in, stored, tallies, turnout

from workshop import paper, rooms
from workshop.ballots import GRACE
from workshop.errors import RefusedError
from workshop.votes import Votes

DEVICES = st.sampled_from("abcd")
CHOICES = st.text("0123 5-".replace(" ", ""), min_size=2, max_size=2).filter(lambda c: c != "--")
GROUPS = st.sampled_from(["", "academia", "government"])
STEPS = ["open_round", "pause", "close", "reveal", "hide", "second_round", "rehearse"]
SENT = st.tuples(
    DEVICES, CHOICES, st.one_of(st.none(), st.integers(1, 4)), GROUPS, st.integers(0, 2)
)


class Workshop(RuleBasedStateMachine):
    """A room, and beside it what each device was told is saved."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now = 1_800_000_000.0
        self.votes = Votes(str(Path(self.folder.name) / "votes.sqlite3"), lambda: self.now)
        self.room = room_in(self.votes, "open", rounds=2, ask_group=True)
        self.told = {}
        self.hands = Counter()
        self.paper = Counter()

    def teardown(self):
        self.votes.close()
        self.folder.cleanup()

    @rule(sent=st.lists(SENT, min_size=1, max_size=6))
    def phones_send(self, sent):
        ballots = [
            ballot(self.room, device, choices, number, group=group, round=round_)
            for device, choices, number, group, round_ in sent
        ]
        for each, said in zip(ballots, cast(self.votes, *ballots), strict=True):
            known = self.told.get((each.round, each.device), (0, "", ""))
            if not said.refused and (each.number is None or each.number > known[0]):
                assert said.saved
                self.told[each.round, each.device] = (said.number, each.choices, each.group)
            elif not said.refused:
                assert said.number == known[0]
                assert said.saved == (known[1:] == (each.choices, each.group))

    @rule(step=st.sampled_from(STEPS))
    def facilitator_commands(self, step):
        try:
            self.room = getattr(rooms, step)(self.votes, self.room.code)
        except RefusedError:
            assert rooms.room(self.votes, self.room.code).state == self.room.state

    @rule()
    def facilitator_resets(self):
        self.check_counts()
        self.room = rooms.open_round(self.votes, rooms.reset(self.votes, self.room.code).code)
        self.told, self.hands, self.paper = {}, Counter(), Counter()

    @rule(seconds=st.sampled_from([0.5, GRACE, GRACE + 1]))
    def time_passes(self, seconds):
        self.now += seconds

    @rule(score=st.integers(0, 5), group=GROUPS)
    def paper_is_typed_in(self, score, group):
        with_paper = self.typed(
            lambda: paper.add_ballot(self.votes, self.room, {"trust": score}, group)
        )
        self.paper[self.room.round] += with_paper

    @rule(number=st.integers(1, 3))
    def paper_is_taken_back(self, number):
        gone = self.typed(lambda: paper.remove_ballot(self.votes, self.room, number))
        self.paper[self.room.round] -= gone

    @rule(gene=st.sampled_from([0, 1]), counts=st.lists(st.integers(0, 3), min_size=5, max_size=5))
    def hands_are_counted(self, gene, counts):
        gene_id = self.room.genes[gene].gene_id
        if self.typed(lambda: paper.set_hands(self.votes, self.room, gene_id, counts)):
            for score, n in enumerate(counts, 1):
                self.hands[self.room.round, "hands", "", gene, score] = n

    def typed(self, change):
        try:
            change()
        except RefusedError:
            return False
        return True

    @invariant()
    def check_counts(self):
        ballots = stored(self.votes, self.room)
        counts, cast_, moves = recounted(self.votes, self.room)
        by_hand = Counter({key: n for key, n in self.hands.items() if n})
        assert tallies(self.votes, self.room) == counts + by_hand
        assert {key: n for key, n in turnout(self.votes, self.room).items() if n[0]} == cast_
        assert moved(self.votes, self.room) == moves
        phones = {key: row for key, row in ballots.items() if row.source == "phone"}
        assert {
            key: (row.number, row.choices, row.stakeholder_group) for key, row in phones.items()
        } == self.told
        typed = Counter(round_ for (round_, _), row in ballots.items() if row.source == "paper")
        assert typed == Counter({round_: n for round_, n in self.paper.items() if n})


@pytest.mark.parametrize("examples", [8, pytest.param(300, marks=pytest.mark.heavy)])
def test_the_counts_are_exact_whatever_happens(examples):
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Workshop,
        settings=settings(max_examples=examples, stateful_step_count=25),
    )
