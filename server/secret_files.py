"""Small files that only the server may read."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def folder(path: Path) -> Path:
    """Make a folder that only the server may enter, if there is none."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def replace(path: Path, text: str) -> None:
    """Write a file with mode 0600; whoever reads it meanwhile sees the old one or the new one."""
    handle, aside = tempfile.mkstemp(dir=folder(path.parent), prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(aside)


def create(path: Path) -> bool:
    """Make an empty file; says whether it did. Of two at once, one does."""
    folder(path.parent)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True
