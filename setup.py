"""Migrations and question banks stand beside the package in a checkout and travel inside it in a wheel.

All else is said in setup.cfg, which has no way to add these two to what `find:` finds.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["studyhub*"]), "studyhub.migrations", "studyhub.question_banks"],
    package_dir={"studyhub.migrations": "migrations", "studyhub.question_banks": "question_banks"},
)
