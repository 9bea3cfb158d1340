"""Names and addresses of hosts in headers."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address

LOOPBACK_NAME = "localhost"
LOOPBACK = "loopback"


def host_of(header: str) -> str:
    """Return the host in a `Host` header, in lower case and without port.

    >>> host_of("[::1]:8283")
    '::1'
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower().removesuffix(".")


def names_loopback(host: str) -> bool:
    """Return whether a host is this machine's loopback interface, by name or address."""
    is_name = host == LOOPBACK_NAME or host.endswith(f".{LOOPBACK_NAME}")
    return is_name or is_loopback(host)


def includes_host(hosts: Collection[str], host: str) -> bool:
    """Return whether hosts include a host. `loopback` among them stands for this machine's names
    and addresses."""
    return host in hosts or (LOOPBACK in hosts and names_loopback(host))


def is_loopback(text: str) -> bool:
    """Return whether a text is an address of the loopback interface."""
    address = _address(text)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address is not None and (mapped or address).is_loopback


def is_address(text: str) -> bool:
    return _address(text) is not None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
