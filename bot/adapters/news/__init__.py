"""News pages, RSS and Atom feeds: parsed in a process of its own with limits, because anybody may have written them.

feedparser reads feeds, lxml and trafilatura pages; nothing in them is fetched, run or looked up (decision 0030).
"""
