"""The command line: every room's commands under one name."""

from __future__ import annotations

import click

from studyhub import commands, server
from studyhub.app import create_app
from studyhub.courses import commands as courses_commands
from studyhub.demo.commands import demo
from studyhub.exams.commands import exams
from studyhub.organization import commands as organization_commands
from studyhub.organization.operating import commands as operating_commands
from studyhub.questions import commands as questions_commands
from studyhub.scoring import commands as scoring_commands
from studyhub.web import command_words
from studyhub.web.command import Commands

command_words.speak()

COMMANDS: tuple[click.Command, ...] = (
    questions_commands.banks,
    commands.db,
    courses_commands.courses,
    commands.scheduler,
    server.serve,
    commands.task,
    demo,
    exams,
    *operating_commands.COMMANDS,
    *organization_commands.COMMANDS,
    scoring_commands.scores,
    scoring_commands.statistics,
)


@click.group(cls=Commands)
@click.version_option(package_name="studyhub", help="Show the version and exit.")
@click.pass_context
def main(context: click.Context) -> None:
    """StudyHub 学习考核平台: study and assessment for organisations that are trees of branches."""
    context.obj = create_app


for command in COMMANDS:
    main.add_command(command)
