"""Whether AI clients can connect: the site asks itself from outside, as they would."""
