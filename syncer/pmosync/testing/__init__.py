"""Shipped for authors: the rig that plays stories over emulated systems and the real connectors."""
