"""What is held out: plates by their text, scenes by their file or ride."""

import hashlib

HELD_OUT_PERCENT = 15


def bucket(key: str) -> int:
    """A stable number 0..99 for a key."""
    return int(hashlib.md5(key.encode()).hexdigest(), 16) % 100


def is_text_held_out(text: str) -> bool:
    """True for 15 % of all plate texts, the same ones in every set: a car may recur."""
    return bucket(text) < HELD_OUT_PERCENT


def scene_split(row: dict) -> str:
    """'train' or 'val' of a detector picture: the set's own split, else by file name."""
    named = row.get("split") or ("val" if bucket(row["file"]) < HELD_OUT_PERCENT else "train")
    return {"valid": "val"}.get(named, named)
