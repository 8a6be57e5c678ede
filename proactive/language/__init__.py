"""Language: a person's words become an outcome, most often a rule, behind the port `LanguageModel`."""
