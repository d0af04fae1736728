"""Who may do what. Reading is open; a staff page begins with `access.require("staff")`.

What a page knows of its visitor is looked up again each time it asks: a removed account, a sign-out
in another tab and an idle sign-in count at once, also in a tab that has been open for hours.
"""

import logging
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

import settings
from server import link, oidc, session, way_back
from server.accounts import FACILITATOR, STAFF
from server.session import Person
from server.signin import Door
from ui.address import carried
from ui.early import done
from ui.escape import md
from ui.language import visitor_words
from words import Words

LOG = logging.getLogger("gcs")
# By address: in the menu only for those with the role.
PAGES = {"present": FACILITATOR, "manage": STAFF}


def door() -> Door:
    """How people come in on this server, for its start.

    Raises:
        SettingError: If a secret is missing, damaged or a sample.
    """
    auth = _auth()
    if auth is None:
        raise oidc.AuthSectionError("Streamlit's secrets file cannot be read.")
    oidc.check(auth)
    return Door(st.get_option("server.address"), by_provider=bool(auth), can=session.prepare())


def who() -> Person | None:
    """Who is signed in; somebody whom a provider vouches for may be on no list, with no roles."""
    auth = _auth()
    if auth is None:
        return None
    if auth:
        return _by_provider(st.user.to_dict())
    here = st.get_option("server.address") in link.HERE
    return session.person(_cookie(), here=here)


def still(role: str) -> Person | None:
    """Who is signed in and has this role now; None if nobody. Ask again before each publish."""
    person = who()
    return person if person and person.may(role) else None


def require(role: str) -> Person:
    """Go on with the page for somebody with this role; end it with a way to sign in for others."""
    person = who()
    if person and person.may(role):
        return person
    t = visitor_words()
    about = {
        STAFF: t("This page is for staff who manage the data."),
        FACILITATOR: t("This page is for facilitators of workshops."),
    }[role]
    if person:
        st.title(t("Not for this account"), anchor=False)
        no_role = t("You are signed in as {name}, who is not on its list.", name=md(person.name))
        st.markdown(f"{about} {no_role} {t('Ask whoever runs this site.')}")
    else:
        st.title(t("Sign in"), anchor=False)
        st.markdown(f"{about} {_why(t)}")
        _draw_ways_in(t)
    done()


def shows(address: str) -> bool:
    """Whether a page stands in this visitor's menu."""
    return address not in PAGES or still(PAGES[address]) is not None


def draw_signed_in(t: Words) -> None:
    """Draw who is signed in and the way out; nothing for everybody else."""
    person = who()
    if not person:
        return
    name = f'<span class="gcs-soft">{escape(person.name)}</span>'
    with st.container(
        horizontal=True, vertical_alignment="center", width="content", key="signed-in"
    ):
        if _auth():
            st.html(name, width="content")
            st.button(t("Sign out"), type="tertiary", on_click=_leave_provider, key="sign out")
            return
        action = escape(_address("signout"), quote=True)
        button = f"<button>{escape(t('Sign out'))}</button>"
        form = f'<form class="gcs-signed-in" method="post" action="{action}">{name}{button}</form>'
        st.html(form, width="content")


def invite(t: Words) -> None:
    """Draw where staff and facilitators sign in, for those who have not."""
    if who():
        return
    st.header(t("For staff"), anchor="staff")
    st.markdown(t("Staff who manage the data and facilitators of workshops sign in here."))
    _draw_ways_in(t)


def _why(t: Words) -> str:
    """What to do, and why it is asked of somebody who had signed in before."""
    by_provider = bool(_auth()) and st.user.to_dict().get("is_logged_in")
    if not (by_provider or _cookie()):
        return t("Sign in to go on.")
    return t.plural(
        "You are no longer signed in: that ends after {n} minute without a click, or when the "
        "account is changed. Sign in again to go on.",
        "You are no longer signed in: that ends after {n} minutes without a click, or when the "
        "account is changed. Sign in again to go on.",
        settings.idle_minutes(),
    )


def _draw_ways_in(t: Words) -> None:
    providers = oidc.providers(_auth() or {})
    for name in providers:
        label = t("Sign in with {name}", name=md(name)) if len(providers) > 1 else t("Sign in")
        asked = None if name == "default" else name
        st.button(label, type="primary", on_click=st.login, args=(asked,), key=f"sign in {name}")
    if not providers:
        to = escape(_address("signin"), quote=True)
        st.html(f'<a class="gcs-button" href="{to}">{escape(t("Sign in"))}</a>')


def _address(page: str) -> str:
    """The address of a plain page of ours from which the visitor comes back to this very view."""
    name = urlsplit(st.context.url or "").path.rpartition("/")[2]
    query = urlencode({key: st.query_params.get_all(key) for key in st.query_params}, doseq=True)
    here = way_back.page(f"/{name}" + (f"?{query}" if query else ""))
    return f"./{page}?{urlencode(carried(next=here))}"


def _cookie() -> str:
    value = st.context.cookies.get(session.COOKIE)
    return value if isinstance(value, str) else ""  # Streamlit's AppTest has stand-ins there.


def _auth() -> Mapping[str, Any] | None:
    """The [auth] section of Streamlit's secrets, empty without one; None if it cannot be read."""
    try:
        section: Mapping[str, Any] = st.secrets.get("auth", {})
    except FileNotFoundError as problem:  # Streamlit raises it for a damaged file as well.
        return {} if getattr(problem, "error_id", "") == "no-secrets-found" else None
    return section


def _by_provider(claims: Mapping[str, Any]) -> Person | None:
    began = claims.get("iat")
    if not claims.get("is_logged_in") or not isinstance(began, int | float):
        return None
    try:
        if not session.alive(_number(claims), began, elsewhere=True):
            return None
    except OSError as problem:
        LOG.error("Nobody is signed in: %s", problem)
        return None
    named = (claims.get(claim) for claim in ("name", "email", "sub"))
    name = next((each for each in named if isinstance(each, str) and each), "?")
    return Person(name, oidc.roles(claims, settings.staff(), settings.facilitators()))


def _number(claims: Mapping[str, Any]) -> str:
    """What names one sign-in at a provider."""
    return repr([str(claims.get(claim)) for claim in ("iss", "sub", "iat", "nonce")])


def _leave_provider() -> None:
    session.end_number(_number(st.user.to_dict()))
    st.logout()
