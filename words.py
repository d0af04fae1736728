"""The words a visitor reads: gettext catalogues, numbers and lists in one language.

Nothing here is global. Whoever draws something is handed a `Words` and asks it, so that two
visitors in two languages can never see each other's sentences.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal

_SOUNDS_LIKE_I = re.compile(r"(?i)h?[ií](?![aeouáéóú])")
LOCALES = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "fr": "Français", "es": "Español"}
DEFAULT_LANGUAGE = "en"


class Words:
    """Everything needed to write in one language.

    `t("{n} countries", n=3)` translates first and fills in afterwards, so a translator sees the
    whole sentence. What is filled in is not escaped here: that depends on where it is drawn.
    """

    def __init__(self, language: str, translations: NullTranslations) -> None:
        self.language = language
        self._translations = translations
        self._locale = Locale.parse(language)

    def __call__(self, message: str, **values: object) -> str:
        """Translate a message, then fill in its `{name}` fields."""
        text = self._translations.gettext(message) if message else ""
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """Translate a message that depends on a number; `{n}` is the number, grouped."""
        text = self._translations.ngettext(one, many, n)
        return text.format(n=self.number(n), **values)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number with this language's separators and a fixed number of decimals.

        Halves are rounded up, as spreadsheets and the browser's tables do: 4.25 is 4.3.
        """
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        exact = Decimal(float(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        return format_decimal(exact, pattern, locale=self._locale)

    def listed(self, items: Sequence[str]) -> str:
        """Join items as a sentence does: "a, b and c"."""
        # British English has no comma before "and"; the locale's own file knows.
        locale = Locale("en", "GB") if self.language == "en" else self._locale
        text = format_list(list(items), style="standard", locale=locale)
        if self.language == "es" and len(items) > 1 and _SOUNDS_LIKE_I.match(items[-1]):
            head = text[: -len(items[-1])]  # "y" becomes "e" before its own sound.
            text = head.removesuffix(" y ") + " e " + items[-1]
        return text

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return words, (self.language,)


@cache
def words(language: str = DEFAULT_LANGUAGE) -> Words:
    """The words of a language; a message without a translation stays in English.

    Raises:
        KeyError: If the language is not one of `LANGUAGES`.
    """
    LANGUAGES[language]
    return Words(
        language, translation("gcs", localedir=LOCALES, languages=[language], fallback=True)
    )
