"""Model backends behind the port `LanguageModel`: OpenAI-compatible servers, Bedrock, a server in this process."""
