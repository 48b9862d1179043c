"""`python -m area1_provider.emulator`: the emulator's command line without the rest of the package."""

from area1_provider.emulator.serve import app

app(prog_name="area1 emulator")
