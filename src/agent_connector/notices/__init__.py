"""Mail about events: who is told, in which words, and a sender that loses none."""
