"""An app without tools."""
