"""Answers by functions that touch nothing: days, baselines, dates, slips, colours, roll-ups."""
