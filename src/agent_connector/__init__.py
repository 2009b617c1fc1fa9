"""Connect AI clients to the Django admin, each under its user's own permissions."""
