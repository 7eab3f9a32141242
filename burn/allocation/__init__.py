"""The arithmetic of allocating cost; the stage `allocate` sends it through the policies."""
