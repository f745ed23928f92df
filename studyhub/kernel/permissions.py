"""Every permission there is. A route declares one; a role is a set of them (organization/roles.py)."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """Alphabetical. The value is what configuration, audit and tests see."""

    DELEGATE = "delegate"
    """give a deputy one's own rights over a branch, with an end date"""
    EXPORT_BRANCH = "export_branch"
    IMPORT_MEMBERS = "import_members"
    MANAGE_BANKS = "manage_banks"
    MANAGE_BRANCHES = "manage_branches"
    MANAGE_COURSES = "manage_courses"
    MANAGE_EXAMS = "manage_exams"
    MANAGE_GRANTS = "manage_grants"
    MANAGE_MEMBERS = "manage_members"
    PUBLIC = "public"
    """anyone, signed in or not"""
    RESET_PASSWORDS = "reset_passwords"
    SIGNED_IN = "signed_in"
    """whoever is signed in, and has set a password"""
    SET_PASSWORD = "set_password"
    """whoever is signed in, even when a password must be set first"""
    STUDY = "study"
    TAKE_EXAMS = "take_exams"
    VIEW_AUDIT = "view_audit"
    VIEW_BANKS = "view_banks"
    VIEW_BRANCH = "view_branch"
    VIEW_MEMBERS = "view_members"
    VIEW_TASKS = "view_tasks"
    VOID_ATTEMPTS = "void_attempts"
