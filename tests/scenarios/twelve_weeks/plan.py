"""What stands in the input tabs before the first sync."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.scenarios.twelve_weeks.pen import day

from pmosync.sheet import Value

Cells = Mapping[str, Value]
MANAGER = "li.na@example.com"

VERSIONS: Mapping[str, str] = {
    "PAY-M01": "09-11",
    "PAY-M02": "09-18",
    "PAY-M03": "09-30",
    "PAY-M04": "10-03",
    "PAY-M05": "10-16",
    "PAY-M06": "10-23",
    "PAY-M07": "10-23",
    "PAY-M08": "10-16",
    "PAY-M10": "09-24",
    "PAY-M13": "10-16",
    "PAY-M14": "10-30",
    "PAY-M15": "09-18",
    "PAY-M20": "09-11",
    "PAY-M21": "09-11",
    "PAY-M22": "08-14",
    "PAY-M23": "09-04",
    "PAY-M24": "09-04",
    "PAY-M25": "09-04",
    "PAY-M26": "10-30",
    "PAY-M35": "10-30",
    "PAY-M37": "10-23",
    "PAY-M38": "10-23",
    "PAY-M39": "10-23",
    "PAY-M40": "10-23",
    "PAY-M41": "",
    "PAY-M42": "09-24",
    "PAY-M43": "10-30",
    "PAY-M44": "10-30",
    "PAY-M49": "10-16",
    "PAY-M55": "10-16",
    "PAY-M59": "10-16",
    "PAY-M62": "10-30",
    "PAY-M63": "10-30",
    "PAY-M64": "10-30",
    "PAY-M65": "10-16",
    "PAY-M68": "10-23",
    "PAY-M69": "10-30",
    "PAY-M71": "10-30",
    "PAY-M72": "09-11",
    "PAY-M73": "10-16",
}
"""Versions of PAY, each bound to the code of its name, with the date typed first."""

GITLAB: Mapping[str, str] = {"WMS-M01": "09-11", "WMS-M02": "10-23", "WMS-M08": "10-30"}

SHEET: Mapping[str, str] = {
    "PAY-M06": "10-30",
    "PAY-M07": "10-30",
    "PAY-M09": "11-06",
    "PAY-M11": "09-30",
    "PAY-M12": "10-09",
    "PAY-M16": "10-16",
    "PAY-M17": "10-16",
    "PAY-M18": "10-16",
    "PAY-M19": "09-11",
    "PAY-M27": "10-16",
    "PAY-M28": "10-09",
    "PAY-M31": "10-16",
    "PAY-M32": "10-23",
    "PAY-M33": "09-11",
    "PAY-M45": "10-16",
    "PAY-M46": "10-16",
    "PAY-M47": "10-09",
    "PAY-M48": "09-30",
    "PAY-M50": "10-16",
    "PAY-M51": "10-16",
    "PAY-M53": "10-16",
    "PAY-M54": "10-16",
    "PAY-M57": "10-16",
    "PAY-M58": "10-16",
    "PAY-M61": "09-09",
    "PAY-M66": "10-16",
    "PAY-M70": "10-16",
    "WMS-M03": "10-30",
    "WMS-M04": "10-30",
    "WMS-M05": "10-30",
    "WMS-M06": "10-30",
    "WMS-M07": "11-30",
    "LOG-M01": "10-09",
    "LOG-M02": "10-30",
    "LOG-M03": "10-09",
    "TZB-M01": "09-09",
    "WMS-M10": "09-24",
    "NEW-M01": "09-18",
}
"""Tracked milestones with a target in the sheet; those not in VERSIONS or GITLAB live in the sheet alone."""

COMMITTEE: Mapping[str, tuple[str, str]] = {
    "PAY-M90": ("12-18", "final"),
    "K1-M01": ("12-18", "final"),
    "K2-M01": ("12-31", "final"),
    "K2-M02": ("12-18", "review"),
    "K3-M01": ("12-18", "final"),
    "K4-M01": ("12-18", "final"),
    "S1-M01": ("11-30", "final"),
    "S2-M01": ("11-30", "final"),
    "S3-M01": ("10-15", "final"),
    "S4-M01": ("11-30", "final"),
    "G1-M01": ("", "final"),
    "G2-M01": ("12-18", "final"),
}
"""The committee's, in the sheet alone: target and type."""

EXTRA: Mapping[str, Cells] = {
    "PAY-M46": {"depends_on": "PAY-M47"},
    "PAY-M47": {"depends_on": "PAY-M48"},
    "PAY-M50": {"depends_on": "PAY-M51"},
    "PAY-M51": {"depends_on": "PAY-M50"},
    "PAY-M66": {"owner": "赵敏"},
    "LOG-M02": {"owner": MANAGER, "type": "launch"},
    "LOG-M03": {"owner": MANAGER},
}

PROJECTS: Mapping[str, Cells] = {
    "PAY": {"program": "COM", "control": "key"},
    "WMS": {"program": "COM", "control": "part_time", "cadence": "biweekly"},
    "LOG": {"program": "COM", "control": "key", "manager": ""},
    "TZB": {"program": "COM", "control": "key", "time_zone": "America/Los_Angeles"},
    "NEW": {"program": "COM", "control": "key", "committed_on": day("09-01")},
    "BET": {"program": "COM", "control": "key", "kind": "bet", "learning_date": day("09-15")},
    **{code: {"program": "KEY", "control": "key"} for code in ("K1", "K2", "K3", "K4")},
    **{code: {"program": "SUP", "control": "part_time", "cadence": "monthly"} for code in ("S1", "S2", "S3", "S4")},
    **{code: {"program": "GRY", "control": "key"} for code in ("G1", "G2")},
}


def rows() -> dict[str, Sequence[Cells]]:
    """The rows of every input tab, by tab key, cells by column key."""
    return {
        "projects": [_project(code, cells) for code, cells in PROJECTS.items()],
        "programs": [
            {"code": "GRP", "level": "portfolio", "name": "Group"},
            {"code": "COM", "level": "program", "name": "Commerce"},
            {"code": "KEY", "level": "program", "name": "Key works", "parent": "GRP"},
            {"code": "SUP", "level": "program", "name": "Support", "parent": "GRP"},
            {"code": "GRY", "level": "program", "name": "Discovery"},
        ],
        "milestone_inputs": list(_milestones()),
        "bindings": list(_bindings()),
        "people": [
            {"key": MANAGER, "name": "李娜", "accounts": "li.na"},
            {"key": "wang.wei@example.com", "name": "王伟"},
            {"key": "wang.wei2@example.com", "name": "王伟"},
            {
                "key": "zhao.min@example.com",
                "name": "赵敏",
                "leave_from": day("09-14"),
                "leave_to": day("09-18"),
            },
        ],
        "calendar": [
            {
                "kind": "freeze",
                "first": day("10-31"),
                "last": day("11-12"),
                "applies_to": "LOG",
                "words": "Double 11",
            }
        ],
    }


def _project(code: str, cells: Cells) -> Cells:
    return {
        "code": code,
        "name": f"Project {code}",
        "manager": MANAGER,
        "calendar": "CN",
        "time_zone": "Asia/Shanghai",
        "cadence": "weekly",
        "committed_on": day("06-01"),
        **cells,
    }


def _milestones() -> Iterator[Cells]:
    tracked = sorted({*VERSIONS, *GITLAB, *SHEET, "PAY-M60", "PAY-M67", "K1-M02"})
    targets = {**SHEET, "K1-M02": "11-27"}
    for code in tracked:
        yield _milestone(code, targets.get(code, ""), "tracked")
    for code, (target, kind) in COMMITTEE.items():
        yield {**_milestone(code, target, "committee"), "type": kind}


def _milestone(code: str, target: str, level: str) -> dict[str, Value]:
    """PAY-M40 has no name of its own: it bears its source's."""
    cells: dict[str, Value] = {
        "code": code,
        "name": "" if code == "PAY-M40" else f"Milestone {code}",
        "project": code.partition("-")[0],
        "level": level,
        **EXTRA.get(code, {}),
    }
    return {**cells, "target": day(target)} if target else cells


def _bindings() -> Iterator[Cells]:
    yield {"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}
    yield {"code": "LOG", "system": "jira", "what": "project", "which": "LOG"}
    yield {"code": "WMS", "system": "gitlab", "what": "project", "which": "wms/api"}
    for code in VERSIONS:
        leading: Cells = {"leading": True} if code == "PAY-M07" else {}
        yield {"code": code, "system": "jira", "what": "version", "which": f"Release {code}", **leading}
    yield {"code": "PAY-M08", "system": "jira", "what": "version", "which": "Release PAY-M08 second"}
    yield {"code": "PAY-M60", "system": "jira", "what": "epic", "which": "PAY-6000"}
    yield {"code": "PAY-M67", "system": "jira", "what": "version", "which": "Release PAY-M03", "role": "dates"}
    for code in GITLAB:
        yield {"code": code, "system": "gitlab", "what": "milestone", "which": f"Release {code}"}
