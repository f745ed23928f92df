"""A package is opened without trusting a word of it."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package, inside, packed


def zipped(fill: Callable[[zipfile.ZipFile], None]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    return buffer.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        package = Package(data)
        for name in package.names:
            package.read(name)
    return error.value.code


@pytest.mark.parametrize("name", ["../out.yaml", "/etc/passwd", "a/../../b", "C:/x", "a\\..\\b"])
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    assert refused(zipped(lambda archive: archive.writestr(name, "x"))) == "package_path"


def test_a_link_is_refused() -> None:
    link = zipfile.ZipInfo("bank.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refused(zipped(lambda archive: archive.writestr(link, "/etc/passwd"))) == "package_link"


def test_a_bomb_is_refused_by_its_ratio() -> None:
    assert refused(zipped(lambda archive: archive.writestr("a", bytes(8_000_000)))) == "package_bomb"


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks() -> None:
    data = bytearray(zipped(lambda archive: archive.writestr("a", bytes(4_000_000))))
    declared = (4_000_000).to_bytes(4, "little")
    while (at := data.find(declared)) >= 0:
        data[at : at + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(data)) == "broken_package"


def test_a_package_whose_beginning_is_missing_is_refused() -> None:
    """The list at its end then speaks of members before the first byte."""
    data = zipped(lambda archive: archive.writestr("a", bytes(range(256))))
    torn = data[:4] + data[60:]
    assert refused(torn) == "broken_package"
    with pytest.raises(Unreadable):
        Package(torn).head("a", 64)


def test_too_many_members_are_refused() -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        for number in range(10_001):
            archive.writestr(f"f{number}", "")

    assert refused(zipped(fill)) == "package_too_full"


def test_half_a_package_is_refused() -> None:
    data = packed({"a": b"x" * 1000})
    assert refused(data[: len(data) // 2]) == "broken_package"


def test_equal_files_give_equal_bytes() -> None:
    assert packed({"a": b"1", "b": b"2"}) == packed({"a": b"1", "b": b"2"})


def test_chinese_names_of_old_programs_are_read() -> None:
    data = zipped(lambda archive: archive.writestr("XXXX.yaml", "x")).replace(b"XXXX", "题库".encode("gbk"))
    assert Package(data).names == ["题库.yaml"]


def of_windows(*names: str) -> bytes:
    """Folders are parted by `\\` in it."""

    def fill(archive: zipfile.ZipFile) -> None:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            archive.writestr(info, "x")

    return zipped(fill)


def test_folders_as_programs_for_windows_part_them_are_folders() -> None:
    package = Package(of_windows("题库\\", "题库\\bank.yaml", "题库\\media\\a.png"))
    assert package.names == ["题库/bank.yaml", "题库/media/a.png"]
    assert package.read("题库/bank.yaml") == b"x"


@pytest.mark.parametrize("names", [["..\\out"], ["a\\..\\..\\b"], ["\\\\host\\share"], ["C:\\x"]])
def test_a_name_of_windows_leads_out_no_more_than_another(names: list[str]) -> None:
    assert refused(of_windows(*names)) == "package_path"
    assert refused(of_windows("a\\b", "a/b")) == "package_twice"


def test_a_path_is_taken_from_the_folder_of_its_file() -> None:
    assert inside("a/b", "../media/x.png") == "a/media/x.png"
    assert inside("a", "../../x.png") == ""
