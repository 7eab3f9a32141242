"""What plugins return, checked where it crosses the border."""
