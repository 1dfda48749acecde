"""The dispatcher's day: technicians, visits, what is unassigned and what runs late, in few queries."""
