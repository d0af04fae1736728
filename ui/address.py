"""What a visitor chose is in the address, by id: a link reopens the view and Back returns to it.

Each widget here reads its ids from the address before it is drawn and writes them back after.
A value that equals the default is not written, so that opening a page never changes its address.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from gcs_data.errors import near_misses
from ui.escape import md
from ui.language import visitor_words
from ui.once import once_in_a_run

CARRIED = ("lang", "release", "embed")  # Every link of ours keeps these.
PAGE = "page"
LIDS = ("table ", "lid ")  # Keys of what opens and closes, with nothing of it in the address.
_SEEN, _VALUES = "seen in the address", "values of widgets"
_USED, _PICKED = "a widget was used", "a chart was used"


def begin() -> None:
    """Find out, before anything is drawn, whether the visitor used a widget to get here.

    On a slow network a second click leaves with the address from before the first. It must not
    be taken for Back, which comes without any change of a widget.
    """
    lids = tuple(str(key) for key in st.session_state if str(key).startswith(LIDS))
    now = {key: st.session_state[key] for key in (*_values(), *lids) if key in st.session_state}
    used = any(value not in _values().get(key, [False, None]) for key, value in now.items())
    st.session_state[_USED] = used or st.session_state.pop(_PICKED, False)
    if not st.session_state[_USED] and _SEEN in st.session_state:
        # After a link from a page to itself, Streamlit leaves the old address in the browser.
        here = {name: st.query_params.get_all(name) for name in st.query_params}
        st.query_params.from_dict(here)
    # What came in counts too: a second Back may leave before the first has been drawn.
    _values().update({key: [value, value] for key, value in now.items()})


def _values() -> dict[str, list[Any]]:
    """What each widget was when this run began, and what it was drawn as."""
    values: dict[str, list[Any]] = st.session_state.setdefault(_VALUES, {})
    return values


def carried(**more: Any) -> dict[str, Any]:
    """The query parameters of a link inside the dashboard: what is carried, and `more`."""
    return _carried() | {name: value for name, value in more.items() if value not in (None, "", [])}


@once_in_a_run
def _carried() -> dict[str, str]:
    return {name: st.query_params[name] for name in CARRIED if name in st.query_params}


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


def given(name: str) -> list[str]:
    """What is chosen in a widget that is drawn later in the page, known or not."""
    if _key(name) in st.session_state and not _moved(name):
        return list(st.session_state[_key(name)] or [])
    return st.query_params.get_all(name)


def chosen(name: str, known: Mapping[str, str] | Sequence[str]) -> str | None:
    """The id chosen in a widget that is drawn later in the page, which says if it is unknown."""
    given = st.query_params.get(name)
    if _key(name) in st.session_state and not _moved(name):
        given = st.session_state[_key(name)]  # Its widget has not written it into the address yet.
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
    elif known:
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


def one_of(
    name: str, label: str, options: Mapping[str, str], *, drawn: bool = True, **more: Any
) -> str:
    """One of a few, the first unless the address or the visitor says otherwise.

    Args:
        drawn: Behind a closed lid it is not, and what was chosen still counts.
    """
    default = next(iter(options))
    wanted = ids(name, options)[:1] or [default]
    _restore(name, wanted[0])
    chosen = st.session_state[_key(name)]
    if drawn:
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


def in_order(
    name: str, label: str, options: Mapping[str, str], *, most: int, placeholder: str, **more: Any
) -> list[str]:
    """A list to choose a few from; they stay in the order they were chosen in."""
    t = visitor_words()
    wanted = ids(name, options)
    if len(wanted) < len([each for each in st.query_params.get_all(name) if each in options]):
        st.info(t("The address names one of these twice; it is shown once."))
    if len(wanted) > most:
        st.warning(
            t(
                "The address names {n} of these; the first {most} are shown.",
                n=t.number(len(wanted)),
                most=t.number(most),
            ),
            icon=":material/help:",
        )
    _restore(name, wanted[:most])
    chosen = st.multiselect(
        label,
        list(options),
        format_func=_plain(options),
        max_selections=most,
        placeholder=placeholder,
        key=_key(name),
        **more,
    )
    _write(name, chosen)
    return chosen


def lid(name: str, label: str, *, opened: bool, icon: str) -> ExpanderContainer:
    """A lid with its `open`; `opened` says how it stands until the visitor moves it."""
    key = f"lid {name}"
    if key not in st.session_state:
        st.session_state[key] = opened
        _values()[key] = [opened, opened]  # Nobody used it to get here.
    return st.expander(label, icon=icon, key=key, on_change="rerun")


def text(name: str, label: str, *, placeholder: str, most: int, **more: Any) -> str:
    """A line to type into; the page follows as the visitor types."""
    _restore(name, st.query_params.get(name, "")[:most])
    typed = st.text_input(
        label,
        type="search",
        live=True,
        max_chars=most,
        placeholder=placeholder,
        key=_key(name),
        **more,
    )
    _write(name, [typed] if typed else [])
    return typed or ""


def page_number(pages: int) -> int:
    """Which page of a list, from 1; the address of a page that there is not gets a sentence."""
    t = visitor_words()
    given = st.query_params.get(PAGE, "1")
    known = given.isascii() and given.isdigit() and len(given) < 7 and 1 <= int(given) <= pages
    if not known:
        st.warning(
            t(
                "There is no page “{page}”; the last is page {last}. This is the first.",
                page=md(given[:20]),
                last=t.number(pages),
            ),
            icon=":material/help:",
        )
    here = int(given) if known else 1
    # Named by where it stands: a pagination given a value by its state warns in the log.
    number = st.pagination(pages, default=here, key=f"{PAGE} {here}") if pages > 1 else 1
    if number != here:
        _put(PAGE, [str(number)] if number > 1 else [])
        st.rerun()  # Or this widget would keep the number for when Back returns to it.
    return number


def choose(name: str, value: str) -> None:
    """Put a choice made on a chart into the address and its list. For a callback."""
    st.query_params[name] = value
    st.session_state[_key(name)] = value
    st.session_state[_PICKED] = True


def _restore(name: str, value: Any) -> None:
    """Set the widget from the address when that changed without us: a link, Back or Forward."""
    if _key(name) not in st.session_state or _moved(name):
        st.session_state[_key(name)] = value
        st.session_state.setdefault(_SEEN, {})[name] = st.query_params.get_all(name)


def _moved(name: str) -> bool:
    """Whether the address changed without us: by a link, Back or Forward."""
    seen = st.session_state.setdefault(_SEEN, {})
    moved: bool = seen.get(name) != st.query_params.get_all(name)
    return moved and not st.session_state.get(_USED)


def _write(name: str, values: list[str]) -> None:
    if values != st.query_params.get_all(name):
        if name != PAGE and PAGE in st.query_params:  # Another list begins at its first page.
            others = {each: st.query_params.get_all(each) for each in st.query_params}
            others.pop(PAGE)
            st.query_params.from_dict(others | {name: values})
        else:
            _put(name, values)
    st.session_state.setdefault(_SEEN, {})[name] = values
    drawn = st.session_state[_key(name)]
    _values().setdefault(_key(name), [drawn, drawn])[1] = drawn


def _put(name: str, values: list[str]) -> None:
    if values:
        st.query_params[name] = values
    else:
        st.query_params.pop(name, None)


def _key(name: str) -> str:
    return f"address {name}"


def _plain(options: Mapping[str, str]) -> Callable[[str], str]:
    return lambda option: options.get(option, option)  # A select box draws plain text.


def _labelled(options: Mapping[str, str]) -> Callable[[str], str]:
    return lambda option: md(options.get(option, option))  # Pills draw Markdown.
