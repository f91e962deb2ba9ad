import { describe } from "vitest";
import { clientToolsSuite } from "./client-tools.suite";
import { conversationSuite } from "./conversation.suite";
import { errorsSuite } from "./errors.suite";
import { guardrailsSuite } from "./guardrails.suite";
import { mcpSuite } from "./mcp.suite";
import { promptsSuite } from "./prompts.suite";
import { responseSuite } from "./response.suite";
import { memory, relayed, webSocket } from "./rigs";
import { sessionSuite } from "./session.suite";
import { transcriptionSuite } from "./transcription.suite";
import { translationSuite } from "./translation.suite";
import { truncationSuite } from "./truncation.suite";
import { toolsSuite } from "./tools.suite";
import { turnTakingSuite } from "./turn-taking.suite";
import { turnsSuite } from "./turns.suite";

describe.each([memory, webSocket, relayed])("conformance over $name", (rig) => {
  sessionSuite(rig);
  conversationSuite(rig);
  responseSuite(rig);
  truncationSuite(rig);
  turnsSuite(rig);
  turnTakingSuite(rig);
  transcriptionSuite(rig);
  toolsSuite(rig);
  clientToolsSuite(rig);
  guardrailsSuite(rig);
  mcpSuite(rig);
  promptsSuite(rig);
  errorsSuite(rig);
});

/** Another server's parts cannot be had, so a relay offers no translation. */
describe.each([memory, webSocket])("translation over $name", translationSuite);
