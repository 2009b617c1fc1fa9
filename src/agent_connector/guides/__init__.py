"""How to connect one product, one file each; a new one is a copy of a file."""
