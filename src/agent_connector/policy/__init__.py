"""The only room that answers "may they?"."""
