"""Answers about people, groups, projects, milestones and labels, in the shape of the REST API."""

from __future__ import annotations

from datetime import timedelta

from .look import Json, Look, avatar, day, instant
from .records import Group, Label, Milestone, Person, Project

GHOST = Person(id=0, username="ghost", name="Ghost User")

PROJECT_SETTINGS: Json = {
    "packages_enabled": True,
    "empty_repo": False,
    "resolve_outdated_diff_discussions": False,
    "container_registry_enabled": True,
    "issues_enabled": True,
    "merge_requests_enabled": True,
    "wiki_enabled": True,
    "jobs_enabled": True,
    "snippets_enabled": True,
    "service_desk_enabled": False,
    "service_desk_address": None,
    "can_create_merge_request_in": True,
    "repository_access_level": "enabled",
    "forking_access_level": "enabled",
    "wiki_access_level": "enabled",
    "builds_access_level": "enabled",
    "snippets_access_level": "enabled",
    "pages_access_level": "private",
    "operations_access_level": "enabled",
    "analytics_access_level": "enabled",
    "emails_disabled": None,
    "shared_runners_enabled": True,
    "lfs_enabled": True,
    "creator_id": 1,
    "import_status": "none",
    "ci_default_git_depth": 50,
    "ci_forward_deployment_enabled": True,
    "public_jobs": True,
    "build_timeout": 3600,
    "auto_cancel_pending_pipelines": "enabled",
    "build_coverage_regex": None,
    "ci_config_path": None,
    "shared_with_groups": [],
    "only_allow_merge_if_pipeline_succeeds": False,
    "allow_merge_on_skipped_pipeline": None,
    "restrict_user_defined_variables": False,
    "request_access_enabled": True,
    "only_allow_merge_if_all_discussions_are_resolved": False,
    "remove_source_branch_after_merge": True,
    "printing_merge_request_link_enabled": True,
    "merge_method": "merge",
    "suggestion_commit_message": None,
    "auto_devops_enabled": True,
    "auto_devops_deploy_strategy": "continuous",
    "autoclose_referenced_issues": True,
    "repository_storage": "default",
}

MODERN_PROJECT_SETTINGS: Json = {
    "topics": [],
    "emails_enabled": True,
    "group_runners_enabled": True,
    "squash_option": "default_off",
    "releases_access_level": "enabled",
    "environments_access_level": "enabled",
    "monitor_access_level": "enabled",
    "security_and_compliance_access_level": "private",
    "container_registry_access_level": "enabled",
    "merge_commit_template": None,
    "squash_commit_template": None,
    "keep_latest_artifact": True,
    "import_type": None,
    "enforce_auth_checks_on_uploads": True,
}

GROUP_SETTINGS: Json = {
    "share_with_group_lock": False,
    "require_two_factor_authentication": False,
    "two_factor_grace_period": 48,
    "project_creation_level": "developer",
    "auto_devops_enabled": None,
    "subgroup_creation_level": "maintainer",
    "emails_disabled": None,
    "mentions_disabled": None,
    "lfs_enabled": True,
    "default_branch_protection": 2,
    "avatar_url": None,
    "request_access_enabled": True,
}


def person(look: Look, number: int | None) -> Json | None:
    """The short form of an account, as issues show it; a deleted one is the ghost, None stays None."""
    if number is None:
        return None
    found = look.site.people.get(number, GHOST)
    short: Json = {
        "id": found.id,
        "name": found.name,
        "username": found.username,
        "state": found.state,
        "avatar_url": avatar(found.email or found.username),
        "web_url": f"{look.base}/{found.username}",
    }
    if look.dialect.modern:
        short |= {"public_email": "", "locked": False}
    return short


def listed_person(look: Look, found: Person) -> Json:
    """An account in a list of users: e-mails are for administrators alone."""
    shown = person(look, found.id) or {}
    return shown | found.extra | ({"email": found.email} if look.admin else {})


def current_user(look: Look, found: Person) -> Json:
    """Whoever the token belongs to."""
    shown = person(look, found.id) or {}
    shown |= {"created_at": instant(found.created_at), "bio": "", "location": None, "public_email": "", "skype": ""}
    shown |= {"linkedin": "", "twitter": "", "website_url": "", "organization": None, "job_title": "", "bot": False}
    shown |= {"work_information": None, "followers": 0, "following": 0, "last_sign_in_at": None}
    shown |= {"confirmed_at": instant(found.created_at), "last_activity_on": day(look.site.now.date())}
    shown |= {"email": found.email, "commit_email": found.email, "theme_id": 1, "color_scheme_id": 1}
    shown |= {"projects_limit": 100_000, "current_sign_in_at": None, "identities": [], "can_create_group": True}
    shown |= {"can_create_project": True, "two_factor_enabled": False, "external": False, "private_profile": False}
    shown |= _modern_user() if look.dialect.modern else {"bio_html": ""}
    return shown | found.extra | _admin(look)


def _modern_user() -> Json:
    return {"bio_html": "", "pronouns": None, "local_time": None, "discord": "", "scim_identities": []}


def _admin(look: Look) -> Json:
    return {"is_admin": True, "note": None} if look.admin else {}


def member(look: Look, found: Person) -> Json:
    """An account as a member of a group or project."""
    shown = person(look, found.id) or {}
    level = 50 if found.id == 1 else 40
    return shown | {"access_level": level, "created_at": instant(found.created_at), "expires_at": None}


def group(look: Look, found: Group) -> Json:
    """A group in a list of groups."""
    names = [g.name for g in look.site.ancestors(found)]
    shown: Json = {"id": found.id, "web_url": f"{look.base}/groups/{found.full_path}", "name": found.name}
    shown |= {"path": found.path, "description": "", "visibility": found.visibility}
    shown |= GROUP_SETTINGS | {"full_name": " / ".join(reversed(names)), "full_path": found.full_path}
    shown |= {"created_at": instant(found.created_at), "parent_id": found.parent_id}
    if look.dialect.modern:
        shown |= {
            "emails_enabled": True,
            "shared_runners_setting": "enabled",
            "organization_id": 1,
            "default_branch": None,
        }
    return shown | found.extra


def single_group(look: Look, found: Group, with_projects: bool) -> Json:
    """A group asked for alone: with its own projects unless that is declined."""
    shown = group(look, found) | {"shared_with_groups": []}
    if look.admin:
        shown |= {"runners_token": ""}
    if with_projects:
        own = [p for p in look.site.visible_projects() if p.group_id == found.id]
        shown |= {"projects": [project(look, p) for p in own], "shared_projects": []}
    return shown


def project(look: Look, found: Project) -> Json:
    """A project in a group's list."""
    host = look.base.split("://", 1)[1].split(":", 1)[0]
    web = f"{look.base}/{found.full_path}"
    shown = PROJECT_SETTINGS | (MODERN_PROJECT_SETTINGS if look.dialect.modern else {})
    shown |= {"id": found.id, "description": None, "name": found.name, "path": found.path}
    shown |= {"name_with_namespace": _long_name(look, found), "path_with_namespace": found.full_path}
    shown |= {"created_at": instant(found.created_at), "default_branch": found.default_branch, "tag_list": []}
    shown |= {"ssh_url_to_repo": f"git@{host}:{found.full_path}.git", "http_url_to_repo": f"{web}.git", "web_url": web}
    shown |= {"readme_url": f"{web}/-/blob/{found.default_branch}/README.md", "avatar_url": None}
    shown |= {"forks_count": 0, "star_count": 0, "last_activity_at": instant(found.last_activity_at)}
    shown |= {"namespace": _namespace(look, found), "_links": _links(look, found), "archived": found.archived}
    shown |= {"visibility": found.visibility, "container_expiration_policy": _expiration(found)}
    shown |= {"issues_access_level": found.issues_access_level, "open_issues_count": _open_issues(look, found)}
    shown |= {"merge_requests_access_level": found.merge_requests_access_level}
    if look.dialect.modern:
        shown |= {"updated_at": instant(found.last_activity_at)}
    return shown | found.extra


def enabled(found: Project, subject: str) -> bool:
    """Whether a project has its issues, or merge requests, switched on."""
    return bool((PROJECT_SETTINGS | found.extra)[f"{subject}_enabled"])


def single_project(look: Look, found: Project) -> Json:
    """A project asked for alone, or in the list of all: with the caller's rights."""
    rights = {"access_level": 50 if look.admin else 20, "notification_level": 3}
    return project(look, found) | {"permissions": {"project_access": None, "group_access": rights}}


def _long_name(look: Look, found: Project) -> str:
    names = [g.name for g in look.site.ancestors(look.site.groups[found.group_id])]
    return " / ".join([*reversed(names), found.name])


def _namespace(look: Look, found: Project) -> Json:
    over = look.site.groups[found.group_id]
    shown: Json = {"id": over.id, "name": over.name, "path": over.path, "kind": "group", "full_path": over.full_path}
    return shown | {"parent_id": over.parent_id, "avatar_url": None, "web_url": f"{look.base}/groups/{over.full_path}"}


def _links(look: Look, found: Project) -> Json:
    own = f"{look.api}/projects/{found.id}"
    links = {"self": own, "issues": f"{own}/issues", "merge_requests": f"{own}/merge_requests"}
    links |= {"repo_branches": f"{own}/repository/branches", "labels": f"{own}/labels"}
    return links | {"events": f"{own}/events", "members": f"{own}/members"}


def _expiration(found: Project) -> Json:
    next_run = instant(found.created_at + timedelta(days=1))
    policy: Json = {"cadence": "1d", "enabled": False, "keep_n": 10, "older_than": "90d", "name_regex": ".*"}
    return policy | {"name_regex_keep": None, "next_run_at": next_run}


def _open_issues(look: Look, found: Project) -> int:
    return sum(issue.state == "opened" for issue in look.site.issues.of((found.id,)))


def milestone(look: Look, number: int | None) -> Json | None:
    """A milestone as it is now: issues and old events alike embed today's dates, never those of their time."""
    found = look.site.milestones.get(number) if number is not None else None
    if found is None:
        return None
    home = {"project_id": found.project_id} if found.project_id is not None else {"group_id": found.group_id}
    shown: Json = {"id": found.id, "iid": found.iid} | home
    shown |= {"title": found.title, "description": found.description, "state": found.state}
    shown |= {"created_at": instant(found.created_at), "updated_at": instant(found.updated_at)}
    shown |= {"due_date": day(found.due_date), "start_date": day(found.start_date), "expired": _expired(look, found)}
    shown |= {"web_url": f"{look.base}/{_milestone_home(look, found)}/-/milestones/{found.iid}"}
    return shown | found.extra


def _expired(look: Look, found: Milestone) -> bool:
    return found.due_date is not None and found.due_date < look.site.now.date()


def _milestone_home(look: Look, found: Milestone) -> str:
    if found.project_id is not None:
        return look.site.projects[found.project_id].full_path
    return "groups/" + look.site.groups[found.group_id or 0].full_path


def label(found: Label) -> Json:
    """A label inside an issue asked for with label details, or inside an event."""
    shown: Json = {"id": found.id, "name": found.name, "color": found.color, "description": found.description}
    return shown | {"description_html": found.description or "", "text_color": "#FFFFFF", "remove_on_close": False}


def listed_label(look: Look, found: Label, with_counts: bool) -> Json:
    """A label in a list of labels; the counts cost a walk, so they are given only when asked for."""
    shown = label(found) | {"subscribed": False}
    if not with_counts:
        return shown
    states = [issue.state for issue in look.site.issues if found.name in issue.labels]
    merging = sum(found.name in mr.labels and mr.state == "opened" for mr in look.site.merge_requests)
    counts = {"open_issues_count": states.count("opened"), "closed_issues_count": states.count("closed")}
    return shown | counts | {"open_merge_requests_count": merging}
