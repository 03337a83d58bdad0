"""A whole little organisation on loopback, and the story that ``chatdesk demo`` plays in it."""
