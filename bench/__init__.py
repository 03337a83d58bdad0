"""Measurements of chatdesk, each against a baseline that is measured in the same run."""
