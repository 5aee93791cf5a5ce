"""Neutral events become what happens in GitLab.

Stages: to do = opened; doing = label ``status::in progress``; review = ``status::review``; done = closed; dropped = closed
with the label ``wontfix``. A raw status is the label ``status::NAME``. Bugs and risks carry the label of that name, subtasks
are issues of the type task, restricted means confidential. In a paid edition sprints are iterations of the project's group,
which begin and end by their dates, and epics are the group's. The free edition has neither: sprints pass unheard there, and
what is told as an epic is a milestone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod

from pmosync.emulation import events as e
from pmosync.errors import ConfigError

from . import edits, planning, reviewing
from .planning import Plan
from .records import Group, Issue, Item, MergeRequest, Milestone, Project
from .site import Site, home
from .wording import ITEM_KEY, KIND_LABEL, LABEL_OF, branch, described, of_stage, titled

SYSTEM = "gitlab"
HOUR = 3600


class Story:
    """Applies events to a site and remembers by which key the story knows each thing."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._milestones: dict[str, int] = {}
        self._epics: dict[str, int] = {}
        self._iterations: dict[str, int] = {}
        self._items: dict[str, Item] = {}
        self.revoked = False

    @singledispatchmethod
    def apply(self, event: e.Event) -> None:
        """Let one event happen; those of other systems, and those GitLab has no word for, change nothing."""

    @apply.register
    def _(self, event: e.PersonJoins) -> None:
        person = self.site.person(event.key)
        person.name, person.email, person.created_at = event.name, event.email, event.at

    @apply.register
    def _(self, event: e.PersonLeaves) -> None:
        self.site.person(event.key).state = "blocked"

    @apply.register
    def _(self, event: e.ProjectOpens) -> None:
        if event.system != SYSTEM:
            return
        site = self.site
        above, _, path = event.key.rpartition("/")
        group = site.make_group(above or "root")
        number = site.new_id("project")
        site.add_project(
            Project(
                id=number,
                path=path,
                full_path=event.key,
                name=event.name,
                group_id=group.id,
                created_at=event.at,
                last_activity_at=event.at,
            )
        )

    @apply.register
    def _(self, event: e.ProjectRenamed) -> None:
        if event.system != SYSTEM:
            return
        project = self._project(event.key)
        project.name = event.name
        if event.new_key:
            above, _, path = event.new_key.rpartition("/")
            project.former.append(project.full_path)
            project.full_path, project.path = event.new_key, path
            project.group_id = self.site.make_group(above).id
            self.site.add_project(project)

    @apply.register
    def _(self, event: e.ProjectArchived) -> None:
        if event.system == SYSTEM:
            self._project(event.key).archived = True

    @apply.register
    def _(self, event: e.AccessLost) -> None:
        if event.system == SYSTEM:
            self._reach(event.key, lost=True)

    @apply.register
    def _(self, event: e.AccessGiven) -> None:
        if event.system == SYSTEM:
            self._reach(event.key, lost=False)

    def _reach(self, key: str, *, lost: bool) -> None:
        """Hide or show a project, or a group with all that is below it; without a key the token itself dies or revives."""
        site, group = self.site, self.site.group(key) if key else None
        if not key:
            self.revoked = lost
            return
        groups = {found.id for found in site.below(group)} if group else set()
        below = {number for number, project in site.projects.items() if project.group_id in groups}
        projects = below if group else {self._project(key).id}
        site.hidden = site.hidden | projects if lost else site.hidden - projects
        site.hidden_groups = site.hidden_groups | groups if lost else site.hidden_groups - groups

    @apply.register
    def _(self, event: e.MilestoneOpens) -> None:
        if event.system != SYSTEM:
            return
        if event.form == "epic" and self.site.licensed:
            self._open_epic(event)
        else:
            self._open_milestone(event)

    def _open_epic(self, event: e.MilestoneOpens) -> None:
        over, by = self._group(event.project).id, self._by(event)
        found = planning.open_epic(self.site, over, event.title, by, event.start, event.due)
        self._epics[event.key] = found.id

    def _open_milestone(self, event: e.MilestoneOpens) -> None:
        site = self.site
        project = site.project(event.project)
        group = None if project else site.make_group(event.project)
        milestone = Milestone(
            id=site.new_id("milestone"),
            iid=0,
            title=event.title,
            project_id=project.id if project else None,
            group_id=group.id if group else None,
            description=f"Owner: @{event.owner}" if event.owner else None,
            due_date=event.due,
            start_date=event.start,
            created_at=event.at,
            updated_at=event.at,
        )
        milestone.iid = site.milestone_iid(home(milestone))
        self._milestones[event.key] = site.add_milestone(milestone).id

    @apply.register
    def _(self, event: e.MilestoneDated) -> None:
        self._plan(event, lambda plan: setattr(plan, "due_date", event.due))

    @apply.register
    def _(self, event: e.MilestoneRenamed) -> None:
        self._plan(event, lambda plan: setattr(plan, "title", event.title))

    @apply.register
    def _(self, event: e.MilestoneCloses) -> None:
        self._plan(event, lambda plan: planning.close(plan, event.at))

    @apply.register
    def _(self, event: e.MilestoneReopens) -> None:
        self._plan(event, planning.reopen)

    @apply.register
    def _(self, event: e.MilestoneDeleted) -> None:
        number, epic = self._milestones.pop(event.key, None), self._epics.pop(event.key, None)
        if number is not None:
            edits.delete_milestone(self.site, number, self._by(event))
        if epic is not None:
            planning.delete_epic(self.site, epic)

    def _plan(
        self,
        event: e.MilestoneDated | e.MilestoneRenamed | e.MilestoneCloses | e.MilestoneReopens,
        edit: Callable[[Plan], None],
    ) -> None:
        """Edit the milestone or epic that the story knows by this key, if it is one of ours."""
        milestone = self.site.milestones.get(self._milestones.get(event.key, 0))
        plan = milestone or self.site.epics.get(self._epics.get(event.key, 0))
        if plan is not None:
            edit(plan)
            plan.updated_at = event.at

    @apply.register
    def _(self, event: e.SprintOpened) -> None:
        if event.system == SYSTEM and self.site.licensed:
            over = self._group(event.project)
            found = planning.open_iteration(self.site, over.id, event.title or None, event.start, event.end)
            self._iterations[event.key] = found.id

    @apply.register
    def _(self, event: e.ItemSprint) -> None:
        issue = self._issue(event.key)
        if issue and self.site.licensed:
            planning.set_iteration(self.site, issue, self._by(event), self._iterations.get(event.sprint))

    @apply.register
    def _(self, event: e.ItemCreated) -> None:
        if event.system != SYSTEM:
            return
        site, by = self.site, self._by(event)
        issue = Issue(
            id=site.new_id("Issue"),
            iid=self._iid(event.key),
            project_id=self._project(event.project).id,
            title=event.title,
            description=event.description or None,
            author_id=by,
            created_at=event.at,
            updated_at=event.at,
            confidential=event.restricted,
            issue_type="task" if event.kind == "subtask" else "issue",
        )
        site.add_item(issue)
        self._items[event.key] = issue
        edits.record(site, issue, by, "opened")
        self._furnish(issue, event, by)

    def _furnish(self, issue: Issue, event: e.ItemCreated, by: int) -> None:
        site = self.site
        site.projects[issue.project_id].last_activity_at = event.at
        edits.set_due(site, issue, by, event.due)
        self._place(issue, by, event.milestone)
        kind = KIND_LABEL.get(event.kind)
        edits.set_labels(site, issue, by, [*event.labels, *([kind] if kind else [])])
        if event.assignee:
            edits.assign(site, issue, by, [site.person(event.assignee).id])
        if event.estimate:
            edits.estimate(site, issue, by, round(event.estimate * HOUR))

    def _place(self, item: Item, by: int, key: str) -> None:
        """Into a milestone, or below an epic: an issue may be in one of each."""
        epic = self._epics.get(key)
        if epic is None:
            edits.set_milestone(self.site, item, by, self._milestones.get(key))
        elif isinstance(item, Issue):
            planning.set_epic(self.site, item, by, epic)

    @apply.register
    def _(self, event: e.ItemMoves) -> None:
        issue = self._issue(event.key)
        if issue is None:
            return
        wanted = LABEL_OF.get(event.to)
        plain = [name for name in issue.labels if not of_stage(name)]
        edits.set_labels(self.site, issue, self._by(event), [*plain, *([wanted] if wanted else [])])
        closed = event.to in (e.Stage.DONE, e.Stage.DROPPED)
        edits.set_state(self.site, issue, self._by(event), "closed" if closed else "opened")

    @apply.register
    def _(self, event: e.ItemStatus) -> None:
        issue = self._issue(event.key)
        if issue:
            plain = [name for name in issue.labels if not of_stage(name)]
            edits.set_labels(self.site, issue, self._by(event), [*plain, f"status::{event.status}"])

    @apply.register
    def _(self, event: e.ItemAssigned) -> None:
        issue = self._issue(event.key)
        if issue:
            people = [self.site.person(event.to).id] if event.to else []
            edits.assign(self.site, issue, self._by(event), people)

    @apply.register
    def _(self, event: e.ItemDated) -> None:
        issue = self._issue(event.key)
        if issue:
            edits.set_due(self.site, issue, self._by(event), event.due)

    @apply.register
    def _(self, event: e.ItemEstimated) -> None:
        issue = self._issue(event.key)
        if issue:
            edits.estimate(self.site, issue, self._by(event), round((event.estimate or 0) * HOUR))

    @apply.register
    def _(self, event: e.ItemPlanned) -> None:
        item = self._issue(event.key) or self._request(event.key)
        if item:
            self._place(item, self._by(event), event.milestone)

    @apply.register
    def _(self, event: e.ItemRetitled) -> None:
        item = self._issue(event.key) or self._request(event.key)
        if item:
            edits.set_title(self.site, item, self._by(event), event.title)

    @apply.register
    def _(self, event: e.ItemLabelled) -> None:
        """The stage's label stays unless the new set names another: in the story, a stage is not a label."""
        issue = self._issue(event.key)
        if issue:
            stage = [] if any(map(of_stage, event.labels)) else [name for name in issue.labels if of_stage(name)]
            edits.set_labels(self.site, issue, self._by(event), [*event.labels, *stage])

    @apply.register
    def _(self, event: e.ItemCommented) -> None:
        item = self._issue(event.key) or self._request(event.key)
        if item:
            edits.write_note(self.site, item, self._by(event), event.text, system=False)

    @apply.register
    def _(self, event: e.ItemLinked) -> None:
        source, target = self._issue(event.key), self._issue(event.other)
        if source and target:
            kind = "blocks" if event.kind == "blocks" else "relates_to"
            edits.link(self.site, source, target, self._by(event), kind)

    @apply.register
    def _(self, event: e.ItemMoved) -> None:
        issue = self._issue(event.key)
        if issue:
            project = self._project(event.project)
            iid = self._iid(event.new_key)
            self._items[event.new_key] = edits.move(self.site, issue, self._by(event), project.id, iid)

    @apply.register
    def _(self, event: e.ItemRestricted) -> None:
        issue = self._issue(event.key)
        if issue:
            edits.set_confidential(self.site, issue, self._by(event), event.restricted)

    @apply.register
    def _(self, event: e.ItemDeleted) -> None:
        issue = self._issue(event.key)
        if issue:
            edits.delete_issue(self.site, issue)
            self._items.pop(event.key, None)

    @apply.register
    def _(self, event: e.MergeRequestOpened) -> None:
        if event.system != SYSTEM:
            return
        site = self.site
        author = site.person(event.author).id if event.author else self._by(event)
        number = site.new_id("MergeRequest")
        project = self._project(event.project)
        request = MergeRequest(
            id=number,
            iid=self._iid(event.key),
            project_id=project.id,
            title=titled(event),
            description=described(event, project.full_path),
            author_id=author,
            source_branch=event.branch or branch(event),
            created_at=event.at,
            updated_at=event.at,
            assignee_ids=[author],
            reviewer_ids=[site.person(key).id for key in event.reviewers],
            draft=event.draft,
            sha=f"{number:07x}".rjust(40, "a"),
        )
        site.add_item(request)
        self._items[event.key] = request
        edits.set_milestone(site, request, author, self._milestones.get(event.milestone))
        edits.record(site, request, author, "opened")
        edits.announce(site, request)

    @apply.register
    def _(self, event: e.MergeRequestReviewed) -> None:
        request = self._request(event.key)
        if request is None:
            return
        by = self._by(event)
        if event.approved:
            reviewing.approve(self.site, request, by)
        else:
            edits.write_note(self.site, request, by, "Please have another look.", system=False)

    @apply.register
    def _(self, event: e.MergeRequestMerged) -> None:
        request = self._request(event.key)
        if request:
            edits.merge(self.site, request, self._by(event))

    @apply.register
    def _(self, event: e.MergeRequestClosed) -> None:
        request = self._request(event.key)
        if request:
            edits.set_state(self.site, request, self._by(event), "closed")

    def _by(self, event: e.Happening) -> int:
        return self.site.person(event.by).id if event.by else 1

    def _group(self, key: str) -> Group:
        """The group of this path, or the one that holds the project of this path."""
        project = self.site.project(key)
        return self.site.groups[project.group_id] if project else self.site.make_group(key)

    def _project(self, key: str) -> Project:
        found = self.site.project(key)
        if found is None:
            raise ConfigError(f"the story names project {key}, which the emulated GitLab does not have")
        return found

    def _issue(self, key: str) -> Issue | None:
        found = self._item(key)
        return found if isinstance(found, Issue) else None

    def _request(self, key: str) -> MergeRequest | None:
        found = self._item(key)
        return found if isinstance(found, MergeRequest) else None

    def _item(self, key: str) -> Item | None:
        if key in self._items:
            return self._items[key]
        parts = ITEM_KEY.fullmatch(key)
        if parts is None:
            return None
        project = self._project(parts["path"])
        shelf = self.site.issues if parts["sign"] == "#" else self.site.merge_requests
        found: Item | None = shelf.at(project.id, int(parts["iid"]))
        if found is None:
            raise ConfigError(f"the story names {key}, which the emulated GitLab does not have")
        return found

    def _iid(self, key: str) -> int:
        parts = ITEM_KEY.fullmatch(key)
        if parts is None:
            raise ConfigError(
                f"{key!r} is not a GitLab key", remedy="write pay/api#12 for an issue, pay/api!7 for a merge request"
            )
        return int(parts["iid"])
