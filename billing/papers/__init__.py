"""What printed bills say: for the single PDF, the printing house's run and the pages alike."""
