"""Merit in files: registers and rankings as CSV and workbooks, bulletins and assessment sheets in print."""
