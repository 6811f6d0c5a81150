"""Presidio's findings at many times its speed; imports presidio, so import it only when asked."""
