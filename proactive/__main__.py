"""`python -m proactive`: the command line."""

import sys

from proactive.cli.main import main

sys.exit(main())
