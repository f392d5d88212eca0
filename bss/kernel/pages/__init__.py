"""What every page's view needs: rendering whole or in part, refusals, lists with their URL."""
