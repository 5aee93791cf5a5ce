"""The state of the emulated server, and finding one's way in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from .records import (
    BEGINNING,
    Activity,
    Epic,
    Group,
    Issue,
    IssueLink,
    Item,
    Iteration,
    Label,
    LabelEvent,
    MergeRequest,
    Milestone,
    MilestoneEvent,
    Note,
    Person,
    Project,
    Release,
    StateEvent,
    kind_of,
)
from .shelf import Shelf

Owner = tuple[str, int]


class Site:
    """Everything one emulated GitLab holds.

    ``now`` is its clock; ``licensed`` says that it is a paid edition, with iterations and epics; ``hidden`` and
    ``hidden_groups`` are what its tool account may not see; ``closing`` tells which merge requests say that they close an
    issue.
    """

    def __init__(self) -> None:
        self.now: datetime = BEGINNING
        self.licensed = False
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.projects: dict[int, Project] = {}
        self.milestones: dict[int, Milestone] = {}
        self.iterations: dict[int, Iteration] = {}
        self.epics: dict[int, Epic] = {}
        self.releases: dict[tuple[int, str], Release] = {}
        self.labels: dict[str, Label] = {}
        self.issues: Shelf[Issue] = Shelf()
        self.merge_requests: Shelf[MergeRequest] = Shelf()
        self.notes: defaultdict[Owner, list[Note]] = defaultdict(list)
        self.state_events: defaultdict[Owner, list[StateEvent]] = defaultdict(list)
        self.milestone_events: defaultdict[Owner, list[MilestoneEvent]] = defaultdict(list)
        self.label_events: defaultdict[Owner, list[LabelEvent]] = defaultdict(list)
        self.links: list[IssueLink] = []
        self.closing: defaultdict[int, list[int]] = defaultdict(list)
        self.activities: list[Activity] = []
        self.hidden: set[int] = set()
        self.hidden_groups: set[int] = set()
        self.sees_confidential = True
        self._paths: dict[str, int] = {}
        self._usernames: dict[str, int] = {}
        self._group_paths: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._milestone_iids: dict[Owner, int] = {}

    def new_id(self, kind: str) -> int:
        """The next id of a kind; ids are never given twice."""
        self._last[kind] = self._last.get(kind, 0) + 1
        return self._last[kind]

    def taken(self, kind: str, number: int) -> None:
        """Remember that an id is in use, whoever gave it."""
        self._last[kind] = max(number, self._last.get(kind, 0))

    def add_person(self, person: Person) -> Person:
        """Take in an account."""
        self.taken("person", person.id)
        self.people[person.id] = person
        self._usernames[person.username] = person.id
        return person

    def remove_person(self, number: int) -> None:
        """Let an account go; its id is not given again."""
        person = self.people.pop(number)
        self._usernames.pop(person.username, None)

    def add_group(self, group: Group) -> Group:
        """Take in a group under its full path (groups and projects share the ids of namespaces, as far as it shows)."""
        self.taken("group", group.id)
        self.groups[group.id] = group
        self._group_paths[group.full_path.lower()] = group.id
        return group

    def add_project(self, project: Project) -> Project:
        """Take in a project under its path and its former ones."""
        self.taken("project", project.id)
        self.projects[project.id] = project
        for path in (*project.former, project.full_path):
            self._paths[path.lower()] = project.id
        return project

    def add_milestone(self, milestone: Milestone) -> Milestone:
        """Take in a milestone of a project or group."""
        self.taken("milestone", milestone.id)
        self.milestones[milestone.id] = milestone
        owner = home(milestone)
        self._milestone_iids[owner] = max(milestone.iid, self._milestone_iids.get(owner, 0))
        return milestone

    def add_iteration(self, iteration: Iteration) -> Iteration:
        """Take in a group's iteration: the site is a paid one then."""
        self.licensed = True
        self.taken("iteration", iteration.id)
        self.iterations[iteration.id] = iteration
        return iteration

    def add_epic(self, epic: Epic) -> Epic:
        """Take in a group's epic: the site is a paid one then."""
        self.licensed = True
        self.taken("epic", epic.id)
        self.epics[epic.id] = epic
        return epic

    def milestone_iid(self, owner: Owner) -> int:
        """The next milestone number of a project or group."""
        return self._milestone_iids.get(owner, 0) + 1

    def add_item(self, item: Item) -> None:
        """Take in one issue or merge request."""
        self.taken(kind_of(item), item.id)
        if isinstance(item, Issue):
            self.issues.add(item)
        else:
            self.merge_requests.add(item)

    def label(self, name: str) -> Label:
        """The label of this name, made when first used."""
        if name not in self.labels:
            self.labels[name] = Label(id=self.new_id("label"), name=name)
        return self.labels[name]

    def person(self, username: str) -> Person:
        """The account of this name; an unknown one is made on the spot, as a story may name people in passing."""
        number = self._usernames.get(username)
        if number is not None:
            return self.people[number]
        return self.add_person(Person(id=self.new_id("person"), username=username, name=username, created_at=self.now))

    def project(self, key: str) -> Project | None:
        """A project by number or by path, former paths included."""
        number = int(key) if key.isdigit() else self._paths.get(key.lower())
        return self.projects.get(number) if number is not None else None

    def group(self, key: str) -> Group | None:
        """A group by number or by full path."""
        number = int(key) if key.isdigit() else self._group_paths.get(key.lower())
        return self.groups.get(number) if number is not None else None

    def make_group(self, full_path: str) -> Group:
        """The group of this path, made with its ancestors if absent."""
        found = self.group(full_path) if not full_path.isdigit() else None
        if found:
            return found
        above, _, path = full_path.rpartition("/")
        parent = self.make_group(above) if above else None
        number = self.new_id("group")
        parent_id = parent.id if parent else None
        return self.add_group(
            Group(id=number, path=path, full_path=full_path, name=path, parent_id=parent_id, created_at=self.now)
        )

    def ancestors(self, group: Group) -> Iterator[Group]:
        """The group itself, then its parent, and so on to the top."""
        seen: set[int] = set()
        current: Group | None = group
        while current and current.id not in seen:
            seen.add(current.id)
            yield current
            current = self.groups.get(current.parent_id) if current.parent_id is not None else None

    def below(self, group: Group) -> list[Group]:
        """The group itself and all its subgroups."""
        prefix = group.full_path + "/"
        return [group, *(g for g in self.groups.values() if g.full_path.startswith(prefix))]

    def shown(self, group: Group) -> list[Group]:
        """The group itself and its subgroups, as far as the tool's account may see them."""
        return [one for one in self.below(group) if one.id not in self.hidden_groups]

    def visible_projects(self) -> list[Project]:
        """What the tool's account may see, by id."""
        return [project for number, project in sorted(self.projects.items()) if number not in self.hidden]

    def projects_below(self, group: Group) -> list[Project]:
        """Visible projects of a group and of its subgroups, archived ones too."""
        inside = {g.id for g in self.below(group)}
        return [project for project in self.visible_projects() if project.group_id in inside]


def home(milestone: Milestone) -> Owner:
    """Whose milestone it is."""
    if milestone.project_id is not None:
        return ("project", milestone.project_id)
    return ("group", milestone.group_id or 0)


def owner(item: Item) -> Owner:
    """Under which key an item's history is kept."""
    return (kind_of(item), item.id)
