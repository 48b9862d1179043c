"""Reference pages and tables made from the code, so that they cannot drift. Prose that a person writes is in docs/data."""
