"""Owns servers that stand for what is outside: a mail server, a receiver of webhooks."""
