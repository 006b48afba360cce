"""The commands' common frame: the group, errors as one sentence with exit code 2, JSON on stdout."""

from __future__ import annotations

import logging
import sys
from typing import Any

import click

from models.errors import DebriefError
from pipeline.commands import administration, demo, media, serving
from pipeline.commands.output import JSON_ASKED, write_json

EXIT_REFUSED = 2
"""What was asked can't be done with this input; the sentence on stderr says why."""
EXIT_FAULT = 3
"""The machine or Debrief failed; trying again may help."""


class _Frame(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DebriefError as error:
            click.echo(f"debrief: {error.message}", err=True)
            if ctx.meta.get(JSON_ASKED):
                write_json({"error": type(error).__name__, "message": error.message})
            ctx.exit(EXIT_REFUSED if error.expected else EXIT_FAULT)


@click.group(cls=_Frame, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="debrief", message="%(version)s")
def cli() -> None:
    r"""Debrief: watch lessons together, in private.

    \b
    Exit codes: 0 done; 2 the input or the call is not right; 3 the machine failed; 130 interrupted.
    """


for command in (*media.COMMANDS, *serving.COMMANDS, *administration.COMMANDS, demo.demo):
    cli.add_command(command)


def run() -> None:
    """Run the command line and leave with its exit code; an interruption ends with 130 and no traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        sys.exit(cli.main(prog_name="debrief", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("debrief: interrupted; nothing was lost", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
