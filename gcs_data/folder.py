"""A place that is a folder on a disk or a share, written so that a power cut loses nothing."""

import errno
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gcs_data import place

FREE_FACTOR = 5  # Free space asked for, in sizes of the new data.


@dataclass(frozen=True)
class Folder:
    """A folder on a disk or a share."""

    root: Path

    @property
    def name(self) -> str:
        return str(self.root)

    def names(self, folder: str) -> list[str]:
        with _told(self.name):
            try:
                return os.listdir(self.root / folder)
            except FileNotFoundError:
                return []

    def read(self, path: str) -> bytes:
        with _told(self.name, missing_ok=True):
            return (self.root / path).read_bytes()

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        found = {}
        with _told(self.name):
            for path in paths:
                try:
                    found[path] = (self.root / path).stat().st_size
                except FileNotFoundError:
                    continue
        return found

    def keep(self, path: str, data: bytes) -> None:
        target = self.root / path
        with _told(self.name):
            self._make(target.parent)
            if not _freshened(target, data):
                aside = _aside(target, data)
                place.step("renaming a file")
                os.replace(aside, target)
            place.step("syncing a file's folder")
            self._sync(target.parent)

    def create(self, path: str, data: bytes) -> None:
        # Not obstore's put(mode="create"): that links the name before the content is synced, so a
        # power cut could leave an empty manifest that readers already saw. A hard link is as
        # exclusive as O_EXCL (it fails if the name exists) and its content is whole and synced.
        target = self.root / path
        with _told(self.name):
            self._make(target.parent)
            aside = _aside(target, data)
        with _told(self.name, exists_ok=True):
            try:
                place.step("linking a new name")
                _link(aside, target, self.name)
                place.step("syncing a new name's folder")
                self._sync(target.parent)
            finally:
                with suppress(OSError):  # Published all the same; a sweep takes it.
                    aside.unlink()

    def remove(self, path: str) -> None:
        with _told(self.name):
            (self.root / path).unlink(missing_ok=True)

    def everything(self) -> dict[str, datetime]:
        found = {}
        with _told(self.name):
            for file in self.root.glob("*/*"):
                try:
                    written = file.stat().st_mtime
                except FileNotFoundError:  # A publisher has just renamed it.
                    continue
                found[file.relative_to(self.root).as_posix()] = datetime.fromtimestamp(written, UTC)
        return found

    def require_space(self, size: int) -> None:
        with _told(self.name):
            there = next(p for p in (self.root, *self.root.absolute().parents) if p.exists())
            disk = shutil.disk_usage(there)
            if disk.total and disk.free < FREE_FACTOR * size:  # Some shares know neither.
                raise place.store_error("store_full", self.name)

    def _make(self, folder: Path) -> None:
        missing = [path for path in (folder, *folder.absolute().parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for path in missing:
            _sync_folder(path.absolute().parent)

    def _sync(self, folder: Path) -> None:
        _sync_folder(folder)
        # Another publisher may have made the folder and not yet synced the one that holds it.
        _sync_folder(self.root)


def _freshened(target: Path, data: bytes) -> bool:
    """Whether the file is there already; then make it young, or a sweep might take it away."""
    try:
        if target.stat().st_size != len(data) or target.read_bytes() != data:
            return False
        os.utime(target)
    except (FileNotFoundError, PermissionError):  # Gone, or another user's: write it anew.
        return False
    return True


def _aside(target: Path, data: bytes) -> Path:
    """Write and sync a file under a temporary name beside its target."""
    aside = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        with aside.open("xb") as file:
            place.step("writing a file")
            file.write(data)
            file.flush()
            place.step("syncing a file")
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise
    return aside


def _link(aside: Path, target: Path, name: str) -> None:
    try:
        os.link(aside, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise place.store_error("store_unsafe", name) from error  # A disk without hard links.
        raise


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open folders; NTFS journals names by itself.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_CODES = {
    errno.ENOSPC: "store_full",
    errno.EDQUOT: "store_full",
    errno.EROFS: "store_read_only",
    errno.EACCES: "store_refused",
    errno.EPERM: "store_refused",
    errno.ENOENT: "store_gone",
    errno.ENOTDIR: "store_gone",
    errno.EEXIST: "store_gone",  # A file stands where the folder should be.
    errno.ENODEV: "store_gone",
    errno.ESTALE: "store_gone",
    errno.EHOSTDOWN: "store_gone",
}


@contextmanager
def _told(name: str, *, missing_ok: bool = False, exists_ok: bool = False) -> Iterator[None]:
    """Turn the system's errors into ours."""
    try:
        yield
    except OSError as error:
        if missing_ok and isinstance(error, FileNotFoundError):
            raise
        if exists_ok and isinstance(error, FileExistsError):
            raise
        code = _CODES.get(error.errno or 0, "store_failed")
        raise place.store_error(code, name, error.strerror or str(error)) from error
