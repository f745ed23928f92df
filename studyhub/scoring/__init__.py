"""How well it went: standings, roll-ups of branches, dashboards, charts, exports and item statistics."""
