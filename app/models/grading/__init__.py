"""Tables of grades, and of what is said and changed about them."""
