"""Keys of other programs: personal tokens in the profile, and the readable page of the API."""
