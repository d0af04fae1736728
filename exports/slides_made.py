"""What every slide of a room's result is made with: its notes, its footer, and a chart's place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from exports import room_words as said
from exports.room import COUNTS, RoomResult
from exports.slides_deck import Deck
from exports.slides_names import FAR, NEAR, around, pages
from exports.slides_text import BODY, EDGE, SIZES, WIDTH, Box, fitted, taken
from words import Words

RADAR = Box(EDGE, BODY.top, 560, BODY.height)
BESIDE = Box(EDGE + 580, BODY.top, WIDTH - 2 * EDGE - 580, BODY.height)
CAPTION = Box(EDGE, BODY.top, BODY.width, 96)
MOST_SPOKES, MOST_LABEL_LINES = 7, 3  # Of a radar with words beside it.
KNOWN = ["n", "mean", "median", "sd", "low", "high", *COUNTS, "agreement", "method"]

Told = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """A deck, what it is about, and the words for it."""

    deck: Deck
    result: RoomResult
    t: Words

    def notes(self, sentences: Sequence[str]) -> list[str]:
        """What a speaker reads: the sentences, then whose numbers these are, and every source."""
        t, result = self.t, self.result
        return [
            *sentences,
            said.provenance(result, t),
            said.turnout(result, t),
            said.sources(result, t),
            *result.sources,
            t("Room {code}.", code=result.code),
        ]

    def slide(self, title: str, sentences: Sequence[str], *more: str) -> Any:
        """A slide with its provenance at its foot and the sentences in its notes."""
        footer = [said.provenance(self.result, self.t) + " " + said.sources(self.result, self.t)]
        return self.deck.slide(title, footer=footer, notes=self.notes([*sentences, *more]))

    def circle(
        self, title: str, sentences: Sequence[str], how: str, gap: str
    ) -> tuple[Any, Box, list[str], Told]:
        """A slide for a radar, with words beside it, or above it where its names need the width.

        Args:
            title: The slide's title.
            sentences: What the radar says; where they find no room they are in the notes alone.
            how: How to read it.
            gap: What is said of a gene that the room did not rate.

        Returns:
            The slide, the radar's place, its labels, and what the radar is told.
        """
        every, genes = [*sentences, how], self.result.genes
        gaps = [gap if n == 0 else "" for n in self.result.last["n"]]
        labels = around(genes, gaps, NEAR)
        long = max(1 + label.count("\n") for label in labels) > MOST_LABEL_LINES
        if long or len(genes) > MOST_SPOKES or fitted(every, BESIDE, SIZES)[1] != every:
            slide, place, told = self.wide(title, [], how, sentences)
            return slide, place, around(genes, gaps, FAR), told
        slide = self.slide(title, every)
        self.deck.text(slide, every, BESIDE, SIZES)
        return slide, RADAR, labels, self._told(sentences)

    def wide(
        self, title: str, shown: Sequence[str], how: str, notes: Sequence[str] = ()
    ) -> tuple[Any, Box, Told]:
        """A slide with words above the place of a chart that is as wide as the slide."""
        slide = self.slide(title, [*notes, *shown], how)
        words = [" ".join(filter(None, [*shown, how]))]
        self.deck.text(slide, words, CAPTION, SIZES)
        high = taken(words, CAPTION, SIZES) + 8
        place = Box(BODY.left, BODY.top + high, BODY.width, BODY.height - high)
        return slide, place, self._told([*notes, *shown])

    def _told(self, sentences: Sequence[str]) -> Told:
        return {"alt": " ".join(sentences), "language": self.deck.language}

    def pages(self, rows: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, list[str], str]]:
        """Rows for one slide after the other, their labels, and what the title ends with."""
        labels = _labels(rows, self.t)
        parts = list(pages(labels, BODY))
        for page, part in enumerate(parts, 1):
            where = self.t("({page} of {pages})", page=page, pages=len(parts))
            end = " " + where if len(parts) > 1 else ""
            yield rows.iloc[part].reset_index(drop=True), labels[part], end

    def beside(self, rows: pd.DataFrame) -> pd.DataFrame:
        """What the data sheet carries of a round beside what is drawn."""
        known = rows[["gene", *KNOWN]].reset_index(drop=True)
        return known.assign(
            provenance="illustrative" if self.result.illustrative else "workshop",
            occasion=said.when_and_where(self.result, self.t),
            release=self.result.release,
        )


def _labels(rows: pd.DataFrame, t: Words) -> list[str]:
    """Names beside bars, with why there is no bar."""
    genes = [str(gene) for gene in rows["gene"]]
    if "mean" in rows:
        gaps = rows["mean"].isna()
        return [
            t("{gene} (not rated)", gene=gene) if gap else gene
            for gene, gap in zip(genes, gaps, strict=True)
        ]
    gaps = rows["difference"].isna()
    return [
        t("{gene} (too few)", gene=gene) if gap else gene
        for gene, gap in zip(genes, gaps, strict=True)
    ]
