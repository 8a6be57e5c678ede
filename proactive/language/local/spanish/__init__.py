"""Spanish for `local`: a sentence is carried over into the plain English that the one grammar reads, and answered in Spanish."""
