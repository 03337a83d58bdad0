"""Taking in tickets from elsewhere: other help desks' exports, and our own."""
