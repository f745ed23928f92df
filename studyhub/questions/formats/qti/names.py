"""What the versions of QTI call things. The room speaks the names of 2.x; 3.0 spells them its own way."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studyhub.questions.formats import xml_writing
from studyhub.questions.formats.element import Element

TOOL = "StudyHub"
RESPONSE = "RESPONSE"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LONGEST_TITLE = 80
_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")
_DASH = re.compile(r"-([a-z])")
_PREFIX = "qti-"


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its namespaces with their schemas, its types of resources, its addresses of templates."""

    name: str
    namespace: str
    schema: str
    item_type: str
    package_namespace: str
    package_schema: str
    package_kind: tuple[str, str]
    templates: str
    stimulus_type: str
    """of the resources that hold the texts of passages; of 2.1, sections around their items"""
    dashes: bool = False
    earlier: tuple[str, ...] = ()
    """what names versions and profiles before it, which are read like it"""

    def tag(self, name: str, /, *inner: str, **attributes: str) -> str:
        """An element of QTI by its name in 2.x, around what is already written."""
        if not self.dashes:
            return xml_writing.tag(name, *inner, **attributes)
        spelt = {key if "__" in key else _dashed(key): value for key, value in attributes.items()}
        return xml_writing.tag(_PREFIX + _dashed(name), *inner, **spelt)

    def content(self, shown: str) -> str:
        """What blocks of feedback and rubrics hold: 3.0 wraps it."""
        return self.tag("contentBody", shown) if self.dashes else shown

    def template(self, name: str) -> str:
        """The address of a standard template of response processing."""
        return f"{self.templates}{name}{'.xml' if self.dashes else ''}"


_IMS = "http://www.imsglobal.org/xsd"
_PURL = "https://purl.imsglobal.org/spec/qti/v3p0"
V21 = Version(
    "2.1",
    f"{_IMS}/imsqti_v2p1",
    f"{_IMS}/qti/qtiv2p1/imsqti_v2p1.xsd",
    "imsqti_item_xmlv2p1",
    f"{_IMS}/imscp_v1p1",
    f"{_IMS}/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
    ("QTIv2.1 Package", "1.0.0"),
    "http://www.imsglobal.org/question/qti_v2p1/rptemplates/",
    "imsqti_section_xmlv2p1",
    earlier=("imsqti_v2p0", "imsqti_item_xmlv2p0", "imsqti_apipitem_xmlv2p1"),
)
V22 = Version(
    "2.2",
    f"{_IMS}/imsqti_v2p2",
    f"{_IMS}/qti/qtiv2p2/imsqti_v2p2.xsd",
    "imsqti_item_xmlv2p2",
    f"{_IMS}/imscp_v1p1",
    f"{_IMS}/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd",
    ("QTIv2.2 Package", "1.0.0"),
    "http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
    "imsqti_stimulus_xmlv2p2",
    earlier=("imsqti_apipitem_xmlv2p2",),
)
V30 = Version(
    "3.0",
    f"{_IMS}/imsqtiasi_v3p0",
    f"{_PURL}/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    "imsqti_item_xmlv3p0",
    f"{_IMS}/qti/qtiv3p0/imscp_v1p1",
    f"{_PURL}/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    ("QTI Package", "3.0.0"),
    f"{_PURL}/rptemplates/",
    "imsqti_stimulus_xmlv3p0",
    dashes=True,
)


def normalised(root: Element) -> Element:
    """An item of 3.0 with the names of 2.x; any other as it is."""
    if root.tag.startswith(_PREFIX):
        for element in (root, *root.descendants()):
            if element.tag.startswith(_PREFIX):
                name = _humped(element.tag.removeprefix(_PREFIX))
                element.tag = "div" if name == "contentBody" else name
                element.attributes = {_humped(key): value for key, value in element.attributes.items()}
    return root


def identifier(slug: str) -> str:
    """A slug as an identifier of QTI, which begins with a letter or an underscore."""
    return slug if slug[:1].isalpha() else f"_{slug}"


def _dashed(name: str) -> str:
    return _HUMP.sub(lambda match: f"-{match[1].lower()}", name)


def _humped(name: str) -> str:
    return _DASH.sub(lambda match: match[1].upper(), name)
