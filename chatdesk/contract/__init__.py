"""The language that the ticket service shares with its adapters. It imports nothing else of chatdesk."""
