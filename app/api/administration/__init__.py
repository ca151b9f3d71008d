"""Routes by which courses and assignments as a whole are looked after."""
