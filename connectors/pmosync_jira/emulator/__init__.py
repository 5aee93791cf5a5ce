"""A stateful stand-in for a Jira site, Cloud and Data Center."""

from .server import JiraEmulator

__all__ = ["JiraEmulator"]
