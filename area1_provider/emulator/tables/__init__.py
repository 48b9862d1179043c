"""What every cmdlet takes and what every object holds, as data: one JSON file a noun, read by `rows.py`.

No rule lives here, and no value is converted here.
"""
