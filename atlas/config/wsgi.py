"""The service's way in. It refuses to serve while the gate in the database has a hole (protection.md table A, A17)."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("ATLAS_STATEMENT_SECONDS", "30")  # of pages alone: the other processes do not come in here (settings.py)

application = get_wsgi_application()

from atlas.gate.catalogue import end_where_a_hole_is  # noqa: E402  (Django must be set up first)

end_where_a_hole_is(connections["default"], "Atlas")
