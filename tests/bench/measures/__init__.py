"""One module for each benchmark; ``tests.bench`` says what it is given and what it yields."""
