"""The only room that knows Brian: blueprint in, C++ sources out, in a process of its own."""
