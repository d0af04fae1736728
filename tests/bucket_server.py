"""An object store on loopback: `bucket_server.py PORT`. Moto's S3, one request after the other.

Moto looks whether a name is taken and then writes, in as many threads as there are requests; an
object store that keeps its promises does both at once.
"""

import sys
import threading

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, run_simple


class Quiet(WSGIRequestHandler):
    """Without a line for each request."""

    def log_request(self, *_):
        pass


def one_by_one(app):
    turn = threading.Lock()

    def answer(environ, start_response):
        with turn:
            return list(app(environ, start_response))

    return answer


if __name__ == "__main__":
    store = one_by_one(DomainDispatcherApplication(create_backend_app))
    run_simple("127.0.0.1", int(sys.argv[1]), store, threaded=True, request_handler=Quiet)
