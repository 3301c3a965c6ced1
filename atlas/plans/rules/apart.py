"""Whether something that was said stands in another text already: by the words that tell, whatever their order, case or ending.

Pure. It decides nothing: what it lists, a person looks at. Source: LP-6 (practice.md 5.3); capabilities.md row 43. The words that do not tell are
Atlas's own list.
"""

import re
import unicodedata

# Words that are said of many people and places alike: they tell nobody apart.
_SAID_OF_MANY = """
a above an and any at behind below big boy boys by called car child children adult adults friend friends from girl girls he her him his house i in is it known lad
lads man men my named near new of off old older on one opposite over people person place round she shop small some somebody someone the their them there
they this to uncle up was we went where who whose with woman women year years young younger
"""
_TELLS_NOTHING = frozenset(_SAID_OF_MANY.split())


def telling_words(text: str) -> frozenset[str]:
    """The words by which this is known again, folded: without accents, case and possessive endings. All words, where none tells."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    words = {re.sub(r"'?s$", "", word) if len(word) > 3 else word for word in re.findall(r"[a-z0-9']+", plain.replace("’", "'"))}
    return frozenset(words - _TELLS_NOTHING) or frozenset(words)


def stands_in(said: str, texts: "list[str]") -> bool:
    """Whether one of these texts holds every word by which `said` is known again."""
    wanted = telling_words(said)
    return bool(wanted) and any(wanted <= telling_words(text) for text in texts)
