"""A place that is an object store: S3, Google Cloud Storage, Azure, and what speaks like them."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import from_url

from gcs_data import place

# What stores say that know no conditional writes.
_CANNOT = re.compile("not supported|501 Not Implemented", re.IGNORECASE)


@dataclass(frozen=True)
class Objects:
    """A bucket, or a prefix in one. A put is durable and whole once it returns."""

    name: str
    bucket: Any
    # Files named by their content never change, so a size that was seen once stays true.
    _seen: dict[str, int] = field(default_factory=dict, compare=False)

    @classmethod
    def at(cls, url: str) -> "Objects":
        """The place at a URL; keys and region come from the environment, as its tools have it."""
        patience = timedelta(seconds=20)
        with _told(url):
            bucket = from_url(url, retry_config={"max_retries": 3, "retry_timeout": patience})
        return cls(url, bucket)

    def names(self, folder: str) -> list[str]:
        return [path.split("/", 1)[1] for path in self._listed(f"{folder}/")]

    def read(self, path: str) -> bytes:
        with _told(self.name, missing_ok=True):
            try:
                return bytes(obstore.get(self.bucket, path).bytes())
            except FileNotFoundError:
                self._seen.pop(path, None)
                raise

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        wanted = set(paths)
        if wanted - self._seen.keys():
            self._seen.update({path: item["size"] for path, item in self._listed().items()})
        return {path: self._seen[path] for path in wanted & self._seen.keys()}

    def keep(self, path: str, data: bytes) -> None:
        with _told(self.name):
            place.step("putting a file")
            obstore.put(self.bucket, path, data)

    def create(self, path: str, data: bytes) -> None:
        with _told(self.name):
            place.step("putting a new name")
            try:
                obstore.put(self.bucket, path, data, mode="create")
            except (AlreadyExistsError, PreconditionError) as error:
                # The answer to our own first try may have been lost on the way: then it is ours.
                if self._known(path) != data:
                    raise FileExistsError(path) from error

    def _known(self, path: str) -> bytes | None:
        try:
            return self.read(path)
        except FileNotFoundError:  # Refused because somebody else was about to write it.
            return None

    def remove(self, path: str) -> None:
        with _told(self.name):
            try:
                obstore.delete(self.bucket, path)
            except FileNotFoundError:
                return

    def everything(self) -> dict[str, datetime]:
        return {path: item["last_modified"] for path, item in self._listed().items()}

    def require_space(self, size: int) -> None:
        """Object stores have no end that could be asked for."""

    def _listed(self, prefix: str | None = None) -> dict[str, Any]:
        with _told(self.name):
            pages = obstore.list(self.bucket, prefix)
            return {item["path"]: item for page in pages for item in page}


@contextmanager
def _told(name: str, *, missing_ok: bool = False) -> Iterator[None]:
    """Turn obstore's errors into ours; FileExistsError passes."""
    try:
        yield
    except FileNotFoundError as error:
        if missing_ok:
            raise
        raise place.store_error("store_gone", name) from error  # The bucket itself.
    except (BaseError, NotImplementedError, ValueError) as error:
        reason = str(error).split("\n", 1)[0]
        denied = isinstance(error, (PermissionDeniedError, UnauthenticatedError))
        if denied or "403 Forbidden" in reason:  # A list that is denied is an error of no kind.
            code = "store_refused"
        elif isinstance(error, NotImplementedError) or _CANNOT.search(reason):
            code = "store_unsafe"
        elif "error sending request" in reason or "404 Not Found" in reason:
            code = "store_gone"
        else:
            code = "store_failed"
        raise place.store_error(code, name, reason) from error
