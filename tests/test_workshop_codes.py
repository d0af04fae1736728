import pytest

from workshop import codes


def test_a_code_has_six_characters_that_nobody_mistakes():
    drawn = {codes.new_code() for _ in range(2000)}

    assert len(drawn) > 1990
    assert {len(code) for code in drawn} == {6}
    assert not set("".join(drawn)) & set("0OQD1IL5S2Z8B6GUVNAE")


@pytest.mark.parametrize("typed", ["CFHJKM", "cfhjkm", " cfh-jkm ", "CFH JKM", "C F H·J_K.M"])
def test_a_code_is_read_however_it_is_typed(typed):
    assert codes.tidy(typed) == "CFHJKM"


@pytest.mark.parametrize(
    "typed", ["", "CFHJK", "CFHJKMM", "CFHJK0", "CFHJKM" * 100, "CFHJKＭ", "../../", "test"]
)
def test_what_is_no_code_is_none(typed):
    assert codes.tidy(typed) == ""
