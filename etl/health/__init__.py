"""Data health: what a careful analyst would look at before trusting numbers made from a history.

`profile` keeps small tables about the events, `checks/` asks them set-wise in SQL, the `rules_` modules turn
the counts into findings, `run_checks` stores those in the table `health` and reads them back.
"""
