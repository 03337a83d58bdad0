"""A desk's tickets as files: tables for machines, transcripts for people."""
