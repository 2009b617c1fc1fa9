"""The authorization server: OAuth 2.1 for AI clients, and nothing more of it."""
