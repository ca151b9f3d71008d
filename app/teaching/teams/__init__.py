"""Teams of an assignment: looked at, formed by students, set by staff, read from a file."""
