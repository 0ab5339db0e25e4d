"""The screens: one module for each question a person comes with."""
