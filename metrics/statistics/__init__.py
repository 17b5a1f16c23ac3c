"""Pure functions on counts: how sure a rate is, what stands out, who is concerned, what it costs.

Arrays in, arrays out; one entry per step version unless the first line of a function says otherwise. Each
names the source of its formula.
"""
