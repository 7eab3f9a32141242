"""`python -m burn`, for where another program is called burn."""

from burn.cli.app import main

main()
