"""Pseudonyms of raters: no name can be read from one, and a typing error shows.

`r-` and 20 characters of Crockford's base 32 (no I, L, O or U): 19 of an HMAC-SHA-256 of the name,
95 bits, and one check character, the sum of their values weighted by position, modulo 31.
"""

import hashlib
import hmac
import re
import unicodedata

from gcs_data.schema import PSEUDONYM

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 19


def pseudonym(name: str, key: bytes) -> str:
    """The pseudonym of a person's name under a secret key; the same name gives the same one.

    Case, accent composition and spaces do not count.
    """
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    digest = int.from_bytes(hmac.new(key, plain.encode(), hashlib.sha256).digest(), "big")
    body = "".join(_ALPHABET[(digest >> 5 * place) & 31] for place in range(_LENGTH))
    return f"r-{body}{_check(body)}"


def is_pseudonym(text: str) -> bool:
    """Whether text is a pseudonym with the right check character."""
    return bool(re.match(PSEUDONYM, text)) and _check(text[2:-1]) == text[-1]


def _check(body: str) -> str:
    # 31 is prime and above every weight, so one wrong or two swapped characters always show,
    # but for 0 and Z, which are the same modulo 31.
    return _ALPHABET[
        sum(place * _ALPHABET.index(letter) for place, letter in enumerate(body, 1)) % 31
    ]
