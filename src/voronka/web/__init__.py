"""Web: the screens people work in."""
