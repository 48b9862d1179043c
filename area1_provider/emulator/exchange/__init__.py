"""The admin API: who may come in, reading commands, pages, batches, envelopes, the refusals of the front.

What a cmdlet does lives in `cmdlets`; how tokens come to be lives in `entra`.
"""
