"""HTTP and what is under it: requests and answers as plain values, their refusals, the server, TLS, sockets.

The only room that knows a web framework (`server.py`, `transport.py`). No path, no rule, no tenant is known here.
"""
