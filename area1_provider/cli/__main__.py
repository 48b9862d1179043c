"""`python -m area1_provider.cli`: the same as `area1`."""

from area1_provider.cli import main

main()
