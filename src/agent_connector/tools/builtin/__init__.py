"""Tools that belong to the connector itself."""
