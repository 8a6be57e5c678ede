"""Listens and speaks: language to rules, the store, notifications, the command line. Importing it imports nothing."""
