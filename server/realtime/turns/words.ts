/** English words by what they promise: whether more must follow, may follow, or nothing. */
const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));
const phrases = (lines: string): readonly (readonly string[])[] =>
  lines
    .split(",")
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== "");

export const FILLERS = set(`um uhm umm uh uhh er erm eh hmm hm mmm ah`);
/** Said before something: they may open a sentence and leave it as it was. */
export const INTERJECTIONS =
  set(`so well okay ok yes yeah yep no and but please then also actually oh right alright hey hi hello
  sorry ${[...FILLERS].join(" ")}`);

/** Ends that promise more. */
export const OPENERS =
  phrases(`you know, i mean, let me see, let me think, let's see, hold on, wait, one moment, one second,
  just a second, just a moment, give me a second, give me a moment, kind of, sort of, such as, for example, for instance, like this,
  excuse me, by the way, first of all, in that case, on the other hand, the thing is, the problem is, my question is,
  as follows, the following, a few things, two things, a couple of things, one thing, another thing, the first thing,
  the second thing, at least, at most, more than, less than, up to, as well as, instead of,
  because of, out of, next to, close to, according to, in order to, as soon as, as long as, even if, even though, and then,
  so that, i think, i guess, i believe, i suppose, in addition`);

/** Open when nothing else was said. */
export const UNFINISHED: ReadonlySet<string> = new Set(
  phrases(`i was wondering, i wonder, do you know, can you tell me, could you tell me, i'd like to know, i would like to know,
    i want to know, i need to know, the reason i'm calling, what i want, what i really want, what i need, what i mean`).map(
    (words) => words.join(" "),
  ),
);

/** The whole of what is said, alone or joined. */
export const ANSWERS =
  phrases(`yes, yeah, yep, yup, no, nope, nah, okay, ok, sure, thanks, thank you, thank you very much,
  thanks a lot, please, hello, hi, hey, hello there, hi there, good morning, good afternoon, good evening, good night, bye, goodbye,
  bye bye, see you, see you later, stop, cancel, pause, continue, repeat, resume, next, back, quit, exit, help, never mind,
  nevermind, that's it, that's all, that is all, of course, exactly, right, correct, alright, all right, great, perfect, fine, cool,
  good, nice, awesome, sounds good, sounds great, that sounds good, that sounds great, go ahead, go on, not really, not yet, why,
  what, who, when, where, how, why not, pardon, sorry, absolutely, definitely, maybe, uh huh, mhm, mm hm, mm hmm, i do, i don't, i am, i'm not,
  i did, i didn't, i will, i won't, i can, i can't, i have, it is, it isn't, it does, it doesn't, they are, i think so, i don't think so,
  i hope so, i guess so, me too, got it, i see, none, nothing, both, neither, either, you too, no problem, no worries, very good`);

/** Ends after which little follows. */
export const CLOSERS =
  set(`today tomorrow tonight now again please thanks yet already too instead later soon anymore everywhere here there
  though o'clock am pm a.m p.m yesterday then first together myself yourself himself herself ourselves themselves forever alone otherwise
  anyway either ago`);

export const ARTICLES = set(`a an the my your our their its every whose mr mrs ms`);
export const DETERMINERS = set(
  `${[...ARTICLES].join(" ")} his her this that these those some any each another no which what`,
);
export const CONJUNCTIONS =
  set(`and or but because if while although unless whether than as since until till nor plus cause whereas
  whenever wherever versus minus times`);
export const SUBORDINATORS =
  set(`if when whenever because since while although though unless until once before after as whether
  in even given provided`);
export const PREPOSITIONS =
  set(`of to for with at from into about by between during without against among towards toward onto
  upon via per like under behind beside beneath except including regarding concerning across through within`);
/** Prepositions that are as often adverbs. */
export const PLACE_WORDS = set(`before after around near inside outside along past above below beyond`);
export const PARTICLES = set(`on in over`);
/** Verbs that take those as a part of themselves. */
export const PARTICLE_VERBS =
  set(`turn turned switch switched put go going come coming move carry log logged try keep leave left
  sign signed check checked fill hand plug bring let join get drop tune start take pull  later now move logging signing is are's was`);
export const STRANDING_VERBS =
  set(`look talk come belong speak wait listen think made worry go care stand consist go know ask pay stay
  live work`);

export const SUBJECTS = set(`i we he she they`);
/** Subjects that may just as well be objects. */
export const PRONOUNS = set(`i we he she they you it this that there these those one`);
export const SUBJECT_LIKE =
  set(`i we he she they you it there that's it's i'm i'll i'd i've you're we're we'll they're he's she's let's
  nothing everything something somebody nobody someone everyone somebody`);
export const AUXILIARIES = set(
  `is are was were am be been being do does did have has had can could will would shall should may might must`,
);
export const NEGATIVES =
  set(`don't doesn't didn't isn't aren't wasn't weren't can't cannot couldn't won't wouldn't shouldn't haven't
  hasn't hadn't not never`);
export const QUESTION_WORDS = set(`what who whom whose which where when why how what's who's where's when's how's`);

/** Verbs that want an object, in forms that are no nouns. */
export const TRANSITIVES =
  set(`want wants wanted need needs needed get give gives gave send tell told find buy bought bring put remind add
  ask make say says said called named sent found looking trying wondering hoping planning going calling having keep let having
  bring got include includes means prefer`);
/** With "me" they want one more. */
export const DITRANSITIVES = set(`give gave tell send show find get bring remind let read buy make play lend offer`);
/** How requests and commands begin. */
export const IMPERATIVES =
  set(`turn switch set add play stop start open close call send tell show find book order cancel remind
  schedule make give get put take bring buy read write check look search navigate go help let change move increase decrease raise lower mute
  wake translate repeat delete remove create save pause resume skip connect leave keep lock unlock dim say ask explain describe please
  meet wait try use log sign charge increase transfer`);
/** Verbs that mostly want an object, after "to" or "could". */
export const ACTIONS =
  set(`return change book order move send find get buy make give put set add schedule cancel reserve reschedule try use
  show tell ask take bring check confirm update remove report transfer pay have know see create choose pick rent turn play open close
  find replace fix reset mention say discuss include exchange`);
/** They move something somewhere: "add eggs" goes on with "to my list". */
export const MOVERS = set(`add put move translate transfer charge change deliver forward`);
export const GOALS = set(`to into onto on in from by back away for`);
/** Adverbs that lead to the word they belong to. */
export const LEADING_ADVERBS =
  set(`very quite extremely almost nearly approximately roughly especially particularly mainly
  mostly rather so`);
export const LOOSE_ADVERBS = set(
  `just only even maybe perhaps probably also really actually basically still possibly usually currently not`,
);
/** Between an article and its noun. */
export const ADJECTIVES =
  set(`big large small little medium new old next last first second third other same different nice good great best
  better cheap quick short long whole main only`);
/** They introduce what is thought or said: "that" after them opens a clause. */
export const REPORTING =
  set(`say said says me you him her us mention mentioned forgot hope hoped think thought believe sure afraid is was so
  such now given provided noticed heard know`);
