"""From words and a file to points: complete experiments with names, and the programs that they need."""
