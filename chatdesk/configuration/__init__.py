"""``desk.yaml``: what the organisation decides, read into the domain's ``Organisation`` and compared with it.

source (the text and its lines) → file (its shape) → checks (what must fit together) → meaning
"""
