/** What is said in the demo's conversations, word for word. */
export interface ToolUse {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
  /** How long it took. */
  readonly ms: number;
}

export interface Line {
  readonly who: "user" | "assistant";
  readonly words: string;
  /** Called before the reply. */
  readonly tool?: ToolUse;
  /** The user spoke into it. */
  readonly interrupted?: boolean;
}

export interface Talk {
  readonly lines: readonly Line[];
  /** What the server said no to, at the end. */
  readonly error?: string;
}

const user = (words: string): Line => ({ who: "user", words });
const assistant = (words: string, more: Partial<Line> = {}): Line => ({ who: "assistant", words, ...more });

export const TALKS: readonly Talk[] = [
  {
    lines: [
      user("Hi, where is my order? The number is four one seven."),
      assistant("It left our warehouse yesterday and arrives on Friday.", {
        tool: {
          name: "find_order",
          arguments: { order_id: "417" },
          output: { status: "shipped", left: "yesterday", carrier: "Northern Post", arrives: "Friday" },
          ms: 640,
        },
      }),
      user("Great, thank you."),
      assistant("You are welcome."),
    ],
  },
  {
    lines: [
      user("Can I change my appointment to Tuesday?"),
      assistant("On Tuesday we open at nine in the morning, and until six in the evening there is", {
        interrupted: true,
      }),
      user("Half past two, please."),
      assistant("Done: Tuesday at half past two."),
    ],
  },
  {
    lines: [user("What is the weather in Lisbon?"), assistant("It is sunny there, with twenty four degrees.")],
  },
  {
    lines: [
      user("I would like to return a pair of shoes."),
      assistant("Gladly. Were they worn outside?"),
      user("No, they are too small. The order was nine hundred and two."),
      assistant("Then I am sending you a label by e-mail.", {
        tool: {
          name: "find_order",
          arguments: { order_id: "902" },
          output: { status: "delivered", items: [{ name: "Trail shoes", size: 42 }], returnable: true },
          ms: 1_180,
        },
      }),
      user("And how long do I have?"),
      assistant(
        "Thirty days from delivery. Put them into their box, stick the label over the old one, and give it to any post office: nothing is to be paid.",
      ),
    ],
  },
  {
    lines: [
      user("Do you speak German?"),
      assistant("Ja, natürlich. Womit kann ich helfen?"),
      user("Just testing."),
      assistant("Alles klar. Anything else?"),
    ],
  },
  {
    lines: [user("Is anybody there?"), assistant("I am here. What can I do for you?")],
    error: "Cancellation failed: no active response found",
  },
];
