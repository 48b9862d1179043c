"""One managed thing a file; none knows another, and none knows a journaling vendor.

A file holds an args class whose every property is one line with its wire name, the rules of its cmdlets' pages, and
where its noun is irregular.
"""
