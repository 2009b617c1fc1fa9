"""System checks: each names a mistake in the host's project, and the cure."""
