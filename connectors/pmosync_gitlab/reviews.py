"""When a merge request was first reviewed: GitLab keeps no such field, its notes tell."""

from __future__ import annotations

from .client import Client, Row

FIELD = "first_review_at"
VERDICTS = ("approved this merge request", "requested changes")


def first_review(client: Client, request: Row) -> str | None:
    """The instant of the first comment or verdict of somebody other than the author, in GitLab's form; None if there is none.

    The list is read no farther than that. NotVisibleError where it is refused.
    """
    path = f"/projects/{request['project_id']}/merge_requests/{request['iid']}"
    author = (request.get("author") or {}).get("id")
    for page in client.beside(path, "notes", {"sort": "asc", "order_by": "created_at"}):
        for note in page.rows:
            if _is_review(note, author):
                return str(note["created_at"])
    return None


def _is_review(note: Row, author: object) -> bool:
    if (note.get("author") or {}).get("id") == author or not note.get("created_at"):
        return False
    return not note.get("system") or str(note.get("body", "")).startswith(VERDICTS)
