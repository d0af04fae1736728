"""What a visitor chose is in the address, by id: a link reopens the view and Back returns to it.

Each widget here reads its ids from the address before it is drawn and writes them back after.
A value that equals the default is not written, so that opening a page never changes its address.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from gcs_data.errors import near_misses
from ui.escape import md
from ui.language import visitor_words

CARRIED = ("lang", "release", "embed")  # Every link of ours keeps these.
_SEEN = "address seen"


def carried(**more: Any) -> dict[str, Any]:
    """The query parameters of a link inside the dashboard: what is carried, and `more`."""
    kept = {name: st.query_params[name] for name in CARRIED if name in st.query_params}
    return kept | {name: value for name, value in more.items() if value not in (None, "", [])}


def ids(name: str, known: Mapping[str, str] | Sequence[str]) -> list[str]:
    """The known ids that the address gives for a parameter, once each.

    An unknown one gets a sentence with near misses instead of silence.

    Args:
        known: The ids there are; as a mapping, with what people call them.
    """
    given = list(dict.fromkeys(value for value in st.query_params.get_all(name) if value))
    for value in given:
        if value not in known:
            _say_unknown(name, value, known)
    return [value for value in given if value in known]


def chosen(name: str, known: Mapping[str, str] | Sequence[str]) -> str | None:
    """The id that the address gives, if it is known. Its widget, drawn later, says if it is not."""
    given = st.query_params.get(name)
    return given if given in known else None


def _say_unknown(name: str, value: str, known: Mapping[str, str] | Sequence[str]) -> None:
    t = visitor_words()
    text = t("There is no {name} called “{value}”.", name=name, value=md(value[:80]))
    labels = known if isinstance(known, Mapping) else {}
    by_name = {label.casefold(): each for each, label in labels.items()}
    near = near_misses(value, known) or [
        by_name[label] for label in near_misses(value.casefold(), by_name)
    ]
    if near:
        names = [f"{md(labels.get(each, each))} ({md(each)})" for each in near]
        text += " " + t("Did you mean {names}?", names=t.listed(names))
    else:
        text += " " + t("Choose one from the list.")
    st.warning(text, icon=":material/help:")


def select(
    name: str, label: str, options: Mapping[str, str], *, placeholder: str, **more: Any
) -> str | None:
    """A list to choose one from, or none; options are ids with what people call them."""
    wanted = ids(name, options)[:1]
    _restore(name, wanted[0] if wanted else None)
    chosen = st.selectbox(
        label,
        list(options),
        index=None,
        format_func=_plain(options),
        placeholder=placeholder,
        key=_key(name),
        **more,
    )
    _write(name, [chosen] if chosen else [])
    return chosen


def several(name: str, label: str, options: Mapping[str, str], **more: Any) -> list[str]:
    """Small labels to switch on and off; none on means all."""
    _restore(name, ids(name, options))
    chosen = st.pills(
        label,
        list(options),
        format_func=_labelled(options),
        selection_mode="multi",
        wrap=True,
        key=_key(name),
        **more,
    )
    # In the order of the options, so that the same choice has one address.
    kept = [option for option in options if option in chosen]
    _write(name, kept)
    return kept


def some_of(
    name: str, label: str, options: Mapping[str, str], *, placeholder: str, **more: Any
) -> list[str]:
    """A list to choose any number from; none chosen means all."""
    _restore(name, ids(name, options))
    chosen = st.multiselect(
        label,
        list(options),
        format_func=_plain(options),
        placeholder=placeholder,
        key=_key(name),
        **more,
    )
    kept = [option for option in options if option in chosen]
    _write(name, kept)
    return kept


def one_of(name: str, label: str, options: Mapping[str, str], **more: Any) -> str:
    """One of a few, the first unless the address or the visitor says otherwise."""
    default = next(iter(options))
    wanted = ids(name, options)[:1] or [default]
    _restore(name, wanted[0])
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=_labelled(options),
        required=True,
        wrap=True,
        key=_key(name),
        **more,
    )
    _write(name, [] if chosen in (None, default) else [chosen])
    return chosen or default


def choose(name: str, value: str) -> None:
    """Put a choice made on a chart into the address; its list follows. For a callback."""
    st.query_params[name] = value


def _restore(name: str, value: Any) -> None:
    """Set the widget from the address when that changed without us: a link, Back or Forward."""
    seen = st.session_state.setdefault(_SEEN, {})
    now = st.query_params.get_all(name)
    if _key(name) not in st.session_state or seen.get(name) != now:
        st.session_state[_key(name)] = value
        seen[name] = now


def _write(name: str, values: list[str]) -> None:
    if values != st.query_params.get_all(name):
        if values:
            st.query_params[name] = values
        else:
            st.query_params.pop(name, None)
    st.session_state.setdefault(_SEEN, {})[name] = values


def _key(name: str) -> str:
    return f"address {name}"


def _plain(options: Mapping[str, str]) -> Callable[[str], str]:
    return lambda option: options.get(option, option)  # A select box draws plain text.


def _labelled(options: Mapping[str, str]) -> Callable[[str], str]:
    return lambda option: md(options.get(option, option))  # Pills draw Markdown.
