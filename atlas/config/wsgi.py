"""The service's way in. It refuses to serve while the gate in the database has a hole (protection.md table A, A17)."""

from django.core.wsgi import get_wsgi_application
from django.db import connections

application = get_wsgi_application()

from atlas.gate.catalogue import findings  # noqa: E402  (Django must be set up first)

if problems := findings(connections["default"]):
    raise SystemExit("Atlas does not start, because the gate does not stand:\n" + "\n".join(f"  {problem}" for problem in problems))
connections["default"].close()
