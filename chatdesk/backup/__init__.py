"""One file that holds a desk: its database and its files, with a checksum of each."""
