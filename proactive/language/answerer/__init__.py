"""The answerer: a language model reads questions that `local` cannot, as queries that the log answers; see `README.md`."""
