"""Puts the generator of the reference pages on the path; it is a script's part, not a package that is installed."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "docs"))
