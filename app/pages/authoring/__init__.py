"""Writing an assignment: its form, and what stands in the form's fields."""
