"""`python -m workshop PORT`: before a workshop's server starts, where phones will find it."""

import sys

import settings
from server import accounts
from workshop.addresses import phone_address

ADDRESS = {
    "public": "Phones vote at {url} (GCS_PUBLIC_URL).",
    "network": "Phones in the same network vote at {url}. Try one with {url}/test.",
    "here": "This computer is in no network, so no phone will reach it.",
}
# The sign-in link works only on a server that no other machine can reach.
NO_ACCOUNT = """Nobody can sign in to the desk yet. Add a facilitator, once:
  .venv/bin/python -m server.accounts add NAME --role facilitator"""


def main(port: str) -> int:
    """Say where, and what is missing."""
    try:
        address = phone_address(port=int(port), listening=None)
        missing = not accounts.load()
    except (settings.SettingError, accounts.AccountsError, ValueError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    lines = [ADDRESS[address.basis].format(url=address.url)]
    lines += [f"The facilitator’s desk: http://localhost:{int(port)}/present"]
    lines += [NO_ACCOUNT] * missing
    sys.stdout.write("\n" + "".join(f"  {line}\n" for text in lines for line in text.split("\n")))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ["8501"]))
