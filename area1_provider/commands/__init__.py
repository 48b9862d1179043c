"""What the `area1` command does, one command a file. Nothing is parsed or rendered here, and no colour is known."""
