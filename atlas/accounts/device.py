"""From what kind of device a request comes: coarse, so that an update of a browser is no new device."""

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
