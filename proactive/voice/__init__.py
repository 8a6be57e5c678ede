"""Voice: sound becomes words, and words become sound. What the words mean is decided where typed words are read."""
