"""A command line that is not understood, as one line like any other fault: place, what is wrong, what to do."""

from __future__ import annotations

import click

from pmosync.errors import ConfigError


def fault(error: click.UsageError) -> ConfigError:
    """What click has against a command line, in the words of this tool."""
    match error:
        case click.MissingParameter(param=click.Parameter() as param):
            return ConfigError(f"{called(param)}: is missing", remedy=_help(error))
        case click.BadParameter(param=click.Parameter() as param):
            value = error.message.partition(" is not ")[0].strip("'")
            return ConfigError(f"{called(param)} {value}: is not possible", remedy=choice(param.type) or _help(error))
        case click.NoSuchOption():
            return ConfigError(f"{error.option_name}: there is no such option", remedy=_near(error) or _help(error))
        case click.BadOptionUsage():
            return ConfigError(f"{error.option_name}: {_said(error)}", remedy=_help(error))
        case _:
            return ConfigError(f"{_path(error)}: {_said(error)}", remedy=_near(error) or _help(error))


def called(param: click.Parameter) -> str:
    """What people call an option (its long name) or an argument."""
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name


def choice(kind: object) -> str:
    """What a parameter takes; empty where only the help tells."""
    match kind:
        case click.Choice():
            return f"choose one of {', '.join(map(str, kind.choices))}"
        case click.IntRange() | click.FloatRange():
            return f"name a number from {kind.min:g} to {kind.max:g}"
        case _:
            return ""


def _near(error: click.UsageError) -> str:
    """What was probably meant."""
    near: list[str] = getattr(error, "possibilities", None) or []
    return f"did you mean {' or '.join(near)}?" if near else ""


def _help(error: click.UsageError) -> str:
    return f"see `{_path(error)} --help`"


def _path(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx else "pmosync"


def _said(error: click.UsageError) -> str:
    """click's own sentence, such as it follows a place: some take several lines."""
    words = " ".join(error.message.split()).rstrip(".")
    return words[:1].lower() + words[1:]
