"""A stand-in of X's API: for the demo, for trying things out, and as the judge of the tests.

It shares no code with the rest of `bot`, so that a mistake there cannot hide here.
"""
