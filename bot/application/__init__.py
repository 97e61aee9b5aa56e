"""The deeds: one module for each thing that people or the scheduler ask the program to do."""
