"""The data of Good Cyber Stories: five calls, and the questions in `gcs_data.query`.

    from pathlib import Path
    import gcs_data

    store = gcs_data.Store("store/", shipped=Path("data"))
    stories = gcs_data.load(store, "stories")

No Streamlit and no Plotly: it works in a notebook, a cron job and a test.
"""

from gcs_data.store import Release, Store, current, history, load, publish, rollback

__all__ = ["Release", "Store", "current", "history", "load", "publish", "rollback"]
