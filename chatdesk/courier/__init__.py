"""The outbox's delivery: lanes, pace, what is shown, receipts, recovery."""
