"""Present: the facilitator's desk of a workshop room."""

import streamlit as st

from ui import access, present, present_new, present_said
from ui.early import done
from ui.language import visitor_words

person = access.require("facilitator")

t = visitor_words()
with present_said.told(t):
    room = present.chosen_room(person.name, t)
    if room is None:
        st.title(t("Open a room"), anchor=False)
        present_new.draw(t)
        done()
    present.heading(room, t)
    present.steer(room, t)
    part = present.chosen_part(t)
    present.PARTS[part](room, t)
