"""How phones and the projector find a room, and whether a phone has."""

from base64 import b64encode
from functools import lru_cache
from html import escape

import segno
import streamlit as st

from ui import parts, runs
from ui.escape import md
from words import Words
from workshop import addresses, site, voters
from workshop.addresses import Address
from workshop.ballots import OVER
from workshop.room import Room

EVERY = 3.0
BIG = "font-size:3.4rem;font-weight:700;letter-spacing:.12em;line-height:1.1;margin:0"
WHERE = "font-size:1.25rem;overflow-wrap:anywhere;margin:.2rem 0"
QR_WIDTH = "width:min(19rem,100%);background:#fff;border-radius:.4rem;display:block"


def draw(room: Room, t: Words) -> None:
    """The code, the address, the QR code, and the ways to the screen and to a phone's page."""
    if not room.is_now or room.state in OVER:
        st.info(t("Nobody can join this run any more."), icon=":material/info:")
        return
    here = phone_address(room.code)
    left, right = st.columns([3, 2], gap="large", vertical_alignment="top")
    with left:
        st.html(
            f'<p style="{BIG}">{escape(room.code)}</p><p style="{WHERE}">{escape(here.short)}</p>'
        )
        st.caption(md(_basis(here, t)))
        with st.container():  # See DECISIONS.md: what stands after a part must not hang on it.
            _reached(here, t)
        _ways(room, t)
    with right:
        st.html(qr(here.url, t))


def phone_address(code: str = "") -> Address:
    """Where phones find this server."""
    return addresses.phone_address(
        code, port=st.get_option("server.port"), listening=st.get_option("server.address")
    )


@lru_cache(maxsize=64)  # The desk is drawn anew all the time, and a code takes 5 ms.
def qr(url: str, t: Words) -> str:
    """A QR code as an image, dark on light in either theme: many phones read no other."""
    svg = segno.make(url, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True
    )
    svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    data = b64encode(svg.encode()).decode()
    alt = escape(t("QR code for {address}", address=url), quote=True)
    return f'<img style="{QR_WIDTH}" src="data:image/svg+xml;base64,{data}" alt="{alt}">'


def _basis(here: Address, t: Words) -> str:
    return {
        "public": t("This is the public address that whoever runs this server has set."),
        "network": t(
            "This is this computer’s own address in its network. Phones must be on the same "
            "network."
        ),
        "here": t(
            "Only this computer can open this address. For a room, start the server with “make "
            "workshop”, or rate on paper or by show of hands."
        ),
    }[here.basis]


@st.fragment(run_every=EVERY)
@runs.part_of("present")
def _reached(here: Address, t: Words) -> None:
    """Whether a phone has found the server; looked at again and again."""
    if here.basis == "here":
        return
    n = site.phones_that_reached()
    test = phone_address().url + "/test"
    if n:
        st.success(
            t.plural(
                "{n} device has reached this server since it started.",
                "{n} devices have reached this server since it started.",
                n,
            ),
            icon=":material/smartphone:",
        )
        return
    st.warning(
        md(
            t(
                "No phone has reached this server yet. Try one with {test}. If it cannot, the "
                "Wi-Fi may keep devices apart: use another network or a phone’s hotspot, or rate "
                "on paper or by show of hands.",
                test=test,
            )
        ),
        icon=":material/phonelink_erase:",
    )


def _ways(room: Room, t: Words) -> None:
    """Links that open beside the desk. The screen's key lets it steer the room."""
    screen = addresses.screen_address(room.code, voters.here().screen_key(room))
    links = (
        (screen, t("Open the screen for the projector")),
        (f"./vote/{room.code}", t("See the phone’s page")),
    )
    buttons = " ".join(
        f'<a class="gcs-button" style="margin:.2rem .3rem .2rem 0" target="_blank" '
        f'rel="noopener noreferrer" href="{escape(address, quote=True)}">{escape(label)}</a>'
        for address, label in links
    )
    st.html(parts.paragraph_of(buttons))
    st.caption(
        t(
            "The screen opens in a new tab and may steer the room. Put that tab on the projector "
            "and keep this desk to yourself."
        )
    )
