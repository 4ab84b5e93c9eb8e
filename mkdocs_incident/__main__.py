"""Run the command line with ``python -m mkdocs_incident``."""

from mkdocs_incident.cli import main

if __name__ == "__main__":
    main()
