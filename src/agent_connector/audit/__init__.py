"""The record: tool calls and events."""
