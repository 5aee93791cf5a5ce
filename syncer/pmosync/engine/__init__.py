"""Runs one sync: calls things in order, decides nothing."""
