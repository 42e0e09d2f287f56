"""The engine that others are held against: the code that Brian generates for every object, as it is."""
