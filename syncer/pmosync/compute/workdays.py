"""Working days: which days count, how far two dates are apart, where a launch may fall.

A calendar is a week pattern plus the sorted days that differ from it, so counting is exact for every date from year 1 to 9999
and costs two bisections. wd = working days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cached_property

from msgspec import Struct

LAST_ORDINAL, LAST_YEAR = date.max.toordinal(), date.max.year


class Freeze(Struct, frozen=True, order=True):
    """No launch from ``first`` to ``last`` (both included); ``words`` name the window (Double 11)."""

    first: date
    last: date
    words: str = ""


class Calendar(Struct, frozen=True, dict=True):
    """Working days of a country, site, team or project.

    ``week`` says of Monday … Sunday whether people work; ``off`` and ``on`` are ordinals of the days that differ from it
    (holidays on working weekdays; make-up workdays on weekends), sorted. ``provisional`` lists years whose holidays are not
    announced yet; behind the year to which the calendar ``reaches`` it knows the week alone.
    """

    name: str
    week: tuple[bool, ...] = (True, True, True, True, True, False, False)
    off: tuple[int, ...] = ()
    on: tuple[int, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    provisional: tuple[int, ...] = ()
    reaches: int = LAST_YEAR

    @cached_property
    def _prefix(self) -> tuple[int, ...]:
        return tuple(sum(self.week[:rest]) for rest in range(8))

    @cached_property
    def _positions(self) -> dict[date, int]:
        """The numbers of the days that were asked for."""
        return {}

    @cached_property
    def _found(self) -> dict[int, date]:
        """The working days that were asked for, by number: a portfolio asks for the same few hundred again and again."""
        return {}

    def works(self, day: date) -> bool:
        """Whether people work on ``day``."""
        ordinal = day.toordinal()
        return self._count(ordinal) > self._count(ordinal - 1)

    def awaits(self, year: int) -> bool:
        """Whether the year's days off may still change: not announced yet, or not known at all."""
        return year in self.provisional or year > self.reaches

    def position(self, day: date) -> int:
        """The number of the working day on which ``day`` counts: its own, or that of the next working day."""
        if day not in self._positions:
            self._positions[day] = self._count(day.toordinal() - 1) + 1
        return self._positions[day]

    def slip(self, baseline: date, later: date) -> tuple[int, int]:
        """(wd, calendar days) from ``baseline`` to ``later``; positive = later.

        The baseline day is excluded, the later day included; a date on a non-working day counts from the next working day.
        """
        return self.between(baseline, later), (later - baseline).days

    def between(self, first: date, later: date) -> int:
        """wd from ``first`` to ``later``, signed, as in ``slip``."""
        return self.position(later) - self.position(first)

    def add(self, day: date, wd: int) -> date:
        """The working day ``wd`` after (before, if negative) ``day``; 0 is the day itself or the next working day."""
        return self._nth(self.position(day) + wd)

    def on_or_after(self, day: date) -> date:
        """``day`` itself if people work on it, else the next working day."""
        return self.add(day, 0)

    def on_or_before(self, day: date) -> date:
        """``day`` itself if people work on it, else the last working day before."""
        return self._nth(self._count(day.toordinal()))

    def after(self, day: date) -> date:
        """The next working day after ``day``."""
        return self._nth(self._count(day.toordinal()) + 1)

    def met_until(self, baseline: date) -> date:
        """The last day on which a promise for ``baseline`` is still kept."""
        return self.on_or_after(baseline)

    def thaw(self, day: date) -> tuple[date, str]:
        """The first allowed day from ``day`` on, and the words of the freeze windows that moved it ("" = none did).

        A day off counts as the next working day: in a window before which only days off lie, it is frozen too.
        """
        words: list[str] = []
        for freeze in self.freezes:
            if freeze.first <= day <= freeze.last or freeze.first <= self.on_or_after(day) <= freeze.last:
                day = self.after(freeze.last)
                words.append(freeze.words)
        return day, ", ".join(words)

    def _count(self, ordinal: int) -> int:
        weeks, rest = divmod(ordinal, 7)
        plain = weeks * self._prefix[7] + self._prefix[rest]
        return plain + bisect_right(self.on, ordinal) - bisect_right(self.off, ordinal)

    def _nth(self, position: int) -> date:
        if position not in self._found:
            ordinal = bisect_left(range(1, LAST_ORDINAL + 1), position, key=self._count) + 1
            self._found[position] = date.fromordinal(min(ordinal, LAST_ORDINAL))
        return self._found[position]


EVERY_DAY = Calendar("", week=(True,) * 7)
"""No calendar: wd are calendar days."""
