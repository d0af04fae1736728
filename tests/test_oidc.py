"""What a provider's word is worth, and the way back from it."""

import pytest
import signing
from signing import Visitor, add

import settings
from server import oidc, way_back

pytestmark = pytest.mark.usefixtures("secrets_folder")


VERIFIED = {"email": "Ana@GCS.example.org", "email_verified": True, "groups": ["a", "gcs-staff"]}


@pytest.mark.parametrize(
    ("entry", "claims", "has_role"),
    [
        ("ana@gcs.example.org", VERIFIED, True),
        ("ANA@gcs.example.org", VERIFIED, True),
        ("@gcs.example.org", VERIFIED, True),
        ("@gcs.example.org", {**VERIFIED, "email_verified": "true"}, True),
        ("groups=gcs-staff", VERIFIED, True),
        ("role=staff", {"role": "staff"}, True),
        ("ana@gcs.example.org", {**VERIFIED, "email_verified": False}, False),
        ("ana@gcs.example.org", {**VERIFIED, "email_verified": "false"}, False),
        ("ana@gcs.example.org", {**VERIFIED, "email_verified": 1.5}, False),
        ("@gcs.example.org", {"email": "ana@gcs.example.org"}, False),
        ("@example.org", VERIFIED, False),
        ("@gcs.example.org", {**VERIFIED, "email": "ana@evil-gcs.example.org"}, False),
        ("@gcs.example.org", {**VERIFIED, "email": "@gcs.example.org"}, False),
        ("@gcs.example.org", {**VERIFIED, "email": "ana@gcs.example.org@evil.example"}, False),
        ("@bank.example", {**VERIFIED, "email": "ana@ban\u212a.example"}, False),
        ("role=staff", {"role": "staffing"}, False),
        ("role=staff", {"role": None}, False),
        ("role=True", {"role": True}, False),
        ("role=staff", {}, False),
    ],
)
def test_a_provider_s_word_counts_for_whom_the_list_names(entry, claims, has_role):
    roles = frozenset({"staff", "facilitator"}) if has_role else frozenset()

    assert oidc.roles(claims, [entry], []) == roles
    assert oidc.roles(claims, [], [entry]) == roles - {"staff"}


def test_no_list_no_role():
    assert oidc.roles(VERIFIED, [], []) == frozenset()


AUTH = {
    "redirect_uri": "https://gcs.example.org/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "gcs",
    "client_secret": "q8v7Zr",
    "server_metadata_url": "https://login.example.org/.well-known/openid-configuration",
}


def test_a_whole_section_passes_and_names_its_providers():
    named = {key: AUTH[key] for key in ("client_id", "client_secret", "server_metadata_url")}
    shared = {key: AUTH[key] for key in ("redirect_uri", "cookie_secret")}

    oidc.check({})
    oidc.check(AUTH)
    oidc.check({**shared, "entra": named})
    assert oidc.providers(AUTH) == ["default"]
    assert oidc.providers({**shared, "entra": named, "client_kwargs": {}}) == ["entra"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cookie_secret", "xxx"),
        ("cookie_secret", "short-but-drawn-8471"),
        ("cookie_secret", "a" * 40),
        ("cookie_secret", "changeme-changeme-changeme-changeme"),
        ("redirect_uri", "https://a.example/"),
        ("client_id", "your-client-id"),
        ("client_id", ""),
        ("client_secret", "xxx"),
        ("client_secret", "<client secret>"),
        ("server_metadata_url", ""),
    ],
)
def test_a_missing_or_sample_secret_stops_the_start_and_is_not_said_aloud(key, value):
    with pytest.raises(settings.SettingError) as stopped:
        oidc.check({**AUTH, key: value})

    assert f"[auth] {key}" in str(stopped.value)
    assert not value or value not in str(stopped.value)


def test_where_a_provider_is_set_up_no_password_and_no_link_lets_anybody_in():
    add()
    door, visitor = signing.server(by_provider=True)

    assert visitor.get("/signin").headers["location"] == "./manage"
    assert visitor.sign_in("ana").headers["location"] == "./manage"
    assert visitor.get(f"/signin/link/{'A' * 43}").status == 403
    assert door.greeting("http://localhost:8501") == ""
    assert visitor.cookies == {}


def behind(status=302, location="/"):
    async def streamlit(scope, receive, send):
        headers = [(b"location", location.encode()), (b"set-cookie", b"_streamlit_user=signed")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return Visitor(oidc.WayBack(streamlit))


def test_a_provider_sends_people_back_to_the_page_they_came_from():
    visitor = behind()
    visitor.get("/auth/login", referer="http://localhost:8501/manage?x=1&lang=fr")

    answer = visitor.get("/oauth2callback?code=1&state=2")

    assert answer.headers["location"] == "./manage?x=1&lang=fr"
    assert visitor.cookies == {"_streamlit_user": "signed"}


@pytest.mark.parametrize(
    "referer", ["https://evil.example/manage", "http://localhost:8501/signin", "", "http://["]
)
def test_another_site_does_not_choose_the_way_back(referer):
    visitor = behind()
    visitor.get("/auth/login", referer=referer)

    assert visitor.get("/oauth2callback").headers["location"] == "./"


def test_a_way_back_that_somebody_wrote_into_the_cookie_is_not_taken():
    visitor = behind()
    visitor.cookies[way_back.COOKIE] = "%2F%2Fevil.example"

    assert visitor.get("/oauth2callback").headers["location"] == "./"


def test_another_site_signs_nobody_out_at_the_provider_either():
    assert behind().get("/auth/logout", sec_fetch_site="cross-site").status == 403
    assert behind().get("/auth/logout", sec_fetch_site="same-origin").status == 302
