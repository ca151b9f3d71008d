"""The routes about webhooks: endpoints, and what was sent to them."""
