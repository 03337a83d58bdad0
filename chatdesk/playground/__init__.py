"""``chatdesk playground``: both platforms in a browser, with the real bot between them."""
