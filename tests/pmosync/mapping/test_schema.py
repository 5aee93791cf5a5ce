"""The form of a mapping file: every fault is told, at once, with its place and a remedy."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

import pmosync_mappings
from pmosync.errors import ConfigError
from pmosync.mapping import load_mapping

GOOD = """\
format: 1
system: jira
tables:
  statuses:
    Open: todo
    Done: {category: done, stage: done}
  kinds: {Blocks: {outward: blocks}}
records:
  issue:
    workflow: {status: fields.status.name, statuses: statuses}
    entities:
      work_item:
        fields:
          key: key
          title: fields.summary
          due: {path: fields.duedate, as: date}
          links: {path: fields.issuelinks, as: links, table: kinds}
"""


def problems(text: str, overrides: dict[str, Any] | None = None) -> tuple[str, ...]:
    """The faults of a mapping text."""
    with pytest.raises(ConfigError) as caught:
        load_mapping(text, overrides)
    assert caught.value.remedy
    assert caught.value.message.count("\n") == 0
    return caught.value.problems


def test_the_good_one_is_good() -> None:
    """The text that the faults below start from loads."""
    assert load_mapping(GOOD).kinds == ("issue",)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("format: 1", "format: 2", 1, "format 2 is not known"),
        ("system: jira\n", "", 1, "the key 'system' is missing"),
        ("records:", "recrods:", 8, "did you mean 'records'?"),
        ("    Open: todo", "    Open: toto", 5, "'toto' is not known here"),
        ("    Open: todo", "    Open: [todo]", 5, "found a list"),
        ("    Open: todo", "    Open: todo\n    Open: done", 6, "stands twice"),
        ("    Open: todo", "    Open: todo\n    ＯＰＥＮ: done", 6, "case and width do not count"),
        ("stage: done", "stgae: done", 6, "did you mean 'stage'?"),
        ("    workflow:", "    workfow:", 10, "did you mean 'workflow'?"),
        ("statuses: statuses", "statuses: status", 10, "did you mean 'statuses'?"),
        ("      work_item:", "      workitem:", 12, "did you mean 'work_item'?"),
        ("          key: key\n", "", 13, "the key 'key' is missing"),
        ("          key: key", "          key: 'a..b'", 14, "is not a path"),
        ("          key: key", "          key: 'a[?'", 14, "is not a path"),
        ("          key: key", "          key: {as: text}", 14, "give a path"),
        ("          key: key", "          key: {}", 14, "give a path"),
        ("          key: key", "          key: true", 14, "put it in quotes"),
        ("          key: key", "          key: key\n          colour: x", 15, "unknown key 'colour'"),
        ("          key: key", "          key: key\n          outcome: x", 15, "unknown key 'outcome'"),
        ("          key: key", "          key: key\n          milestones: x", 15, "needs a transform"),
        ("as: date", "as: dat", 16, "did you mean 'date'?"),
        ("as: date", "as: date, format: x", 16, "unknown key 'format'"),
        ("as: date", "as: date, at_level: high", 16, "expected a whole number"),
        ("as: date", "as: date, only: x", 16, "expected keys with values"),
        ("table: kinds", "kind: kinds", 17, "the key 'table' is missing"),
        ("outward: blocks", "outward: block", 7, "did you mean 'blocks'?"),
    ],
)
def test_each_fault_names_its_line_and_remedy(old: str, new: str, line: int, words: str) -> None:
    """One wrong word gives one line with file, line number and what would be right."""
    assert old in GOOD
    told = problems(GOOD.replace(old, new, 1))
    fitting = [problem for problem in told if words in problem]
    assert fitting, told
    assert fitting[0].startswith(f"mapping:{line}"), told


def test_all_faults_are_told_at_once() -> None:
    """Three faults give three lines, in one error."""
    text = GOOD.replace("Open: todo", "Open: x").replace("as: date", "as: x").replace("key: key", "kye: key")
    assert len(problems(text)) == 4  # the misspelt key is also missing under its right name


def test_aliases_are_refused() -> None:
    """YAML aliases can make a small file huge; they are not read."""
    told = problems(
        GOOD.replace("tables:", "options: &x [1]\ntables:").replace("Open: todo", "Open: todo\n    Late: *x")
    )
    assert any("alias" in problem for problem in told)


def test_tags_are_refused() -> None:
    """A tag could make any object; it is not read."""
    assert any(
        "tag" in problem for problem in problems(GOOD.replace("system: jira", "system: !!python/name:os.system jira"))
    )


def test_size_is_capped() -> None:
    """A mapping larger than 512 KB is refused before it is read."""
    with pytest.raises(ConfigError, match="512 KB"):
        load_mapping(GOOD + "#" * 600_000)


def test_broken_yaml_is_one_line() -> None:
    """Text that is not YAML is told with its line."""
    assert problems("format: 1\nsystem: [jira\n")[0].startswith("mapping:3: not valid YAML")


@pytest.mark.parametrize("text", ["\n", "- a\n- b\n", "just words\n"])
def test_another_kind_of_document_is_told(text: str) -> None:
    """A list, a sentence or nothing is no mapping."""
    assert problems(text)


def test_an_unknown_name_is_told() -> None:
    """A mapping that is not shipped is named, with a suggestion."""
    with pytest.raises(ConfigError, match="jria") as caught:
        load_mapping("jria")
    assert "jira" in caught.value.remedy


# ---------------------------------------------------------------- overrides


def test_overrides_are_merged_key_by_key() -> None:
    """A site's table rows join the shipped ones; a row may be replaced or taken away."""
    plain, site = load_mapping(GOOD), load_mapping(GOOD, {"tables": {"statuses": {"Late": "doing", "Open": None}}})
    assert plain.rules[0].workflow is not None
    assert site.rules[0].workflow is not None
    assert set(plain.rules[0].workflow.statuses) == {"open", "done"}
    assert set(site.rules[0].workflow.statuses) == {"late", "done"}


def test_a_fault_in_an_override_names_the_settings() -> None:
    """What a site wrote wrongly is told where the site wrote it."""
    told = problems(GOOD, {"tables": {"statuses": {"Late": "doign"}}})
    assert told == ("settings: mapping, tables.statuses.Late: 'doign' is not known here; did you mean 'doing'?",)


def test_the_digest_follows_content() -> None:
    """Comments change nothing; a table row does."""
    digest = load_mapping(GOOD).digest
    assert load_mapping("# words\n" + GOOD).digest == digest
    assert load_mapping(GOOD, {"tables": {"statuses": {"Late": "doing"}}}).digest != digest


# ---------------------------------------------------------------- what is shipped

SHIPPED = [
    entry.name.removesuffix(".yaml")
    for entry in resources.files(pmosync_mappings).iterdir()
    if entry.name.endswith(".yaml")
]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_mapping_loads(name: str) -> None:
    """Each file that comes with pmosync is valid and names its own system."""
    assert load_mapping(name).system == name


def test_paths_are_what_is_read() -> None:
    """A source is told every payload path the mapping reads, by kind; JMESPath is cut to its plain beginning."""
    jira, gitlab = load_mapping("jira"), load_mapping("gitlab")
    assert {"key", "fields.duedate", "fields.status.statusCategory.key", "changelog.histories"} <= set(
        jira.paths("issue")
    )
    assert {"id", "project", "releaseDate"} <= set(jira.paths("version"))
    assert {"assignees", "labels", "moved_to_id", "confidential"} <= set(gitlab.paths("issue"))
    assert {"source_branch", "references.full", "draft", "work_in_progress"} <= set(gitlab.paths("merge_request"))
    assert jira.paths("nothing") == ()


def test_options_reach_the_connector() -> None:
    """Custom fields are told by type and name, and a site may give an id."""
    mapping = load_mapping("jira", {"options": {"custom_fields": {"sprint": {"id": "customfield_77"}}}})
    assert mapping.options["custom_fields"]["sprint"] == {
        "custom": "com.pyxis.greenhopper.jira:gh-sprint",
        "name": "Sprint",
        "id": "customfield_77",
    }


def test_a_table_that_no_rule_reads_is_a_slip() -> None:
    """``status`` instead of ``statuses`` would silently have no effect: it is a fault that names the tables there are."""
    with pytest.raises(ConfigError) as caught:
        load_mapping("jira", {"tables": {"status": {"Waiting": {"category": "doing"}}}})
    assert any("'status'" in problem and "statuses" in problem for problem in caught.value.problems)
