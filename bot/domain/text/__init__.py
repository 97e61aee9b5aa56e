"""The text rules of X: what a text weighs, where it may be cut, when two texts are the same (design, section 7).

Pure code. Nothing is imported here, so that a command pays only for the rule that it uses.
"""
