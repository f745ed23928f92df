"""What is written is what the standard wants: elements in order, attributes, namespaces, identifiers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyhub.questions.formats import FORMATS
from tests.factories.items import drafts

NAMESPACES = {
    "qti21": ("http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/imscp_v1p1"),
    "qti22": ("http://www.imsglobal.org/xsd/imsqti_v2p2", "http://www.imsglobal.org/xsd/imscp_v1p1"),
    "qti30": (
        "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
        "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    ),
}
# What the standard wants, as 2.x has it: children in this order, these attributes; after / these at will.
CHILDREN = {
    "assessmentItem": "responseDeclaration* outcomeDeclaration+ templateDeclaration* templateProcessing?"
    " assessmentStimulusRef* itemBody responseProcessing? modalFeedback*",
    "assessmentStimulus": "stimulusBody",
    "assessmentSection": "rubricBlock* assessmentItemRef+",
    "templateProcessing": "(setTemplateValue|setCorrectResponse)+",
    "setTemplateValue": "(randomInteger|random|variable|baseValue|sum|subtract|product|divide|power|max|min"
    "|integerDivide|integerModulus|mathOperator|round|roundTo)",
    "setCorrectResponse": "variable",
    "random": "multiple",
    "responseDeclaration": "correctResponse? mapping?",
    "outcomeDeclaration": "defaultValue?",
    "correctResponse": "value+",
    "defaultValue": "value",
    "mapping": "mapEntry+",
    "choiceInteraction": "simpleChoice+",
    "orderInteraction": "simpleChoice+",
    "matchInteraction": "simpleMatchSet simpleMatchSet",
    "simpleMatchSet": "simpleAssociableChoice+",
    "responseProcessing": "(responseCondition|setOutcomeValue)*",
    "responseCondition": "responseIf responseElseIf* responseElse?",
}
ATTRIBUTES = {
    "assessmentItem": "identifier title adaptive timeDependent / lang toolName schemaLocation",
    "assessmentStimulus": "identifier title / lang toolName schemaLocation",
    "assessmentSection": "identifier title visible / schemaLocation",
    "assessmentStimulusRef": "identifier href",
    "assessmentItemRef": "identifier href",
    "templateDeclaration": "identifier cardinality baseType / mathVariable paramVariable",
    "setTemplateValue": "identifier",
    "setCorrectResponse": "identifier",
    "randomInteger": "min max / step",
    "printedVariable": "identifier",
    "mathOperator": "name",
    "roundTo": "roundingMode figures",
    "responseDeclaration": "identifier cardinality baseType",
    "outcomeDeclaration": "identifier cardinality baseType",
    "mapping": "defaultValue lowerBound upperBound",
    "mapEntry": "mapKey mappedValue / caseSensitive",
    "choiceInteraction": "responseIdentifier shuffle maxChoices",
    "orderInteraction": "responseIdentifier shuffle",
    "matchInteraction": "responseIdentifier shuffle maxAssociations",
    "textEntryInteraction": "responseIdentifier / expectedLength",
    "extendedTextInteraction": "responseIdentifier",
    "simpleChoice": "identifier",
    "simpleAssociableChoice": "identifier matchMax",
    "feedbackInline": "outcomeIdentifier showHide identifier",
    "feedbackBlock": "outcomeIdentifier showHide identifier",
    "modalFeedback": "outcomeIdentifier showHide identifier",
    "rubricBlock": "view / class",
    "equal": "toleranceMode / tolerance",
    "baseValue": "baseType",
    "variable": "identifier",
    "correct": "identifier",
    "mapResponse": "identifier",
    "setOutcomeValue": "identifier",
    "responseProcessing": "/ template",
}  # fmt: skip
BLOCKS = {"p", "div", "ul", "ol", "table", "pre", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
XHTML = BLOCKS | {
    "li", "tr", "td", "th", "thead", "tbody", "em", "strong", "span", "a", "img", "object", "br", "code",
}  # fmt: skip
IDENTIFIER = re.compile(r"[A-Za-z_][\w.-]*")


def in_2_x(name: str) -> str:
    """A name without its namespace, as 2.x spells it."""
    bare = name.rpartition("}")[2].removeprefix("qti-")
    return re.sub(r"-([a-z])", lambda match: match[1].upper(), bare)


def faults(element: Element, namespace: str) -> Iterator[str]:
    """What the standard has against an element and all within, MathML aside."""
    home, _, raw = element.tag[1:].partition("}")
    if home != namespace:
        yield f"{raw} is not of {namespace}"
        return
    name = in_2_x(element.tag)
    if (raw != name) is not ("_v3p0" in namespace and name not in XHTML):
        yield f"{raw} is spelt otherwise in this version"
    yield from _of_children(element, name)
    yield from _of_attributes(element, name)
    for child in element:
        if "MathML" not in child.tag:
            yield from faults(child, namespace)


def _of_children(element: Element, name: str) -> Iterator[str]:
    names = [in_2_x(child.tag) for child in element]
    wanted = re.sub(r"\w+", r"(?:\g<0>,)", CHILDREN.get(name, "")).replace(" ", "")
    if wanted and not re.fullmatch(wanted, "".join(f"{child}," for child in names)):
        yield f"{name} holds {names}"
    if name in ("itemBody", "stimulusBody", "rubricBlock", "modalFeedback", "feedbackBlock", "contentBody"):
        inline = [n for n in names if n in XHTML - BLOCKS]
        if inline or (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            yield f"{name} holds text that is in no block"


def _of_attributes(element: Element, name: str) -> Iterator[str]:
    if name in ATTRIBUTES:
        needed, _, more = ATTRIBUTES[name].partition("/")
        found = {in_2_x(key) for key in element.keys()}  # noqa: SIM118 - an Element is no mapping
        if not set(needed.split()) <= found <= {*needed.split(), *more.split()}:
            yield f"{name} has {found}"
    for key in ("identifier", "responseIdentifier", "outcomeIdentifier"):
        if not IDENTIFIER.fullmatch(element.get(key, "ok")):
            yield f"{element.get(key)} is no identifier"


@pytest.mark.parametrize("name", NAMESPACES)
@given(data=st.data())
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
def test_every_item_and_manifest_is_as_the_standard_wants_it(name: str, data: Any) -> None:
    of_items, of_package = NAMESPACES[name]
    write = FORMATS[name].write
    assert write is not None
    with zipfile.ZipFile(io.BytesIO(write(data.draw(drafts())).data)) as archive:
        held = {path: archive.read(path) for path in archive.namelist()}
    manifest = fromstring(held.pop("imsmanifest.xml"))
    assert [child.tag for child in manifest] == [
        f"{{{of_package}}}{part}" for part in ("metadata", "organizations", "resources")
    ]
    resources = manifest.findall(f".//{{{of_package}}}resource")
    named = [manifest.get("identifier"), *(resource.get("identifier") for resource in resources)]
    assert len(named) == len(set(named))
    listed = {file.get("href") for file in manifest.iter(f"{{{of_package}}}file")}
    assert listed == held.keys()
    for resource in resources:
        assert list(faults(fromstring(held[resource.get("href", "")]), of_items)) == []


def test_a_planted_fault_is_found() -> None:
    namespace = NAMESPACES["qti21"][0]
    bad = f'<itemBody xmlns="{namespace}">text<choiceInteraction responseIdentifier="1"/></itemBody>'
    assert list(faults(fromstring(bad), namespace)) == [
        "itemBody holds text that is in no block",
        "choiceInteraction holds []",
        "choiceInteraction has {'responseIdentifier'}",
        "1 is no identifier",
    ]
