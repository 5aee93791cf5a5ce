"""Whose promise is it: ties source milestones to our codes, and mints codes for those that have none.

Typed rows decide; what they do not say is found: every source milestone in a container of a project gets one
milestone of ours. A name that fits two things, or none, is a problem with the choices, never a pick. Running twice
changes nothing; the order of rows and sources never matters.
"""

from pmosync.compute.identity.free import free_codes
from pmosync.compute.identity.identify import identify
from pmosync.compute.identity.spoken import in_rows
from pmosync.compute.identity.state import Identities, IdentityChanges

__all__ = ["Identities", "IdentityChanges", "free_codes", "identify", "in_rows"]
