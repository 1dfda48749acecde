"""Who changed what, when (server and device time): the record of every write."""
