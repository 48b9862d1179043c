"""Entra: which tenants and applications there are, who proves what, and which tokens are given for it.

Nothing of Exchange's admin API lives here; how HTTP is served does not either.
"""
