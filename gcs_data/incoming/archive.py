"""The parts of a ZIP container, unpacked one at a time and counted while they unpack."""

import io
import zipfile
import zlib

from gcs_data.incoming.limits import (
    HIGHEST_RATIO,
    MEGABYTE,
    MOST_INFLATED,
    MOST_PARTS,
    RATIO_FROM,
    Refused,
    shown,
)

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # Spreadsheet programs know no other.
ENCRYPTED = 0x1
XML = (".xml", ".rels", ".vml")
UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


class Archive:
    """An opened container: which parts it has, and what they hold.

    Names are compared without regard to case and to which way slashes lean, as spreadsheet programs
    do. What is said of its size is never believed: `part` counts, and so does `count_rest`.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Refused("upload_damaged") from error
        infos = self._zip.infolist()
        if len(infos) > MOST_PARTS:
            raise Refused("upload_parts", found=len(infos), most=MOST_PARTS)
        self._infos = {_plain(info.filename): info for info in infos}
        if len(self._infos) < len(infos):  # Two readers could each take another one.
            raise Refused("upload_damaged")
        if any(info.flag_bits & ENCRYPTED for info in infos):
            raise Refused("upload_password")
        if any(info.compress_type not in METHODS for info in infos):
            raise Refused("upload_damaged")
        self._left = MOST_INFLATED
        self._counted: set[str] = set()

    @property
    def names(self) -> list[str]:
        """The parts, in small letters, in the order of the container."""
        return list(self._infos)

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._infos

    def part(self, name: str) -> bytes:
        """What a part holds; nothing if there is no such part.

        Raises:
            Refused: If it unpacks to too much, is damaged, or declares a document type.
        """
        info = self._infos.get(_plain(name))
        if info is None:
            return b""
        by_ratio = max(RATIO_FROM, HIGHEST_RATIO * info.compress_size)
        try:
            with self._zip.open(info) as file:
                data = file.read(min(by_ratio, self._left) + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise Refused("upload_damaged") from error
        if len(data) > self._left:
            raise Refused("upload_inflated", most=MOST_INFLATED // MEGABYTE)
        if len(data) > by_ratio:
            raise Refused("upload_ratio", part=shown(info.filename), most=HIGHEST_RATIO)
        if _plain(name) not in self._counted:
            self._counted.add(_plain(name))
            self._left -= len(data)
        if _plain(name).endswith(XML):
            _refuse_declarations(data, info.filename)
        return data

    def count_rest(self) -> None:
        """Unpack every part that nobody asked for, so that none is a bomb. Raises as `part`."""
        for name in self._infos:
            if name not in self._counted:
                self.part(name)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_declarations(data: bytes, name: str) -> None:
    if data.startswith(UTF16):
        data = data.replace(b"\0", b"")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Refused("upload_doctype", part=shown(name))
