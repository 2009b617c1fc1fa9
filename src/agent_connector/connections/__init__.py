"""The life of a connection, from the consent that opens it to its end."""
