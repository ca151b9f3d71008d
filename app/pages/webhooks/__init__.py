"""Pages about webhooks: whose there are, and what was sent to each."""
