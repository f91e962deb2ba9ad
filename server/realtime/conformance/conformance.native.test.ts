import { describe } from "vitest";
import { conversationSuite } from "./conversation.suite";
import { errorsSuite } from "./errors.suite";
import { mcpSuite } from "./mcp.suite";
import { nativeSuite } from "./native.suite";
import { promptsSuite } from "./prompts.suite";
import { responseSuite } from "./response.suite";
import { native } from "./rigs";
import { sessionSuite } from "./session.suite";
import { toolsSuite } from "./tools.suite";
import { transcriptionSuite } from "./transcription.suite";
import { truncationSuite } from "./truncation.suite";
import { turnTakingSuite } from "./turn-taking.suite";
import { turnsSuite } from "./turns.suite";

describe("conformance of a model that hears and speaks", () => {
  nativeSuite(native);
  sessionSuite(native);
  conversationSuite(native);
  responseSuite(native);
  truncationSuite(native);
  turnsSuite(native);
  turnTakingSuite(native);
  transcriptionSuite(native);
  toolsSuite(native);
  mcpSuite(native);
  promptsSuite(native);
  errorsSuite(native);
});
