"""Sites out: one module for each kind of site."""
