import pytest

from workshop import addresses
from workshop.addresses import Address, phone_address


def test_a_public_address_is_the_one_that_is_shown(monkeypatch):
    monkeypatch.setenv("GCS_PUBLIC_URL", "https://gcs.example.org/room/")

    found = phone_address("CFHJKM", port=8501, listening="localhost")

    assert found == Address("https://gcs.example.org/room/vote/CFHJKM", "public")
    assert found.short == "gcs.example.org/room/vote/CFHJKM"


@pytest.mark.parametrize(
    ("listening", "own", "url", "basis"),
    [
        ("localhost", "192.168.1.7", "http://localhost:8501/vote/CFHJKM", "here"),
        ("0.0.0.0", "192.168.1.7", "http://192.168.1.7:8501/vote/CFHJKM", "network"),
        (None, "192.168.1.7", "http://192.168.1.7:8501/vote/CFHJKM", "network"),
        ("::", None, "http://localhost:8501/vote/CFHJKM", "here"),
        ("10.1.2.3", None, "http://10.1.2.3:8501/vote/CFHJKM", "network"),
        ("fd00::7", None, "http://[fd00::7]:8501/vote/CFHJKM", "network"),
    ],
)
def test_without_one_it_is_that_of_this_machine_in_its_network(
    monkeypatch, listening, own, url, basis
):
    monkeypatch.delenv("GCS_PUBLIC_URL", raising=False)
    monkeypatch.setattr(addresses, "own_address", lambda: own)

    assert phone_address("CFHJKM", port=8501, listening=listening) == Address(url, basis)


def test_without_a_code_it_is_where_one_is_typed(monkeypatch):
    monkeypatch.delenv("GCS_PUBLIC_URL", raising=False)

    assert phone_address(port=80, listening="localhost").url == "http://localhost:80/vote"


def test_a_machine_without_a_network_has_no_address(monkeypatch):
    class Nowhere:
        def __init__(self, *_):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def connect(self, _):
            raise OSError("Network is unreachable")

    monkeypatch.setattr(addresses.socket, "socket", Nowhere)

    assert addresses.own_address() is None
