"""Pages on which a course as a whole is looked after."""
