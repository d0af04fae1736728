"""The catalogues: whole, faithful to their messages, compiled, and up to date with the code."""

import importlib.util
import re
from functools import cache
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from words import LANGUAGES, LOCALES

ROOT = LOCALES.parent
TRANSLATED = [language for language in LANGUAGES if language != "en"]
# An icon or a colour, bold, code, and the two halves of a link.
MARKDOWN = re.compile(r":material/\w+:|:[a-z-]+(?=\[)|\*\*|`[^`]*`|\]\([^)]*\)")


@cache
def update():
    # Its folder has the name of a standard module, so it cannot be imported by name.
    spec = importlib.util.spec_from_file_location("update", LOCALES / "update.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def catalogue(language):
    with (LOCALES / language / "LC_MESSAGES" / "gcs.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language):
    return [message for message in catalogue(language) if message.id]


def forms(text):
    """The English or the translated forms of a message: one, or one for each number."""
    return [form for form in (text if isinstance(text, (tuple, list)) else [text]) if form]


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def unfaithful(message):
    """The translated forms whose placeholders are not those of the message."""
    english = [fields(form) for form in forms(message.id)]
    # A form may leave the number out only where the English singular does.
    return [form for form in forms(message.string) if fields(form) not in english]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_has_a_translation(language):
    missing = [m.id for m in messages(language) if not update().is_translated(m)]

    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_plural_has_as_many_forms_as_the_language(language):
    wanted = catalogue(language).num_plurals
    wrong = [m.id for m in messages(language) if m.pluralizable and len(m.string) != wanted]

    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_waits_to_be_looked_at(language):
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_message(language):
    assert [wrong for message in messages(language) for wrong in unfaithful(message)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_icons_and_other_markdown(language):
    changed = [
        form
        for message in messages(language)
        for form in forms(message.string)
        if sorted(MARKDOWN.findall(form)) != sorted(MARKDOWN.findall(forms(message.id)[0]))
    ]

    assert changed == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_ends_in_a_space_where_its_message_does(language):
    # What joins two parts of a sentence would glue them together.
    glued = [
        form
        for message in messages(language)
        for form in forms(message.string)
        if form.endswith(" ") != forms(message.id)[0].endswith(" ")
    ]

    assert glued == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_program_reads_what_the_translator_wrote(language):
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))

    assert (LOCALES / language / "LC_MESSAGES" / "gcs.mo").read_bytes() == compiled.getvalue()


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_holds_the_messages_of_the_code_and_no_others(language):
    code = {message.id for message in update().collected() if message.id}

    assert {message.id for message in messages(language)} == code


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("""a = f'{t("Map")}'""", ["Map"]),
        (
            """a = f'<b>{escape(t.plural("{n} row", "{n} rows", 2))}</b>'""",
            [("{n} row", "{n} rows")],
        ),
        ("""a = f'{t.number(3)}: {name}'""", []),
        ("""a = t("Where it "\n      "spread", n=1)""", ["Where it spread"]),
        ("""a = t(TEMPLATES[code])""", []),
    ],
)
def test_a_message_is_collected_wherever_it_stands(source, found):
    assert update().said_in(source) == found
