"""The sentences of faults in files that are written by hand, in the reader's language.

A code's sentence and a hint's sentence are made from the same parameters. The exam file uses these as well,
and adds its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from studyhub.kernel.faults import Fault
from studyhub.questions import excerpt, source
from studyhub.questions.bank_file import Checked
from studyhub.questions.checking.wording import OF_VARIABLES
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.i18n import spoken

FAULTS: dict[str, Any] = {
    # The file itself
    "too_large": _l("The file has %(bytes)s bytes; at most %(largest)s are read."),
    "not_utf8": _l("The file is not UTF-8 text (it looks like %(encoding)s)."),
    "bad_character": _l("There is an invisible character (%(character)s) that no text needs."),
    "empty_file": _l("The file is empty."),
    "too_many_faults": _l("The file has %(count)s mistakes and more. Is it the right file?"),
    "duplicate_bank": _l("Another file of this import has the bank “%(value)s” as well (%(path)s)."),
    # YAML
    "alias": _l("“*%(name)s” is a YAML alias. A bank uses none."),
    "anchor": _l("“&%(name)s” is a YAML anchor. A bank uses none."),
    "tag": _l("“%(name)s” is a YAML tag. A bank uses none."),
    "directive": _l("Lines that begin with “%%” have no meaning here."),
    "many_documents": _l("“---” begins a second document. A file holds one."),
    "exam_file": _l("This is an exam file and no bank."),
    "too_deep": _l("Brackets or lists are nested more than %(deepest)s deep."),
    "too_many_nodes": _l("The file holds more than %(most)s values."),
    "yaml_syntax": _l("This line does not fit to the lines above it."),
    "must_quote": _l("The text of “%(key)s” begins with %(character)s, which YAML takes for something else."),
    "bad_start": _l("A text cannot begin with %(character)s."),
    "text_after_quote": _l("There is more text of “%(key)s” after the closing quotation mark."),
    "colon_in_text": _l(
        "The text of “%(key)s” holds a colon followed by a blank, which YAML takes for a key."
    ),
    "fullwidth_colon": _l("After “%(key)s” stands the full-width colon “：”."),
    "fullwidth_bracket": _l("Here stands the full-width bracket “%(character)s”."),
    "tab_indent": _l("The line is indented with a tab. YAML wants blanks."),
    "bad_escape": _l(
        "Between double quotation marks a backslash begins a special character; this one is none."
    ),
    "unclosed_quote": _l("This quotation mark is never closed."),
    "unclosed_bracket": _l("This bracket is never closed."),
    "no_colon": _l("A key without a colon."),
    "comment_after_text": _l("The text of “%(key)s” ends before “%(tail)s”: YAML takes that for a comment."),
    "look_alike": _l("“%(text)s” without quotation marks is not a text to every YAML reader."),
    # Keys and values
    "key_not_text": _l("A key must be a plain word."),
    "duplicate_key": _l("The key “%(key)s” stands here twice (first in line %(line)s)."),
    "unknown_key": _l("The key “%(key)s” is unknown."),
    "chinese_key": _l("The key “%(key)s” is written in Chinese."),
    "missing_key": _l("“%(key)s” is missing."),
    "empty_value": _l("“%(key)s” is empty."),
    "not_a_mapping": _l("“%(key)s” needs keys with values."),
    "not_a_list": _l("“%(key)s” needs a list, such as [a, b]."),
    "not_text": _l("“%(key)s” needs a text."),
    "too_long": _l("“%(key)s” is longer than %(longest)s characters."),
    "bad_slug": _l(
        "“%(value)s” is no name for “%(key)s”: use small letters, digits and hyphens, at most 64."
    ),
    "reserved_slug": _l("“%(value)s” is a page of this site: take another name for “%(key)s”."),
    "unknown_word": _l("“%(value)s” is not possible for “%(key)s”."),
    "not_a_number": _l("“%(key)s” needs a number; “%(value)s” is none."),
    "not_boolean": _l("“%(key)s” is either true or false; “%(value)s” is neither."),
    "not_a_day": _l("“%(key)s” needs a day such as 2027-06-30; “%(value)s” is none."),
    "secret_level": _l("“%(value)s” is a level of state secrets. This system holds none."),
    "secret_mark": _l("The text carries a mark of state secrets. This system holds none."),
    # Questions
    "no_questions": _l("The bank has no questions."),
    "not_a_default": _l("“%(key)s” cannot have a default: each question has its own."),
    "duplicate_id": _l("There is already a question “%(id)s” (line %(line)s)."),
    "key_of_other_type": _l(
        "“%(key)s” means nothing in a question of the type “%(type)s” (only in %(owners)s)."
    ),
    "answer_elsewhere": _l(
        "A question of the type “%(type)s” has no “answer”: what is right stands in “%(owner)s”."
    ),
    "bad_points": _l("Points are more than 0 and at most %(most)s, with at most two decimals."),
    "bad_facility": _l("“%(value)s” is no difficulty: it is a word or a number from 0 to 1."),
    "too_many_tags": _l("A question has at most %(most)s tags."),
    "image_not_shown": _l("“%(path)s” did not come with the bank: members will read its description only."),
    "image_elsewhere": _l("“%(path)s” is on another server: members will read its description only."),
    "image_missing": _l("There is no file “%(path)s” beside the bank."),
    "image_too_large": _l("“%(path)s” is larger than %(largest)s MB."),
    "image_type": _l("“%(path)s” is no image and no sound that is shown: %(known)s."),
    "image_name": _l("“%(path)s” has another content than its name says."),
    "option_count": _l("There are %(count)s options; a question has %(fewest)s to %(most)s."),
    "empty_option": _l("Option %(key)s is empty."),
    "answer_form": _l("The answer does not have the form that this type of question needs."),
    "not_an_option": _l("The answer “%(key)s” is not among the options: %(keys)s."),
    "answer_twice": _l("The answer names “%(key)s” twice."),
    "not_a_verdict": _l("The answer must say true or false."),
    "no_blank": _l("The prompt has no blank."),
    "blank_numbers": _l("The blanks must be numbered 1, 2, 3 … once each; here: %(numbers)s."),
    "blank_count": _l("The prompt has %(blanks)s blanks, the answer %(lists)s lists."),
    "too_many_blanks": _l("A prompt has at most %(most)s blanks."),
    "empty_text": _l("An accepted text is empty."),
    "bad_tolerance": _l("“%(value)s” is no tolerance."),
    "unit_is_number": _l("“%(unit)s” is a number and no unit."),
    "pair_count": _l("There are %(count)s pairs; a question has %(fewest)s to %(most)s."),
    "empty_pair": _l("One side of a pair is empty."),
    "same_left": _l("“%(text)s” stands on the left twice (first in line %(line)s)."),
    "too_many_right": _l("There are %(count)s different texts on the right; at most %(most)s."),
    "distractor_is_right": _l("“%(text)s” belongs to something on the left: it is no distractor."),
    "item_count": _l("There are %(count)s items; a question has %(fewest)s to %(most)s."),
    "same_item": _l("“%(text)s” stands here twice: nobody could tell which comes first."),
    "rubric_count": _l("There are %(count)s points of the rubric; a question has 1 to %(most)s."),
    "bad_max_chars": _l("“max_chars” is a whole number from 1 to %(most)s."),
    "part_count": _l("There are %(count)s questions; a passage has 1 to %(most)s."),
    "passage_in_passage": _l("A passage stands by itself: its questions are of the other types."),
    "variables_of_passage": _l("A passage has no variables; each of its questions can have its own."),
    **OF_VARIABLES,
    # On the desk
    "id_fixed": _l("This is the question “%(id)s”: its id never changes."),
    "bank_taken": _l("There is already a bank “%(bank)s”."),
    "above_clearance": _l("This bank is above your clearance."),
    "id_taken": _l("There is already a question “%(id)s” in this bank."),
    "one_question": _l("Write exactly one question, beginning with “- id: …”."),
    "source_superseded": _l("Its source no longer holds, and nobody has reviewed it since."),
    # Advice
    "no_explanation": _l("The question has no explanation."),
    "no_rubric": _l("Nothing says what a good answer is: add a “rubric” or a “model_answer”."),
    "rubric_sum": _l("The points of the rubric are %(total)s together, those of the question %(points)s."),
    "equal_options": _l("Options %(first)s and %(second)s say the same."),
    "sums_up": _l(
        "“%(text)s” speaks of the options above it, and options are shuffled. It will stay the last."
    ),
    "no_variables": _l("“{{%(expression)s}}” is an expression, and the question has no “variables”."),
    "broken_maths": _l("The formula “%(text)s” cannot be read: members would see it as it was typed."),
    "open_maths": _l("“%(text)s” stands outside of a formula: members would see it as it was typed."),
    "typed_html": _l("HTML such as %(tag)s is shown as it was typed."),
    "names_letters": _l("“%(text)s” calls options by letters, which shuffling changes: say it in words."),
    "one_right": _l("Only one option is right. Is it a single choice?"),
    "all_right": _l("Every option is right."),
    "one_to_choose": _l("There is only one text on the right: nothing can be wrong. Add distractors."),
    "same_distractor": _l("The distractor “%(text)s” stands here twice."),
    "same_text": _l("“%(text)s” is accepted already: it counts as equal to one before it."),
    "same_prompt": _l("The prompt is the same as that of “%(id)s” (line %(line)s)."),
    "near_duplicate": _l(
        "The prompt says nearly the same as “%(id)s” (line %(line)s): %(percent)s %% alike."
    ),
    "same_prompt_elsewhere": _l("The prompt is the same as that of “%(id)s” in the bank “%(bank)s”."),
    "near_duplicate_elsewhere": _l(
        "The prompt says nearly the same as “%(id)s” in the bank “%(bank)s”: %(percent)s %% alike."
    ),
    "longest_is_right": _l(
        "In %(hits)s of %(total)s single choices the right option is the longest: %(share)s %%, where chance "
        "gives about %(expected)s %% (%(p)s)."
    ),
    "position_bias": _l(
        "In %(hits)s of %(total)s single choices the right option is %(key)s: %(share)s %%, where chance "
        "gives about %(expected)s %% (%(p)s)."
    ),
}

HINTS: dict[str, Any] = {
    "did_you_mean": _l("Did you mean “%(meant)s”?"),
    "one_of": _l("Possible: %(known)s."),
    "quote_it": _l("Quote it: put the whole text between quotation marks."),
    "quote_if_text": _l("If it is part of a text, put the whole text between quotation marks."),
    "quote_whole": _l("Put the whole text between single quotation marks: '…'."),
    "single_quotes": _l("Use single quotation marks: '…'."),
    "use_bracket": _l("Write it as “%(meant)s”, with the Western keyboard."),
    "use_exams_check": _l("Check it with “studyhub exams check”."),
    "unit_apart": _l("Write the number alone, and what follows it as “unit”."),
    "name_variables": _l(
        "Say what it may be, such as variables: {a: {from: 2, to: 9}}. A text that only looks so "
        "stands between backticks."
    ),
    "maths_like": _l("Write formulas between $ and $, with every brace closed: $\\frac{1}{2}$."),
    "write_markdown": _l(
        "Write Markdown, such as **bold**. A tag that the text is about stands between backticks."
    ),
    "use_colon": _l("Write the key “%(meant)s” with a colon and a blank: “%(meant)s: …”."),
    "check_indent": _l("Look at the indentation, the colons and the quotation marks."),
    "save_as_utf8": _l("Save the file as UTF-8."),
    "level_is": _l("Levels are public, internal and restricted."),
    "points_like": _l("For example: 2, or 0.5."),
    "options_like": _l("Write a letter before each option: A, B, C …"),
    "image_together": _l("Bring the bank in together with its pictures, in one .zip."),
    "image_blanks": _l("Put a name with blanks between < and >: (<%(meant)s>)."),
    "image_beside": _l("Put the file beside the bank, and name it by its path."),
    "pin_order": _l("Write “shuffle: false” to keep the order, or leave the option out."),
    "answer_letter": _l("Write one letter, such as B."),
    "answer_list": _l("Write the letters, such as [A, C] or AC."),
    "answer_blanks": _l("Write one list of accepted texts for each blank: [[first, also right], [second]]."),
    "one_list_a_blank": _l("Write one list of accepted texts for each blank."),
    "blank_like": _l("Mark the blanks in the prompt: [[1]], [[2]] …"),
    "tolerance_like": _l("Write a number such as 0.01, or a share of the answer such as 1%%."),
    "variable_name_like": _l("Write a word that is no function: a, price, 单价."),
    "variable_like": _l("Write {from: 2, to: 9} or {choose: [10, 20]}."),
    "in_braces": _l("Did you mean “{{%(value)s}}”? What is computed stands in double braces."),
    "close_braces": _l("Write {{a*b}} on one line, or leave a blank between the braces."),
    "round_it": _l("Round it: {{round(…, 2)}}."),
    "narrow_values": _l("Choose fewer or other values, so that this never happens."),
    "vary_length": _l(
        "Members learn to pick the longest: make wrong options as long, or the right one shorter."
    ),
    "vary_position": _l("Put the right option in other places too, for whoever reads the file on paper."),
}


REFUSALS: dict[str, Any] = {
    "above_clearance": _l("This bank is above your clearance."),
    "already_applied": _l("This import has already been applied."),
    "bank_taken": _l("There is already a bank “%(bank)s”."),
    "bank_unnamed": _l("Nothing says which bank the file becomes. Name it (“bank”)."),
    "nothing_taken": _l("Nothing of the file can be taken."),
    "exams_would_stop": _l(
        "Nothing was changed: these exams could be drawn no more: %(titles)s. If that is meant, say so "
        "(“confirmed”, on the command line --yes)."
    ),
    "faulty_head": _l("What is said of the bank has mistakes, so it did not begin."),
    "faulty_file": _l("The file has mistakes, so nothing was imported."),
    "import_given_up": _l("The import stood still for too long and was given up. Nothing was changed."),
    "import_running": _l("Somebody is importing this bank at this moment. Try again in a minute."),
    "no_such_bank": _l("There is no bank “%(bank)s”."),
    "unknown_media": _l("The file names a picture that is not here. Upload the bank with its pictures."),
    "id_in_target": _l(
        "The other bank has, or had, a question “%(id)s” (%(count)s in all). Nothing was moved."
    ),
    "no_such_act": _l("Choose what to do."),
    "no_tag": _l("Write the tag, with at most %(longest)s characters."),
    "nothing_chosen": _l("Tick the questions first."),
    "same_bank": _l("The questions are in this bank already."),
    "too_many_tags_now": _l("“%(id)s” has %(most)s tags already. Nothing was changed."),
    "release_leaves_out": _l(
        "Nothing was changed: %(left_out)s questions are not released and would get into no new paper. Exams "
        "that could be drawn no more: %(titles)s. If that is meant, say so (“confirmed”, on the command line "
        "--yes)."
    ),
    "bank_changed": _l(
        "Somebody else has changed this bank meanwhile. What was done until then stays; "
        "look at the rest again."
    ),
    "question_changed": _l(
        "Somebody else has changed “%(id)s” meanwhile. Look at its history, and change it again from there."
    ),
    "unread_would_retire": _l(
        "Nothing was changed in “%(bank)s”: %(unread)s items of the file could not be read, and %(retired)s "
        "questions of the bank would be kept out of new papers. Put the items right first. If that is meant, "
        "say so (“confirmed”, on the command line --yes)."
    ),
    "likeness_unconfirmed": _l(
        "Nothing was changed in “%(bank)s”: questions of the file without identifiers are taken for these, "
        "whose prompts are alike: %(matches)s. Look at the plan with --dry-run; say --yes if it is right."
    ),
    "unreadable_file": _l("The file cannot be read. %(reason)s"),
    "plan_stale": _l("The bank has changed since this plan was shown. Upload the file again for a new plan."),
}

TYPES: dict[str, Any] = {
    "single": _l("Single choice"),
    "multiple": _l("Multiple choice"),
    "truefalse": _l("True or false"),
    "blank": _l("Fill in the blanks"),
    "number": _l("Numeric value"),
    "match": _l("Matching"),
    "order": _l("Ordering"),
    "essay": _l("Essay"),
    "passage": _l("Passage with questions"),
}
"""Of the question types: the one list of their names, for every page."""

LEVELS: dict[str, Any] = {
    "public": _l("public"),
    "internal": _l("internal"),
    "restricted": _l("restricted"),
}

BANDS: dict[str, Any] = {"easy": _l("easy"), "medium": _l("medium"), "hard": _l("hard")}

LANGUAGES: dict[str, Any] = {"zh": _l("Chinese"), "en": _l("English")}


KEYS: dict[str, Any] = {
    "id": _l("Identifier"),
    "bank": _l("Identifier"),
    "title": _l("Title"),
    "language": _l("Language of the questions"),
    "level": _l("Level"),
    "type": _l("Type"),
    "prompt": _l("Prompt"),
    "options": _l("Option"),
    "answer": _l("Key"),
    "explanation": _l("Explanation"),
    "tags": _l("Tags"),
    "points": _l("Points"),
    "difficulty": _l("Difficulty"),
    "source": _l("Source"),
    "review_by": _l("Look again by"),
    "retired": _l("Not in new papers"),
    "shuffle": _l("Shuffle"),
    "marking": _l("Marking"),
    "tolerance": _l("Tolerance"),
    "unit": _l("Unit"),
    "case": _l("Capital letters"),
    "order": _l("Order of the blanks"),
    "pairs": _l("Pair"),
    "distractors": _l("Distractors"),
    "items": _l("Items in order"),
}
"""What the keys of the bank file are called on pages; one that is not here is called by itself."""


MISSING = frozenset({"missing_key", "empty_value"})
MISSED: dict[Any, Any] = {
    "answer": _l("Nothing says which answer is right."),
    "options": _l("There are no options."),
    "pairs": _l("There are no pairs."),
    "items": _l("There are no items to put in order."),
}
"""What a page says where one of these is missing: no name of a field says it well."""


def message(fault: Fault, faults: Mapping[str, Any] = FAULTS) -> str:
    """What is wrong, in one sentence."""
    if fault.code == "not_utf8" and not fault.params.get("encoding"):
        return str(_l("The file is not UTF-8 text."))
    return str(faults[fault.code]) % spoken(fault.params)


def on_a_page(fault: Fault) -> str:
    """The same where nobody sees a bank file: its key is called as the fields and columns are."""
    key = fault.params.get("key")
    if fault.code in MISSING and key in MISSED:
        return str(MISSED[key])
    named = {} if key is None else {"key": str(KEYS.get(str(key), key))}
    return message(replace(fault, params={**fault.params, **named}))


def hint(fault: Fault, hints: Mapping[str, Any] = HINTS) -> str | None:
    """What to do, or None."""
    return str(hints[fault.hint]) % spoken(fault.params) if fault.hint else None


Placed = Callable[[Fault], str]
"""Where in a file of another format a fault is; "" in a bank file, whose lines say it."""


def as_json(fault: Fault, lines: Sequence[str] = (), item: str = "") -> dict[str, Any]:
    """A fault of a bank file as the command line and the API give it; `text` is what it is about, `item`
    where a person finds it in a file of another format."""
    line = lines[fault.line - 1] if 0 < fault.line <= len(lines) else ""
    return {
        "line": fault.line,
        "column": fault.column,
        "severity": fault.severity.value,
        "code": fault.code,
        "message": message(fault),
        "hint": hint(fault),
        "question": fault.subject,
        "item": item or None,
        "text": excerpt.offending(line, fault.column)[: excerpt.LONGEST_TEXT],
    }


def faults_json(checked: Checked, placed: Placed = lambda fault: "") -> list[dict[str, Any]]:
    """The faults of a checked file."""
    lines = source.lines(checked.text)
    return [as_json(fault, lines, placed(fault)) for fault in checked.faults]


def report(files: Sequence[tuple[str, Checked]], placed: Placed = lambda fault: "") -> dict[str, Any]:
    """What came of checking these files (each with its path), with the totals over all."""
    listed = [
        {"path": path, "questions": checked.questions, "faults": faults_json(checked, placed)}
        for path, checked in files
    ]
    return {
        "files": listed,
        "questions": sum(checked.questions for _path, checked in files),
        "errors": sum(checked.errors for _path, checked in files),
        "warnings": sum(checked.warnings for _path, checked in files),
    }
