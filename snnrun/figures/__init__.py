"""What is drawn of a run: one file per figure, drawing on axes it is given; `render` makes and saves the pages."""
