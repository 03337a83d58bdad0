"""``python -m chatdesk``."""

from chatdesk.cli import main

if __name__ == "__main__":
    main()
