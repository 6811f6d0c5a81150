"""Look for personal data in a finished release."""
