"""The MCP endpoint: the face that AI clients talk to."""
