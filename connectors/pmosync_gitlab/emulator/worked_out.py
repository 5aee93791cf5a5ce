"""The fields of each kind that the emulator keeps or works out itself; every other one of a loaded record is shown as it came."""

from __future__ import annotations

ITEM_FIELDS = {
    *("id", "iid", "project_id", "title", "description", "state", "created_at", "updated_at", "closed_at", "closed_by"),
    *("labels", "milestone", "assignees", "assignee", "author", "user_notes_count", "web_url", "references", "_links"),
}
ISSUE_FIELDS = ITEM_FIELDS | {
    "due_date",
    "confidential",
    "issue_type",
    "type",
    "time_stats",
    "moved_to_id",
    "subscribed",
    "iteration",
    "epic",
    "epic_iid",
}
REQUEST_FIELDS = ITEM_FIELDS | {
    *(
        "merged_by",
        "merge_user",
        "merged_at",
        "target_branch",
        "source_branch",
        "reviewers",
        "work_in_progress",
        "draft",
    ),
    *(
        "sha",
        "merge_commit_sha",
        "reference",
        "source_project_id",
        "target_project_id",
        "user",
        "diff_refs",
        "subscribed",
    ),
}
PROJECT_FIELDS = {
    *("id", "name", "path", "path_with_namespace", "name_with_namespace", "namespace", "visibility", "archived"),
    *(
        "issues_access_level",
        "merge_requests_access_level",
        "default_branch",
        "created_at",
        "last_activity_at",
        "_links",
    ),
    *("web_url", "ssh_url_to_repo", "http_url_to_repo", "readme_url", "open_issues_count", "permissions"),
}
MILESTONE_FIELDS = {
    *("id", "iid", "project_id", "group_id", "title", "description", "state", "due_date", "start_date"),
    *("created_at", "updated_at", "expired", "web_url"),
}
ITERATION_FIELDS = {
    *("id", "iid", "sequence", "group_id", "title", "description", "state", "start_date", "due_date"),
    *("created_at", "updated_at", "web_url"),
}
EPIC_FIELDS = {
    *("id", "iid", "group_id", "parent_id", "title", "description", "state", "confidential", "web_url", "author"),
    *("reference", "references", "start_date", "due_date", "end_date", "created_at", "updated_at", "closed_at"),
    *("labels", "upvotes", "downvotes", "_links", "url"),
}
RELEASE_FIELDS = {
    *("tag_name", "project_id", "name", "author", "description", "milestones", "created_at", "released_at"),
    *("upcoming_release", "_links", "evidences", "assets"),
}
EVENT_FIELDS = {"id", "user", "created_at", "resource_type", "resource_id", "state", "milestone", "label", "action"}
NOTE_FIELDS = {
    *("id", "type", "body", "author", "created_at", "system", "noteable_id", "noteable_type", "noteable_iid"),
    "project_id",
}
