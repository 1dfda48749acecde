"""Work nobody waits for: imports being applied, offers running out. Beside the web server or in workers."""
