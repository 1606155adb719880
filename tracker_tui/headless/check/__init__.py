"""`tracker-tui check`: every configured service is asked everything it depends on."""
