"""Where releases are kept: a folder, or an object store reached through obstore.

Both keep two promises. What `keep` or `create` returned from is durable; and of several callers
that `create` one name, exactly one succeeds, and nobody ever sees half of what it wrote.
"""

import functools
import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from gcs_data.errors import KEPT, StoreError


def step(name: str) -> None:
    """Called between every two steps of a publish. Does nothing; tests end the process here."""


class Place(Protocol):
    """What the store needs of the place it is kept in. Paths are `folder/name`, with `/`."""

    @property
    def name(self) -> str:
        """What a message calls it."""

    def names(self, folder: str) -> list[str]:
        """The names in a folder; none if there is no such folder."""

    def read(self, path: str) -> bytes:
        """The content of a file. Raises FileNotFoundError."""

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        """The size in bytes of each of these files that is there."""

    def keep(self, path: str, data: bytes) -> None:
        """Make a file that is named by its content durable. Writing it twice is harmless."""

    def create(self, path: str, data: bytes) -> None:
        """Make a new file durable, whole from its first moment. Raises FileExistsError."""

    def remove(self, path: str) -> None:
        """Remove a file; one that is gone already is no error."""

    def everything(self) -> dict[str, datetime]:
        """When each file was last written."""

    def require_space(self, size: int) -> None:
        """Raise StoreError where `size` bytes of new data would not fit with room to spare."""


@functools.cache
def opened(location: str) -> Place:
    """The place that a folder or a URL (s3://, gs://, az://) names. Creates and tries nothing."""
    from gcs_data.folder import Folder

    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", location):
        return Folder(Path(location))
    if location.startswith("file://"):
        return Folder(Path(url2pathname(urlsplit(location).path)))
    from gcs_data.objects import Objects  # Here, because a folder needs no obstore.

    return Objects.at(location)


def prove(place: Place, size: int) -> None:
    """Try what a publish of `size` bytes needs: a create that fails the second time, a sync, space.

    Raises:
        StoreError: If the place cannot do it. Nothing is left behind.
    """
    place.require_space(size)
    probe = f"probe/{uuid.uuid4().hex}"
    place.create(probe, b"1")
    try:
        place.create(probe, b"2")
    except FileExistsError:
        return
    finally:
        place.remove(probe)
    raise store_error("store_unsafe", place.name)


def store_error(code: str, place: str, reason: str = "") -> StoreError:
    """What went wrong with a place, and that readers are not concerned."""
    return StoreError(code, place=place, reason=reason.rstrip("."), kept=KEPT)
