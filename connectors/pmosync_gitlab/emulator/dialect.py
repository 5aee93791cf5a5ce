"""What differs between GitLab versions, asked by name."""

from __future__ import annotations

from msgspec import Struct

from pmosync.errors import ConfigError


class Dialect(Struct, frozen=True):
    """One server version, e.g. ``13.12.15`` or ``18.5.1``."""

    version: str
    number: tuple[int, int]

    @property
    def drafts(self) -> bool:
        """Merge requests say ``draft`` beside ``work_in_progress`` (14.0)."""
        return self.number >= (14, 0)

    @property
    def merge_user(self) -> bool:
        """Merge requests say ``merge_user`` beside ``merged_by`` and ``detailed_merge_status`` beside ``merge_status`` (15.6)."""
        return self.number >= (15, 6)

    @property
    def counts_to(self) -> int | None:
        """Above so many rows the totals and the last link are left out (None: never)."""
        return 10_000 if self.number >= (14, 0) else None

    @property
    def dates_milestones(self) -> bool:
        """Milestone lists obey ``updated_after`` (15.10)."""
        return self.number >= (15, 10)

    @property
    def descendants(self) -> bool:
        """Group milestone lists know ``include_ancestors`` and ``include_descendants`` (16.7)."""
        return self.number >= (16, 7)

    @property
    def redirects(self) -> bool:
        """A project's former path answers with a redirect (16.7) instead of 404."""
        return self.number >= (16, 7)

    @property
    def strict_keyset(self) -> bool:
        """Keyset paging where it is not served is refused with 405 instead of ignored."""
        return self.number >= (14, 0)

    @property
    def keyset_issues(self) -> bool:
        """Keyset paging of a project's issues (18.3)."""
        return self.number >= (18, 3)

    @property
    def own_token(self) -> bool:
        """A token may ask about itself (15.5)."""
        return self.number >= (15, 5)

    @property
    def modern(self) -> bool:
        """Answers carry the fields that came with 14 to 17."""
        return self.number >= (16, 0)


def dialect(version: str) -> Dialect:
    """The dialect of a version text such as ``18.5.1``; ConfigError if it does not start with two numbers."""
    parts = version.split(".")
    if len(parts) < 2 or not (parts[0].isdigit() and parts[1].isdigit()):
        raise ConfigError(f"GitLab version {version!r} is not a version", remedy="give one such as 18.5.1 or 13.12.15")
    return Dialect(version, (int(parts[0]), int(parts[1])))
