/**
 * What people say to a voice assistant. A bar stands where somebody hesitates; without bars and fillers it is the same
 * sentence said in one go. Rules may be tuned on every second line (`half: "tune"`), and are reported on the others.
 */
const LINES = `
I would like to | order a large pizza with mushrooms.
Could you please | turn off the lights in the kitchen?
My phone number is | five five five, | oh one two three, | four five six seven.
What is the weather going to be | in Boston tomorrow?
Send a message to | my sister | and tell her I'm running late.
I need a table for | four people at seven thirty.
Um, | I think we should, uh, | move the meeting to Friday.
Set an alarm for | six fifteen in the morning.
My email address is | john dot miller | at gmail dot com.
Please remind me to | call the dentist | when I get to work.
If it rains tomorrow | cancel the picnic.
The address is | forty two | Maple Street, | apartment five.
I'd like a coffee | with milk and no sugar.
Can you tell me | how long it takes to get to the airport?
Add eggs, | milk, | bread | and a bottle of orange juice to my shopping list.
Because I missed my train | I will be an hour late.
What's the | capital of Australia?
Play the | new album by Coldplay.
I was wondering if | you have any rooms | available for next weekend.
Book a flight from | Chicago | to San Francisco on the third of May.
I want to return | a jacket that I bought last week.
So, | my order hasn't arrived yet | and I'd like to know where it is.
Could I speak to | someone in the billing department?
My name is | Catherine, | spelled C A | T H E R | I N E.
How do I | reset my password?
The confirmation code is | seven three | nine one | four two.
Turn the heating down to | nineteen degrees.
I'm looking for | a present for my father | who likes gardening.
Do you know whether | the museum is open on Mondays?
I'll have the | chicken salad and | a glass of water.
Let me think, | maybe Thursday afternoon would work.
Either tomorrow morning | or Wednesday after lunch is fine.
Tell me about | the history of the Roman Empire.
When I press the button | nothing happens.
Could you move my appointment | to next Tuesday?
I have a problem with | my internet connection.
The reason I'm calling is | that my card was charged twice.
My card number is | four one one one, | two two two two, | three three three three, | four four four four.
Is there a pharmacy | near the central station?
I'd rather have | the window seat, please.
How much is | twelve times fifteen?
Translate good morning | into Spanish.
I need to change the | delivery address for my order.
We are going to be | five adults and | two children.
Before you go | please lock the front door.
Actually, | could you make that | two tickets instead?
Find me a | cheap hotel in Lisbon.
The meeting is on Tuesday, I mean | on Wednesday.
Well, | I'm not sure, | but I think it's the blue one.
Read me my | last three messages.
What time does the | next train to London leave?
I'm allergic to | nuts and | shellfish.
Can I get | the same thing as last time?
Please charge it to | my company card.
I've been having trouble with | the app since the last update.
Although the food was cold | the service was very good.
Let's meet at the | cafe on the corner | at half past three.
Add a note that says | buy flowers for Anna.
The temperature in the living room should be | twenty one degrees.
I would like to know | what your opening hours are.
You could try | restarting the computer.
I want the red one | because it matches my car.
My birthday is on the | twenty second of | November.
Who wrote | the Great Gatsby?
There is a strange noise | coming from the washing machine.
Navigate to | the nearest gas station.
I can come on Monday | or on Tuesday, | whichever is easier for you.
As soon as the package arrives | let me know.
What I really want is | a quiet room with a view.
Cancel my | nine o'clock meeting | and let everyone know.
My account number is | eight zero zero | two six one | nine.
Would it be possible to | get a refund?
I live at | seventeen Oak Avenue | in Portland, | Oregon.
Do you have this shirt in | a medium?
I took two of the pills | but I still have a headache.
Put on some | relaxing music, please.
It depends on | how much it costs.
One adult and | one child to the city center.
I forgot to mention that | I'm bringing a dog.
Excuse me, | how do I get to | the nearest subway station?
The second thing is | my screen is cracked.
Increase the volume | a little bit.
Wake me up at | seven | and start the coffee machine.
My postal code is | nine four | one oh seven.
She told me that | the doctor | is not available this week.
Where can I | find the manual?
I paid twenty dollars | and got nothing back.
He said he would | call me back later.
I think, um, | the invoice number is | two four eight | dash one six.
Show me pictures of | our holiday in Norway.
Yes.
No, thank you.
Hello there!
Good morning.
What are you looking at?
Turn it on.
Okay, that sounds great.
Who is this letter from?
Yes, I would love to.
Stop the music.
Never mind.
I don't know what it is.
How are you?
That's all, thanks.
Sure, go ahead.
I already did that yesterday.
Where does she come from?
It costs thirty five dollars.
Call me at nine one seven, five five five, two one two one.
You can reach me at anna at example dot org.
It starts at a quarter to nine.
Please switch the lamp off.
Tell me a joke.
What's that for?
I didn't think so.
Two tickets for tonight, please.
A large cappuccino.
Log me in.
Maybe next week.
I said I can't.
`;

export interface Sentence {
  readonly half: "tune" | "report";
  /** What is said in one go between two hesitations; one part: said without any. */
  readonly parts: readonly string[];
  /** The same thought without fillers and hesitations. */
  readonly fluent: string;
}

export const SENTENCES: readonly Sentence[] = LINES.trim()
  .split("\n")
  .map((line, index) => ({
    half: index % 2 === 0 ? "tune" : "report",
    parts: line.split("|").map((part) => part.trim()),
    fluent: line.replace(/\s*\|\s*/g, " ").replace(/\b(?:um|uh),?\s*/gi, ""),
  }));
