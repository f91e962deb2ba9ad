import { describe, expect, it } from "vitest";
import { ask, assistant, user } from "../__fixtures__/ask-offline";
import { HOW_TO_CONNECT } from "./connect";

const answers = (table: readonly (readonly [string, string])[]): void => {
  it.each(table)("%s → %s", async (said, answer) => {
    expect(await ask(said)).toEqual({ text: answer, calls: [], finish: "stop" });
  });
};

describe("greeting", () => {
  answers([
    ["Hello!", "Hello! What can I do for you?"],
    ["hi there", "Hello! What can I do for you?"],
    ["good morning", "Good morning! What can I do for you?"],
    ["How are you today?", "I am well, thank you. I am a small program, so I always am. What can I do for you?"],
    ["thank you very much", "You are welcome."],
    ["goodbye", "Goodbye!"],
    ["goodnight everyone", "Goodbye!"],
    ["can you hear me", "Yes, I can hear you."],
    ["testing one two three", "I hear you. The test went well."],
  ]);
});

describe("time and date", () => {
  answers([
    ["What time is it?", "It is 2:05 PM."],
    ["what's the time please", "It is 2:05 PM."],
    ["do you know what time it is", "It is 2:05 PM."],
    ["could you tell me the time", "It is 2:05 PM."],
    ["do you have the time", "It is 2:05 PM."],
    ["what time is it in Tokyo", "In Tokyo it is 11:05 PM."],
    ["what is the time in new york now", "In New York it is 9:05 AM."],
    ["what time is it in atlantis", "I do not know the time in Atlantis; here it is 2:05 PM."],
    ["What is the date today?", "Today is Saturday, November 21, 2026."],
    ["what day is it", "Today is Saturday, November 21, 2026."],
    ["what's today's date", "Today is Saturday, November 21, 2026."],
    ["what day is tomorrow", "Tomorrow is Sunday, November 22, 2026."],
    ["what day was yesterday", "Yesterday was Friday, November 20, 2026."],
    ["what month is it", "It is November 2026."],
    ["which year is it", "It is 2026."],
    ["what is the time and date", "It is 2:05 PM. Today is Saturday, November 21, 2026."],
    // As recognisers heard it.
    ["what is the day to day", "Today is Saturday, November 21, 2026."],
    ["what day is it the day", "Today is Saturday, November 21, 2026."],
  ]);
});

describe("repeating", () => {
  answers([
    ["Say good morning to everyone.", "Good morning to everyone."],
    ["say hello", "Hello."],
    ["repeat after me the sun is shining", "The sun is shining."],
    ["Repeat after me: The Sun is shining!", "The Sun is shining!"],
    ['Please say "No, thanks."', "No, thanks."],
    ["could you say one and two please", "One and two."],
    ["say", 'Begin with "say", and I repeat what follows.'],
    ["say that the weather is nice and count to five", "That the weather is nice and count to five."],
  ]);
});

describe("counting", () => {
  const toTen = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10.";
  answers([
    ["count to five", "1, 2, 3, 4, 5."],
    ["Count to 5, please.", "1, 2, 3, 4, 5."],
    ["count", toTen],
    ["count from 3 to 10", "3, 4, 5, 6, 7, 8, 9, 10."],
    ["count from twenty two to twenty five", "22, 23, 24, 25."],
    ["count down from three", "3, 2, 1."],
    ["count backwards from 10 to 7", "10, 9, 8, 7."],
    ["count to twenty by fives", "5, 10, 15, 20."],
    ["count from 10 to 20 in steps of 5", "10, 15, 20."],
    ["count to zero", "0."],
    // As recognisers heard it.
    ["count two five", "1, 2, 3, 4, 5."],
    ["count from three two five", "3, 4, 5."],
    ["come to five", "1, 2, 3, 4, 5."],
    ["got from three to five", "3, 4, 5."],
    ["calm down from three", "3, 2, 1."],
    ["content from three", "3, 2, 1."],
  ]);

  it("stops after a hundred numbers, and says so", async () => {
    const { text } = await ask("count to a million");
    expect(text).toMatch(/^1, 2, .* 99, 100\. I stop here/);
  });
});

describe("sums", () => {
  answers([
    ["what is 12 times 7", "12 times 7 is 84."],
    ["what is twelve times seven", "12 times 7 is 84."],
    ["What's 12 × 7?", "12 times 7 is 84."],
    ["twenty one plus two", "21 plus 2 is 23."],
    ["2+3*4", "2 plus 3 times 4 is 14."],
    ["(2 + 3) * 4 =", "(2 plus 3) times 4 is 20."],
    ["10-4-3", "10 minus 4 minus 3 is 3."],
    ["two to the power of three to the power of two", "2 to the power of 3 to the power of 2 is 512."],
    ["how much is eighty one divided by nine", "81 divided by 9 is 9."],
    ["seven ÷ 2", "7 divided by 2 is 3.5."],
    ["10 / 3", "10 divided by 3 is about 3.333333."],
    ["0.1 + 0.2", "0.1 plus 0.2 is 0.3."],
    ["three point five plus two", "3.5 plus 2 is 5.5."],
    ["3 minus 10", "3 minus 10 is minus 7."],
    ["minus three times minus four", "Minus 3 times minus 4 is 12."],
    ["what is ten divided by zero", "Nobody can divide by zero."],
    ["1 / (2 - 2)", "Nobody can divide by zero."],
    ["add 3 and 4 and 5", "3 plus 4 plus 5 is 12."],
    ["add one hundred and five and two", "105 plus 2 is 107."],
    ["add one hundred and five", "100 plus 5 is 105."],
    ["subtract three from ten", "10 minus 3 is 7."],
    ["what is the product of 6 and 7", "6 times 7 is 42."],
    ["the difference between ten and four", "10 minus 4 is 6."],
    ["what does five plus five make", "5 plus 5 is 10."],
    ["a thousand times a thousand", "1,000 times 1,000 is 1,000,000."],
    ["one hundred and five thousand plus 1,000", "105,000 plus 1,000 is 106,000."],
    ["the square root of sixteen", "The square root of 16 is 4."],
    ["the square root of minus one", "A negative number has no real square root."],
    ["ten percent of two hundred", "10 percent of 200 is 20."],
    ["five squared plus one", "5 squared plus 1 is 26."],
    ["10 ^ 400", "That number is too large for me."],
    ["2 to the power of 80", "2 to the power of 80 is about 1.21 times 10 to the power of 24."],
    // As recognisers heard it.
    ["one is twelve times seven", "12 times 7 is 84."],
    ["what is nine plus four times too", "9 plus 4 times 2 is 17."],
    ["calculate six times a", "6 times 8 is 48."],
    ["how much is eighty one divide that by nine", "81 divided by 9 is 9."],
    ["what is for plus ate", "4 plus 8 is 12."],
  ]);

  it.each(["to be or not to be", "a for effort", "i went there two times", "twelve seven", "plus"])(
    "finds no sum in: %s",
    async (said) => {
      expect((await ask(said)).text).toContain(`I heard "${said}"`);
    },
  );
});

describe("spelling", () => {
  answers([
    ["spell banana", "B, A, N, A, N, A."],
    ["How do you spell window?", "W, I, N, D, O, W."],
    ["spell the word cat for me", "C, A, T."],
    ["how is the name Zoë spelled", "Z, O, Ë."],
    ["spell new york", "N, E, W. Y, O, R, K."],
  ]);
});

describe("about itself", () => {
  it.each(["who are you", "What's your name?", "are you a robot", "tell me about yourself", "are you ChatGPT?"])(
    "%s",
    async (said) => {
      const { text } = await ask(said);
      expect(text).toContain("not a language model");
      expect(text).toContain(HOW_TO_CONNECT);
    },
  );

  it.each(["what can you do", "help", "How can you help me?"])("%s", async (said) => {
    const { text } = await ask(said);
    expect(text).toMatch(/tell the time and the date, repeat what you say, count, spell and do sums/);
    expect(text).toContain(HOW_TO_CONNECT);
  });

  it("names three ways to a real model", async () => {
    const { text } = await ask("how do I connect a real model");
    for (const way of ["OPENAI_API_KEY", "LLM_BASE_URL", "Ollama"]) expect(text).toContain(way);
  });
});

describe("what was said before", () => {
  const conversation = [
    user("My cat is called Tom"),
    assistant("I heard it."),
    user("count to two"),
    assistant("1, 2."),
  ];
  it.each([
    ["what did I just say", "You said: Count to two."],
    ["what did i said", "You said: Count to two."],
    ["what was my last question?", "You said: Count to two."],
    ["what did you say", "1, 2."],
    ["say that again", "1, 2."],
    ["pardon?", "1, 2."],
  ])("%s → %s", async (said, answer) => {
    expect((await ask([...conversation, user(said)])).text).toBe(answer);
  });

  answers([
    ["what did I say", "That was the first thing you said."],
    ["what did you say", "I have not said anything yet."],
  ]);
});

describe("several requests in one utterance", () => {
  answers([
    ["what is 2 plus 2 and what time is it", "2 plus 2 is 4. It is 2:05 PM."],
    ["Hello, what time is it?", "Hello! It is 2:05 PM."],
    ["hello what time is it", "Hello! It is 2:05 PM."],
    ["count to three and then spell cat", "1, 2, 3. C, A, T."],
    ["add 3 and 4 and tell me the time", "3 plus 4 is 7. It is 2:05 PM."],
    ["what is 2 plus 2 and 3 plus 3", "2 plus 2 is 4. 3 plus 3 is 6."],
    ["one hundred and five plus two", "105 plus 2 is 107."],
  ]);

  it("answers what it can, and says what it cannot", async () => {
    const { text } = await ask("what time is it and why is the sky blue");
    expect(text).toMatch(/^It is 2:05 PM\. I heard "why is the sky blue"/);
  });
});

describe("everything else", () => {
  const long =
    'I heard "why is the sky blue". I am only antiphon\'s built-in offline responder and cannot answer that.';
  const short = 'I heard "why is the sky blue", but without a real model I cannot answer that.';

  it("says what it heard and how to connect a real model, at full length only once", async () => {
    const first = await ask("why is the sky blue");
    expect(first.text).toBe(`${long} ${HOW_TO_CONNECT}`);
    const conversation = [user("why"), assistant(first.text), user("why is the sky blue")];
    expect((await ask(conversation)).text).toBe(short);
    expect((await ask([...conversation, assistant(short), user("why is the sky blue")])).text).toBe(short);
  });

  it("does not say it again after telling who it is", async () => {
    const { text } = await ask("who are you");
    expect((await ask([user("who are you"), assistant(text), user("why is the sky blue")])).text).toBe(short);
  });

  it("repeats only the beginning of what was long", async () => {
    const { text } = await ask(`${"blah ".repeat(400)}end`);
    expect(text.length).toBeLessThan(450);
    expect(text).toContain("blah …");
  });
});
