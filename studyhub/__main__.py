"""`python -m studyhub` is `studyhub`."""

from studyhub.cli import main

main(prog_name="studyhub")
