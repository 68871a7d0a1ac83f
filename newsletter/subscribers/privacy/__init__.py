"""What is shown, written out, erased and encrypted anew of people, and that the journal says so."""
