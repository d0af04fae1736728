import pytest

from gcs_data.pseudonym import is_pseudonym, pseudonym

KEY = b"a secret"
AMINA = pseudonym("Amina Odhiambo", KEY)


def test_a_pseudonym_is_r_and_twenty_characters_and_holds_no_name():
    assert len(AMINA) == 22
    assert is_pseudonym(AMINA)
    assert "AMINA" not in AMINA.upper()


@pytest.mark.parametrize(
    "same", ["amina odhiambo", "  Amina   Odhiambo\n", "ＡＭＩＮＡ Odhiambo", "AMINA ODHIAMBO"]
)
def test_case_spaces_and_width_make_no_other_person(same):
    assert pseudonym(same, KEY) == AMINA


def test_how_an_accent_is_composed_makes_no_other_person():
    assert pseudonym("Ren\u00e9", KEY) == pseudonym("Rene\u0301", KEY) != pseudonym("Rene", KEY)


def test_another_key_gives_another_pseudonym():
    assert pseudonym("Amina Odhiambo", b"another secret") != AMINA


def test_every_wrong_character_shows_except_0_for_z():
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for place in range(2, 22):
        for letter in alphabet:
            wrong = AMINA[:place] + letter + AMINA[place + 1 :]
            same = {letter, AMINA[place]} in ({letter}, {"0", "Z"})
            assert is_pseudonym(wrong) == same or (place == 21 and letter == "Z")


def test_two_neighbours_swapped_show():
    for place in range(2, 21):
        first, second = AMINA[place : place + 2]
        swapped = AMINA[:place] + second + first + AMINA[place + 2 :]
        assert not is_pseudonym(swapped) or first == second or {first, second} == {"0", "Z"}


@pytest.mark.parametrize(
    "text", ["", "Amina", "r-", AMINA.lower(), AMINA[:-1], AMINA + "0", AMINA + "\n", " " + AMINA]
)
def test_other_text_is_no_pseudonym(text):
    assert not is_pseudonym(text)
