"""Passwords: what is kept of one, how one is checked, and which are refused."""

import hashlib
import hmac
import os
import re
import unicodedata

# OWASP's figures for scrypt at 32 MB: a third of a second and no more memory than a page needs.
LOG_N, BLOCK, PARALLEL = 15, 8, 3
KEPT = re.compile(r"scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([0-9a-f]{32})\$([0-9a-f]{64})")
SHORTEST, LONGEST = 12, 1000
DIFFERENT = 6
# What a long password must not be at its core, and what documents write in place of one.
COMMON = tuple(
    "password passwort passphrase motdepasse contrasena changeme letmein welcome bienvenue "
    "bienvenido qwerty qwertyuiop azerty azertyuiop admin administrator root secret example sample "
    "test cyber cyberstories goodcyberstories correcthorsebatterystaple".split()
)
ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def kept(password: str) -> str:
    """What is kept of a password: the figures, a salt drawn by chance, and the scrypt hash."""
    salt = os.urandom(16)
    digest = _scrypt(password, salt, LOG_N, BLOCK, PARALLEL)
    return f"scrypt${LOG_N}${BLOCK}${PARALLEL}${salt.hex()}${digest.hex()}"


def is_right(password: str, stored: str) -> bool:
    """Whether a password is the one of which `stored` was kept. Takes the same time either way."""
    parts = KEPT.fullmatch(stored)
    if parts is None:
        raise ValueError("This is not what is kept of a password.")
    log_n, block, parallel = (int(part) for part in parts.groups()[:3])
    digest = _scrypt(password, bytes.fromhex(parts[4]), log_n, block, parallel)
    return hmac.compare_digest(digest, bytes.fromhex(parts[5]))


# Checked where there is no account of that name, so that the answer takes as long. No password
# has it: both halves are drawn by chance.
NOBODY = f"scrypt${LOG_N}${BLOCK}${PARALLEL}${os.urandom(16).hex()}${os.urandom(32).hex()}"


def _scrypt(password: str, salt: bytes, log_n: int, block: int, parallel: int) -> bytes:
    # The same accent may be typed as one character or as two.
    typed = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    memory = 128 * 2**log_n * block
    return hashlib.scrypt(
        typed, salt=salt, n=2**log_n, r=block, p=parallel, maxmem=2 * memory + 2**20, dklen=32
    )


def weakness(password: str, name: str) -> str | None:
    """Why a password is refused, as a sentence; None if it is not."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(plain) < SHORTEST:
        return f"A password has at least {SHORTEST} characters; a few words do very well."
    if len(plain) > LONGEST:
        return f"A password has at most {LONGEST} characters."
    if len(set(plain)) < DIFFERENT:
        return "This password repeats itself; use more different characters."
    if len(name) > 3 and name.casefold() in plain:
        return "A password must not hold the name."
    if _is_common(plain) or any(_in_a_row(plain, row) for row in ROWS):
        return "This password is one of the first that anybody tries."
    return None


def _is_common(plain: str) -> bool:
    """Whether little is left without a common word, also one written with figures: passw0rd."""
    core = plain.strip("0123456789 !?.,;:*+-_#").translate(str.maketrans("013457@$", "oieastas"))
    letters = "".join(letter for letter in core if letter.isalpha())
    return any(word in letters and len(letters.replace(word, "")) < 4 for word in COMMON)


def _in_a_row(plain: str, row: str) -> bool:
    """Whether most of a password is a run of the keyboard or the alphabet, either way."""
    runs = row, row[::-1]
    most = max(6, len(plain) - 4)
    return any(plain[at : at + most] in run for run in runs for at in range(len(plain) - most + 1))
