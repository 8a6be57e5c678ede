"""Policy: what Proactive does not do, whoever asks and whatever a model answers.

`words` looks at a request before anybody reads it, `watching` and `acting` at the rules and acts that came out, `gate` joins them.
Nothing here trusts a reader: the same rule gets the same answer whether a grammar, a language model or a person wrote it.
"""
