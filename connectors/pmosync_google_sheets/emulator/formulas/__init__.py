"""Formulas: their syntax, what they are worth, and how their references follow rows, columns and tabs."""
