"""The table of students by assignments: which rows and columns, and as a spreadsheet."""
