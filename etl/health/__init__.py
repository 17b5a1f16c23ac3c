"""Data health: what a careful analyst would look at before trusting numbers made from a history.

`observing` keeps small tables about the events, `checks/` asks them set-wise in SQL, the judging modules turn
the numbers into findings in plain words, `examining` stores them in the table `health` and reads them back.
"""
