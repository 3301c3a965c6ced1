"""interim"""
def name_key(name: str) -> str:
    return " ".join(name.lower().split())
