"""Missing episodes and return interviews over HTTP: facts and codes. No place and no free word leaves this way; those are read on the page."""

from atlas.missing.api.episodes import router as episodes
from atlas.missing.api.interviews import router as interviews

__all__ = ["episodes", "interviews"]
