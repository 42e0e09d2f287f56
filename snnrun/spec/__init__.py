"""The YAML file as one frozen, typed object; nobody after this room sees a dictionary."""
