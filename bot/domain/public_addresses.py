"""Which addresses of the Internet Protocol are public: nothing of an office's own network, of this machine or of its host.

The list follows the special-purpose address registries of IANA (RFC 6890) and not the standard library's
`is_global`, which differs from one Python to the next and takes multicast for public.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_SPECIAL = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
168.63.129.16/32
2001::/23 2001:db8::/32 3fff::/20
"""
"""168.63.129.16 is where Azure answers its own machines; the other clouds use addresses that are listed anyway."""
_NOT_PUBLIC = tuple(map(ip_network, _SPECIAL.split()))

_GLOBAL_UNICAST = ip_network("2000::/3")
_CARRIES_IPV4_AT_ITS_END = (ip_network("::ffff:0:0/96"), ip_network("64:ff9b::/96"))
"""IPv4 written as IPv6, and what a translator (NAT64) makes IPv4 of."""
_SIX_TO_FOUR = ip_network("2002::/16")


def is_public(address: str) -> bool:
    """Tell whether an address, as digits, can be anybody's; what is no address, or is one of a single link, is not."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return False
        if (carried := _carried(found)) is not None:
            found = carried
        elif found not in _GLOBAL_UNICAST:
            return False
    return not any(found in network for network in _NOT_PUBLIC)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Give the IPv4 address to which packets for this one go in the end."""
    if any(address in network for network in _CARRIES_IPV4_AT_ITS_END):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour if address in _SIX_TO_FOUR else None
