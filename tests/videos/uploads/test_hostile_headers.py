"""Whatever stands in the headers of the protocol: a refusal in words, never a 500."""

import base64

import pytest
from django.test import Client

from tests.videos.uploads.sending import API, MP4, PAGES, PART, ask, begun
from videos.models import Video

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NUMBERS = ["", "-1", "1.5", "1e9", "٣", "9" * 16, "9" * 400, str(2**63), "NaN", "0x10", " ", "\x00"]
METADATA = [
    *(
        "filename",
        "filename !!!",
        "filename =",
        ",,,",
        " ",
        "filename /w==",
        "é a",
        "a" * 9000,
        "filename YQ==,video YQ==",
    ),
    "files " + base64.b64encode(b"9" * 400).decode(),
    "every " + base64.b64encode(b"99999").decode(),
    "frames " + base64.b64encode(b"a\x00b").decode(),
    "description " + base64.b64encode(b"x" * 5000).decode(),
    "description " + base64.b64encode(b"a\x00b").decode(),
    "filename " + base64.b64encode("\u202e/../../a\x00.mp4".encode()).decode(),
    "sha256 " + base64.b64encode(b"zz").decode(),
]
CHECKSUMS = ["", "sha256", "md5 AAAA", "sha256 AAAA", "sha1 !!!", "sha256 " + "A" * 400, " ", "\x00 \x00"]


@pytest.mark.parametrize("where", [PAGES, API])
def test_a_file_is_announced_in_a_strange_way(member_client: Client, where: str) -> None:
    for name, values in (("Upload-Length", NUMBERS), ("Upload-Metadata", METADATA), ("Upload-Defer-Length", NUMBERS)):
        for value in values:
            answer = member_client.generic("POST", where, headers={"Upload-Length": "10", name: value})
            assert answer.status_code in (201, 400, 413), f"{name}: {value!r}"
    names = set(Video.everything.values_list("filename", flat=True))
    assert all(name.isprintable() and "/" not in name for name in names), names


def test_a_part_comes_in_a_strange_way(member_client: Client) -> None:
    address = begun(member_client, MP4)
    for name, values in (("Upload-Offset", NUMBERS), ("Upload-Checksum", CHECKSUMS), ("Upload-Length", NUMBERS)):
        for value in values:
            headers = {"Upload-Offset": "0", "Content-Type": PART, name: value}
            answer = member_client.generic("PATCH", address, b"\x00\x00\x00\x18ftypmp42", PART, headers=headers)
            assert answer.status_code in (204, 400, 409, 413, 460), f"{name}: {value!r}"
    assert member_client.generic("PATCH", address, b"{}", "application/json").status_code == 415
    assert member_client.generic("PATCH", address, b"a", PART, headers={"Upload-Offset": "0"}).status_code in (204, 409)
    assert ask(member_client, address).status_code == 200
