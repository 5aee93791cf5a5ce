"""From an assessment to tables, and from tables to the fewest edits. Pure: one module a tab, no I/O, no clock."""
