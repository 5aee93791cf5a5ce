"""A believable portfolio and twelve weeks of its life, as neutral events from one seed."""
