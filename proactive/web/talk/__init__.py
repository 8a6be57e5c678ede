"""Talk: a conversation as a page and as an API, over `proactive.talking`; nothing here decides what words mean."""
