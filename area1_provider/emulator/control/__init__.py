"""The handle for tests: in process (`control.py`) and the same over HTTP (`over_http.py`).

Nothing that the real services have lives here.
"""
