"""The engine for everyday: Brian's equations in a program of our own."""
