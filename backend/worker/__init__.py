"""Work in a queue on PostgreSQL: web servers put it in, workers on any number of machines take it out."""
