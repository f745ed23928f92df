"""The documents that questions rest on, and what becomes of those whose document no longer holds."""
