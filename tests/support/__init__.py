"""What tests stand on: the running stack, the cast, the browser, waiting."""
