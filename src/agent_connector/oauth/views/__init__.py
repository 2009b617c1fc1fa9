"""The doors of the authorization server, one endpoint per file."""
