"""What operators do from a shell: one command, which works while the web part is down."""
