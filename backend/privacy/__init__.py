"""A person's data: handing all of it out, and erasing what the law does not make us keep."""
