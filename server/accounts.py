"""Named accounts: `python -m server.accounts add NAME --role staff|facilitator`, `list`, `remove`.

They stand in one file of the secrets folder, which only the server may read. A change counts at
once; the server need not be restarted.
"""

import argparse
import getpass
import hashlib
import json
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import settings
from server import passwords, secret_files

STAFF, FACILITATOR = ROLES = ("staff", "facilitator")
LONGEST_NAME = 60
STALE = 30  # Seconds after which a change that was cut short no longer stands in the way.
OK, REFUSED, FAILED = 0, 1, 2


class AccountsError(Exception):
    """Accounts cannot be read or changed. The message is the whole story."""


@dataclass(frozen=True)
class Account:
    """Who may sign in, as what, and what is kept of the password."""

    name: str
    role: str
    password: str

    @property
    def mark(self) -> str:
        """Changes with the password, and gives nothing of it away."""
        return hashlib.sha256(self.password.encode()).hexdigest()[:16]


def key(name: str) -> str:
    """What two spellings of one name have in common: case, accents' form and spaces are alike."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def load() -> dict[str, Account]:
    """Every account by the key of its name; none where there is no file.

    Raises:
        AccountsError: If the file cannot be read. That is not the same as having no accounts.
    """
    path = _path()
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["accounts"]
        found = {key(row["name"]): Account(**row) for row in rows}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise AccountsError(f"{path} cannot be read ({type(problem).__name__}).") from None
    for account in found.values():
        if account.role not in ROLES or not passwords.KEPT.fullmatch(account.password):
            raise AccountsError(f"{path} holds an account that cannot be used.")
    return found


def add(name: str, role: str, password: str) -> bool:
    """Add an account, or give one a new role and password; says whether it is new.

    Raises:
        AccountsError: If the name or the password is refused.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise AccountsError(f"A name has 1 to {LONGEST_NAME} characters that can be seen.")
    if weakness := passwords.weakness(password, name):
        raise AccountsError(weakness)
    account = Account(name, role, passwords.kept(password))
    with _changing() as found:
        is_new = key(name) not in found
        found[key(name)] = account
    return is_new


def remove(name: str) -> None:
    """Take an account away; whoever is signed in with it no longer is.

    Raises:
        AccountsError: If there is none of that name.
    """
    with _changing() as found:
        if found.pop(key(name), None) is None:
            raise AccountsError(f"There is no account called “{name}”.")


def _path() -> Path:
    return settings.secrets_folder() / "accounts.json"


@contextmanager
def _changing() -> Iterator[dict[str, Account]]:
    """The accounts, written back afterwards, by one at a time."""
    path = _path()
    lock = path.with_suffix(".changing")
    with suppress(FileNotFoundError):
        if time.time() - lock.stat().st_mtime > STALE:
            lock.unlink()
    if not secret_files.create(lock):
        raise AccountsError("Somebody else is changing the accounts. Try again in a moment.")
    try:
        found = load()
        yield found
        rows = [asdict(account) for _, account in sorted(found.items())]
        secret_files.replace(path, json.dumps({"accounts": rows}, ensure_ascii=False, indent=1))
    finally:
        lock.unlink(missing_ok=True)


def _typed(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise AccountsError("There is no keyboard to type at; hand the password in with --stdin.")
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        raise AccountsError("The two are not the same. Nothing was changed.")
    return first


def _run(asked: argparse.Namespace) -> None:
    if asked.command == "add":
        is_new = add(asked.name, asked.role, _typed(asked.stdin))
        print(f"{'Added' if is_new else 'Changed'}: {asked.name}, {asked.role}.")
    elif asked.command == "remove":
        remove(asked.name)
        print(f"Removed: {asked.name}.")
    else:
        for account in load().values():
            print(f"{account.name}\t{account.role}")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused, 2 not possible."""
    parser = argparse.ArgumentParser(
        prog="python -m server.accounts", description="Who may sign in."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    adding = commands.add_parser("add", help="add an account, or change its role and password")
    adding.add_argument("name")
    adding.add_argument("--role", choices=ROLES, required=True)
    adding.add_argument("--stdin", action="store_true", help="read the password's line from stdin")
    commands.add_parser("remove", help="take an account away").add_argument("name")
    commands.add_parser("list", help="names and roles")
    try:
        _run(parser.parse_args(words))
    except AccountsError as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    except (OSError, settings.SettingError) as problem:
        print(problem, file=sys.stderr)
        return FAILED
    return OK


if __name__ == "__main__":
    raise SystemExit(main())
