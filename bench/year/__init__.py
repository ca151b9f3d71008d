"""An LMS's whole year over REST, and what its gradebook has to say at the end."""
