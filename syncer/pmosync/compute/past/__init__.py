"""What was: histories of items and milestones rebuilt from the systems' own entries. Pure."""
