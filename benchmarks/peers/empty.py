"""A page with nothing but one list: what every interaction costs at least."""

import streamlit as st

st.selectbox("Story", ["One", "Two", "Three", "Four", "Five"], key="address story")
