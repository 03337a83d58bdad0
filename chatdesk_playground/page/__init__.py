"""A page with both platforms side by side, for people: needs the extra ``playground``."""
