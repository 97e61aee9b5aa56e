"""`python -m bot` is `bot`."""

from bot.entrypoints.cli.main import main

if __name__ == "__main__":
    main()
