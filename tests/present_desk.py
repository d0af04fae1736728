"""How a test visits the facilitator's desk, and what it finds there."""

from streamlit.testing.v1 import AppTest

import settings


def visit(**query):
    """The desk, opened at an address."""
    app = AppTest.from_file(str(settings.ROOT / "ui" / "frame.py"), default_timeout=180)
    app.query_params.update(query)
    return app.switch_page(str(settings.ROOT / "pages" / "present.py")).run()


def said(app):
    """Everything that the page says in words, letter for letter."""
    kinds = (app.markdown, app.error, app.success, app.warning, app.info, app.caption, app.title)
    texts = [each.value for kind in kinds for each in kind]
    return " ".join(texts).replace("\\", "").replace("\u200b", "")


def html(app):
    bodies = [each.proto.body for each in app.get("html")]
    return " ".join(body for body in bodies if not body.startswith("<style>"))


def button(app, label):
    (found,) = [each for each in app.button if each.label == label]
    return found


def pressed(app, label):
    app = button(app, label).click().run()
    assert not app.exception
    return app


def field(app, label):
    (found,) = [each for each in app.text_input if each.label == label]
    return found
