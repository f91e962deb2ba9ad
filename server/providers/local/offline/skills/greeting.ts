import type { Skill } from "../skill";

/** Ends a greeting, unless more is said than that. */
export const OFFER = "What can I do for you?";

const NAME = "(?: (?:there|again|you|everyone|everybody|antiphon|computer|assistant|my friend|friend|world))*";
const HOW = "how (?:are|is) (?:you|it going|things)(?: (?:doing|going|today|there))*";

const REPLIES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^(?:hello|hullo|hallo|hi|hey|howdy|greetings|welcome)${NAME}$`), `Hello! ${OFFER}`],
  [new RegExp(`^good morning${NAME}$`), `Good morning! ${OFFER}`],
  [new RegExp(`^good (?:afternoon|day)${NAME}$`), `Good afternoon! ${OFFER}`],
  [new RegExp(`^good evening${NAME}$`), `Good evening! ${OFFER}`],
  [
    new RegExp(`^(?:(?:hello|hi|hey|good (?:morning|afternoon|evening|day))${NAME} )?${HOW}$`),
    `I am well, thank you. I am a small program, so I always am. ${OFFER}`,
  ],
  [/^(?:hello there )?(?:hello|fellow) (?:are )?you$/, `Hello! ${OFFER}`],
  [
    /^(?:good ?night|good ?bye|bye|bye bye|see you(?: later| soon| tomorrow)?|farewell|so long)(?: (?:then|everyone|for now))*$/,
    "Goodbye!",
  ],
  [/^(?:many thanks|thanks|thank you)(?: (?:very much|so much|a lot|again|for .{1,60}))*$/, "You are welcome."],
  [/^(?:nice|pleased|good) to (?:meet|see) you(?: too)?$/, "Nice to meet you too."],
  [
    /^(?:my name is|i am called|you can call me) (?:\p{L}+ ?){1,3}$/u,
    "Nice to meet you. I keep no notes, though: I forget names.",
  ],
  [
    /^(?:hello )?(?:hear me|can you hear me|do you hear me|are you (?:there|listening|awake|ready)|is (?:anyone|anybody|someone) there|does this work|is this (?:working|on)|am i audible)(?: (?:now|all right|well))*$/,
    "Yes, I can hear you.",
  ],
  [
    /^(?:this is a )?(?:(?:mic|mike|microphone|sound|audio) )?(?:test(?:ing)?|check)(?: (?:test(?:ing)?|check|one|two|three|1|2|3))*$/,
    "I hear you. The test went well.",
  ],
  [
    /^(?:yes|yeah|yep|no|nope|maybe|good|great|nice|fine|all right|alright|cool|i see|never ?mind|stop|cancel|quiet|be quiet)$/,
    "All right.",
  ],
  [/^(?:i am )?(?:sorry|my apologies|excuse me)$/, "No harm done."],
];

/** Greetings, thanks, goodbyes and `can you hear me`. */
export const greeting: Skill = ({ core }) => REPLIES.find(([pattern]) => pattern.test(core))?.[1];
