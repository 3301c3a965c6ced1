"""From what kind of device, and from which network, a request comes: coarse, so that an update of a browser is no new device."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# The first that fits: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
             ("CriOS", "Chrome"), ("Chrom", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("CrOS", "Chromebook"),
            ("Linux", "Linux"))  # fmt: skip


def device(request: HttpRequest) -> str:
    """The kind of browser and of system, for example “Chrome on Windows”."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser, system = (next((name for mark, name in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS))
    return f"{browser or 'Another browser'} on {system or 'another system'}"


def address(request: HttpRequest) -> str:
    """The address of the other side. Behind the council's own proxies (ATLAS_PROXIES, how many), the one that the last of them saw."""
    passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    given = passed[-settings.ATLAS_PROXIES] if 0 < settings.ATLAS_PROXIES <= len(passed) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(given))
    except ValueError:
        return "0.0.0.0"  # noqa: S104  (no address is known)


def network(request: HttpRequest) -> str:
    """The network around that address: its first 24 bits, or 48 of the long kind."""
    found = ip_address(address(request))
    return str(ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))
