"""Spreadsheets (.xlsx): read row by row, within limits, and every problem with its cell (decision 0025)."""
