"""Which addresses may be asked, and which are somebody's own."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from bot.domain.public_addresses import is_public

PRIVATE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255"),
    *("127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192"),
    *("192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *(
        "::",
        "::1",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
    ),
    *("100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "3fff::1", "5f00::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "64:ff9b::7f00:1"),
    *("64:ff9b:1::1", "2002:a00:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2606:4700::1%1"),
]
"""Own networks, this machine, one link, carriers, documentation, multicast, the future, and each of them carried in IPv6."""

PUBLIC = [
    *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
    *("128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "223.255.255.255"),
    *("2606:4700:4700::1111", "2a00:1450:4001::1", "2001:200::1", "64:ff9b::808:808", "::ffff:8.8.8.8"),
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_somebodys_own_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_lies_beside_those_ranges_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "1.1.1.1/8", "[::1]"])
def test_what_is_no_address_in_digits_is_not_public(text: str) -> None:
    assert not is_public(text)


def test_nothing_is_public_that_the_standard_library_knows_as_private() -> None:
    blocks = [f"{first}.{second}.0.1" for first in range(256) for second in range(0, 256, 3)]
    blocks += [f"{first:x}::1" for first in range(0, 0x10000, 61)]
    assert [a for a in blocks if is_public(a) and ip_address(a).is_private] == []
