"""All rules of time, as pure functions: when work is taken, what lateness costs, what counts."""
