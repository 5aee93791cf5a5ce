"""When open milestones will be done, by what is known today: distributions as numbers, not draws. Pure."""
