"""One file for each thing the command does: `HELP`, `add_arguments` and `run`."""
