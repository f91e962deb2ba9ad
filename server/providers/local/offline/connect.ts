/** How to get a real model. Also tells, in a conversation, whether it has been said. */
export const HOW_TO_CONNECT =
  "To connect a real model, set OPENAI_API_KEY or LLM_BASE_URL, or run Ollama, and start me again.";
