"""People: watch, comment, tag, publish, plan."""
