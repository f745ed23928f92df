"""Packages of QTI: a manifest that lists resources, and the files that they are made of."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package, inside, packed
from studyhub.questions.formats import xml_source
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.qti.names import Version
from studyhub.questions.formats.xml_writing import DECLARATION, escaped, lines, tag

MANIFEST = "imsmanifest.xml"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOM = "http://ltsc.ieee.org/xsd/LOM"


@dataclass(frozen=True, slots=True)
class Resource:
    """A file that the manifest lists. `tags` are the keywords of its metadata; `files` all paths of it;
    `needs` the paths of other resources without which it is not whole."""

    kind: str
    path: str
    tags: Sequence[str] = ()
    files: Sequence[str] = ()
    needs: Sequence[str] = ()


@dataclass(slots=True)
class Contents:
    """What a package holds. `head` is what its manifest says of the bank."""

    package: Package
    resources: list[Resource] = field(default_factory=list)
    head: dict[str, str] = field(default_factory=dict)


def opened(data: bytes) -> Contents:
    """The package and what its manifest lists. Raises Unreadable."""
    package = Package(data)
    path = next((name for name in sorted(package.names, key=len) if _is_manifest(name)), "")
    if not path:
        raise Unreadable("no_manifest", name=MANIFEST)
    manifest = xml_source.parse(package.read(path) or b"")
    listed = manifest.first("resources")
    folder = posixpath.dirname(path)
    base = posixpath.join(folder, manifest.get("xml:base"), listed.get("xml:base") if listed else "")
    resources = [_resource(base, element) for element in (listed.all("resource") if listed else ())]
    return Contents(package, resources, _head(manifest))


def _is_manifest(name: str) -> bool:
    return posixpath.basename(name).lower() == MANIFEST and "__MACOSX" not in name


def _resource(base: str, element: Element) -> Resource:
    base = posixpath.join(base, element.get("xml:base"))
    files = [inside(base, unquote(file.get("href"))) for file in element.all("file")]
    href = element.get("href") or next((file.get("href") for file in element.all("file")), "")
    metadata = element.first("metadata")
    tags = [_text(word) for word in metadata.descendants("keyword")] if metadata else []
    return Resource(element.get("type"), inside(base, unquote(href)), list(filter(None, tags)), files)


def _text(element: Element) -> str:
    return element.text.strip()


def _head(manifest: Element) -> dict[str, str]:
    metadata = manifest.first("metadata")
    general = next(metadata.descendants("general"), None) if metadata else None
    if general is None:
        return {}
    catalogued = next(general.descendants("entry"), None)
    found = {
        "title": general.text_of("title").strip(),
        "language": general.text_of("language").strip()[:2],
        "bank": _text(catalogued) if catalogued else "",
    }
    return {key: value for key, value in found.items() if value}


def written(
    version: Version, head: Mapping[str, str], items: Sequence[Resource], files: Mapping[str, bytes]
) -> bytes:
    """A package of these items and files."""
    kind, number = version.package_kind
    metadata = tag(
        "metadata",
        tag("schema", kind),
        tag("schemaversion", number),
        _lom(
            tag(
                "lom:general",
                tag("lom:identifier", tag("lom:catalog", "StudyHub"), tag("lom:entry", head["bank"])),
                tag("lom:title", _string(head["title"], head["language"])),
                tag("lom:language", head["language"]),
            )
        ),
    )
    resources = tag("resources", lines(_listed(items, head["language"]), "    "))
    manifest = tag(
        "manifest",
        lines([metadata, "<organizations/>", resources]),
        xmlns=version.package_namespace,
        xmlns__lom=_LOM,
        xmlns__xsi=_XSI,
        xsi__schemaLocation=f"{version.package_namespace} {version.package_schema}",
        identifier=f"bank-{head['bank']}",
    )
    return packed({MANIFEST: f"{DECLARATION}{manifest}\n".encode(), **files})


def _listed(items: Sequence[Resource], language: str) -> Iterator[str]:
    numbers = {item.path: number for number, item in enumerate(items, 1)}
    for number, item in enumerate(items, 1):
        words = [tag("lom:keyword", _string(word, language)) for word in item.tags]
        metadata = [tag("metadata", _lom(tag("lom:general", *words)))] if words else []
        files = (tag("file", href=quote(path)) for path in item.files)
        needed = (tag("dependency", identifierref=f"item-{numbers[path]}") for path in item.needs)
        yield tag(
            "resource",
            *metadata,
            *files,
            *needed,
            identifier=f"item-{number}",
            type=item.kind,
            href=quote(item.path),
        )


def _lom(general: str) -> str:
    return tag("lom:lom", general)


def _string(text: str, language: str) -> str:
    return tag("lom:string", escaped(text), language=language)
