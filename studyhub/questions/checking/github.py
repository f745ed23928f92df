"""A fault as a workflow command of GitHub Actions, which shows it beside the line of a change."""

from __future__ import annotations

from studyhub.kernel.faults import Fault


def annotation(path: str, fault: Fault, offending: str, text: str) -> str:
    """`::error file=…,line=…,col=…::…`. A fault of the whole file has no line."""
    places = {"file": path}
    if fault.line:
        places |= {"line": str(fault.line), "col": str(fault.column)}
        if offending:
            places["endColumn"] = str(fault.column + len(offending))
    places["title"] = fault.code
    listed = ",".join(f"{name}={_property(value)}" for name, value in places.items())
    return f"::{fault.severity.value} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
