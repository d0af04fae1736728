"""What an uploader should know and need not fix: what was left out, converted or read as ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gcs_data.problems import MESSAGES, shortened


@dataclass(frozen=True)
class Note:
    """A code of `MESSAGES`, what its sentence holds, and the sheet and dataset it is about."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    sheet: str = ""
    dataset: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        """What fills the placeholders of its sentence, in whatever language that is."""
        return {
            name: shortened(value) if isinstance(value, str) else value
            for name, value in self.values.items()
        }

    @property
    def message(self) -> str:
        return MESSAGES[self.code].format(**self.fields)
