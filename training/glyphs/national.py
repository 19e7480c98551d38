"""Which die stamps which country's plates, as rules that a random die must follow."""

DIES_EACH = 10
NATIONAL_DIES: dict[str, dict] = {}
PAINTED = set("pk in bd lk np ng ke ug gh id my ph th eg iq za us-ca gb".split())


def die_of(code: str) -> str:
    """The name of a form's die, or nothing."""
    return ""
