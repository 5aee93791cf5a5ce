"""A subset of Jira's query language: text → clauses → a test on issues, with Jira's own words for what is wrong."""

from .lexer import JqlError
from .parser import Query, parse

__all__ = ["JqlError", "Query", "parse"]
