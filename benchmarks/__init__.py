"""`make bench`: our speed as ratios to floors measured in the same run, on both databases.

Absolute times say more about the machine than about us; a ratio to a bare Flask that does one indexed read
and one upsert on the same server and database says what our logging, guards, headers and checks cost.
"""
