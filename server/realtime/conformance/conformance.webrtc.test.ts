import { describe } from "vitest";
import { clientToolsSuite } from "./client-tools.suite";
import { conversationSuite } from "./conversation.suite";
import { errorsSuite } from "./errors.suite";
import { guardrailsSuite } from "./guardrails.suite";
import { responseSuite } from "./response.suite";
import { webRtc } from "./rigs";
import { sessionSuite } from "./session.suite";
import { transcriptionSuite } from "./transcription.suite";
import { truncationSuite } from "./truncation.suite";
import { toolsSuite } from "./tools.suite";
import { turnTakingSuite } from "./turn-taking.suite";
import { turnsSuite } from "./turns.suite";

describe.each([webRtc])("conformance over $name", (rig) => {
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
  errorsSuite(rig);
});
