"""What is written is what the standard wants: elements in order, attributes, namespaces, identifiers.

The rules are those of 1EdTech's schemas, for what we write of them:
- imsqti_v2p1p1.xsd (QTI 2.1.1, 2013-07-31): items, sections, interactions, rules, HTML;
- imsqti_v2p2.xsd (QTI 2.2): the same, and the types of `assessmentStimulusRef` and `assessmentStimulus`;
- imsqtiv3p0_imscpv1p2_v1p0.xsd (IMS CP 1.2 for QTI 3.0, 2019-03-14): manifests.
Items of 3.0 have the model of 2.2 with names of their own and `qti-content-body` around what blocks hold.
"""

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
from studyhub.questions.formats.exchange import Draft, Source
from tests.factories.items import drafts

NAMESPACES = {
    "qti21": ("http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/imscp_v1p1"),
    "qti22": ("http://www.imsglobal.org/xsd/imsqti_v2p2", "http://www.imsglobal.org/xsd/imscp_v1p1"),
    "qti30": (
        "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
        "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    ),
}
# As 2.x has it: children in this order, these attributes; after / these at will. Where the schemas leave more
# open than we need, this is stricter: every item has outcomes, every mapping its bounds.
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
    "table": "caption? col* colgroup* thead? tfoot? tbody+",  # Table.Type: a body at least
    "thead": "tr+",
    "tbody": "tr+",
    "ol": "li*",
    "ul": "li*",
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
    # A.Type, Img.Type, Object.Type and their attribute groups: a title is in none of them.
    "a": "href / type class",
    "img": "src alt / longdesc width height class",
    "object": "data type / width height class",
    **dict.fromkeys(
        ("p", "div", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th", "em", "strong", "span",
         "br", "code", "pre", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"), "/ class",
    ),
}  # fmt: skip
VALUES = {
    "expectedLength": r"\d+",  # xs:int
    "maxChoices": r"\d+",  # xs:nonNegativeInteger, as the next two
    "maxAssociations": r"\d+",
    "matchMax": r"\d+",
    "toleranceMode": "exact|absolute|relative",
    "showHide": "show|hide",
    "adaptive": "true|false",
    "timeDependent": "true|false",
    "shuffle": "true|false",
    **dict.fromkeys(
        ("mappedValue", "lowerBound", "upperBound", "defaultValue"), r"-?\d+(?:\.\d+)?"
    ),  # xs:double
}
BLOCKS = {"p", "div", "ul", "ol", "table", "pre", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
XHTML = BLOCKS | {
    "li", "tr", "td", "th", "thead", "tbody", "em", "strong", "span", "a", "img", "object", "br", "code",
}  # fmt: skip
# HTMLText.Type, which p, the headings and inline elements are: no blocks within.
TEXT = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "span", "a", "code", "feedbackInline"}
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
    if name in TEXT and (blocks := [n for n in names if n in BLOCKS]):
        yield f"{name} holds {blocks}"
    if name in (
        "itemBody",
        "stimulusBody",
        "blockquote",
        "rubricBlock",
        "modalFeedback",
        "feedbackBlock",
        "contentBody",
    ):
        inline = [n for n in names if n in XHTML - BLOCKS]
        if inline or (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            yield f"{name} holds text that is in no block"


def _of_attributes(element: Element, name: str) -> Iterator[str]:
    if name in ATTRIBUTES:
        needed, _, more = ATTRIBUTES[name].partition("/")
        found = {in_2_x(key) for key in element.keys()}  # noqa: SIM118 - an Element is no mapping
        if not set(needed.split()) <= found <= {*needed.split(), *more.split()}:
            yield f"{name} has {found}"
    for key, value in element.items():
        if not re.fullmatch(VALUES.get(in_2_x(key), r"(?s:.*)"), value):
            yield f"{name} has {key}={value}"
    for key in ("identifier", "responseIdentifier", "outcomeIdentifier"):
        if not IDENTIFIER.fullmatch(element.get(key, "ok")):
            yield f"{element.get(key)} is no identifier"


# ManifestMetadata.Type and Resource.Type: what these may be called.
KINDS = {
    "qti21": ("QTIv2.1 Package", "1.0.0", {"imsqti_item_xmlv2p1", "imsqti_section_xmlv2p1"}),
    "qti22": ("QTIv2.2 Package", "1.0.0", {"imsqti_item_xmlv2p2", "imsqti_stimulus_xmlv2p2"}),
    "qti30": ("QTI Package", "3.0.0", {"imsqti_item_xmlv3p0", "imsqti_stimulus_xmlv3p0"}),
}


def of_manifest(manifest: Element, home: str, kinds: tuple[str, str, set[str]]) -> Iterator[str]:
    """What the profile of content packaging has against a manifest."""
    schema, version, types = kinds
    metadata, organizations, resources = manifest
    if [child.tag for child in manifest] != [
        f"{{{home}}}{part}" for part in ("metadata", "organizations", "resources")
    ]:
        yield f"manifest holds {[child.tag for child in manifest]}"
    if [child.text for child in metadata][:2] != [schema, version] or len(organizations):
        yield f"a package is called {[child.text for child in metadata]}"
    named = [manifest.get("identifier"), *(resource.get("identifier") for resource in resources)]
    if len(named) != len(set(named)) or not all(IDENTIFIER.fullmatch(name or "") for name in named):
        yield f"{named} are no IDs"
    for resource in resources:
        inner = " ".join(child.tag.removeprefix(f"{{{home}}}") for child in resource)
        if not re.fullmatch(r"(?:metadata )?file(?: file)*(?: dependency)*", inner):
            yield f"resource holds {inner}"
        if resource.get("type") not in types:
            yield f"{resource.get('type')} is no type of resources"
        needed = {one.get("identifierref") for one in resource.iter(f"{{{home}}}dependency")}
        if not needed <= set(named):
            yield f"{needed} are not there"


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
    assert list(of_manifest(manifest, of_package, KINDS[name])) == []
    resources = manifest.findall(f".//{{{of_package}}}resource")
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


@pytest.mark.parametrize("name", NAMESPACES)
@pytest.mark.parametrize(
    "prompt",
    [
        '看[规定](https://example.org/a "全文")',
        '看![图](media/a.png "登录页")',
        "| 甲 | 乙 |\n| --- | --- |",
        "> 引文\n>\n> - 一\n>   - 二",
        "```python\nx = 1\n```",
        "| 甲 |\n| :-: |\n| **乙** |",
    ],
)
def test_what_markdown_can_show_is_what_the_schemas_have_a_place_for(name: str, prompt: str) -> None:
    item = {"id": "q", "type": "truefalse", "prompt": prompt, "answer": True}
    write = FORMATS[name].write
    assert write is not None
    writing = write(Draft({"bank": "b", "title": "题", "language": "zh"}, [item], {"media/a.png": b"x"}))
    with zipfile.ZipFile(io.BytesIO(writing.data)) as archive:
        assert list(faults(fromstring(archive.read("items/q.xml")), NAMESPACES[name][0])) == []
    assert [note.params.get("key") for note in writing.notes] == (["title"] if '"' in prompt else [])


@pytest.mark.parametrize("name", NAMESPACES)
def test_a_table_of_one_row_comes_back(name: str) -> None:
    item = {"id": "q", "type": "truefalse", "prompt": "| 甲 | 乙 |\n| --- | --- |", "answer": True}
    form = FORMATS[name]
    assert form.write is not None
    assert form.read is not None
    data = form.write(Draft({"bank": "b", "title": "题", "language": "zh"}, [item])).data
    assert form.read(Source(data, "b.zip")).questions == [item]
