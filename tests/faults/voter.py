"""Phones that vote all the time: `voter.py PORT PATH KEY LOG`, until its input ends.

A line of the log says what is about to be sent, and another, after the answer "saved", that it was.
A ballot without an answer is sent again with the same number, as the page's script does; after a
few ballots a phone makes room for another.
"""

import http.client
import json
import sys
import threading
from random import Random
from urllib.parse import urlencode

from workshop.voters import Voters

PHONES, EACH = 40, 4
JSON = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


def phone(place, port, path, voters, log, stop):
    chance = Random(place)
    line = None
    while not stop.is_set():
        cookie = voters.new_cookie()
        for number in range(1, EACH + 1):
            choices = "".join(chance.choice("012345") for _ in range(2))
            fields = dict(zip(("trust", "funding"), choices, strict=True))
            body = urlencode({"_run": 1, "_round": 1, "_number": number} | fields)
            log({"sent": cookie, "number": number, "choices": choices})
            while not stop.is_set():
                try:
                    line = line or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                    line.request("POST", path, body, JSON | {"Cookie": f"gcs_voter={cookie}"})
                    answer = line.getresponse()
                    reply = json.loads(answer.read())
                except (OSError, http.client.HTTPException, ValueError):
                    line = None
                    stop.wait(0.05)
                    continue
                if reply.get("saved"):
                    log({"saved": cookie, "number": number})
                    break
                stop.wait(0.2)


def main(port, path, key, log_file):
    stop, lock = threading.Event(), threading.Lock()
    with open(log_file, "a", encoding="utf-8") as file:

        def log(entry):
            with lock:
                file.write(json.dumps(entry) + "\n")
                file.flush()

        about = (int(port), path, Voters(key), log, stop)
        phones = [
            threading.Thread(target=phone, args=(place, *about), daemon=True)
            for place in range(PHONES)
        ]
        for each in phones:
            each.start()
        sys.stdin.read()
        stop.set()
        for each in phones:
            each.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
