import sys

from bss.embedded.supervisor.run import main

sys.exit(main())
