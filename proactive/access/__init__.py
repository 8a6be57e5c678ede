"""Access: who may do and see what in a home, in one place for pages, the API, voice, push, commands and answers."""
