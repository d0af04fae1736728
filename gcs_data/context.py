"""Layers: figures on countries from elsewhere, to lay under what is on record."""

import pandas as pd


def known_layers(layers: pd.DataFrame) -> pd.DataFrame:
    """The layers there are.

    Args:
        layers: The dataset `layers`.

    Returns:
        One row per layer, by its label: index layer_id; columns `label`, `unit` and `source_url`
        as its newest row has them.
    """
    newest = layers.sort_values(["layer_id", "year", "country_iso3"], kind="stable")
    last = newest.groupby("layer_id", sort=False)[["label", "unit", "source_url"]].last()
    return last.sort_values("label", kind="stable")


def newest_figures(layers: pd.DataFrame, layer_id: str) -> pd.DataFrame:
    """The newest figure of each country in a layer.

    Figures in another unit than the layer's newest are left out: they cannot be compared.

    Args:
        layers: The dataset `layers`.
        layer_id: Which layer.

    Returns:
        Index country_iso3, in the alphabet; columns `value` (in the layer's unit) and `year`. A
        country without a figure has no row.
    """
    mine = layers[layers["layer_id"] == layer_id]
    if mine.empty:
        return mine.set_index("country_iso3")[["value", "year"]]
    unit = known_layers(mine)["unit"].iloc[0]
    ordered = mine[mine["unit"] == unit].sort_values(["country_iso3", "year"])
    newest: pd.DataFrame = ordered.groupby("country_iso3")[["value", "year"]].last()
    return newest
