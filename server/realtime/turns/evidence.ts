/** Evidence that somebody is done speaking, in log-odds: 0 says nothing, 2 is seven to one for it, −2 seven to one against. */
export const SURELY_OPEN = -4;
export const OPEN = -2.5;
export const LEANING_OPEN = -1;
export const LEANING_DONE = 1;
export const DONE = 2;
export const SURELY_DONE = 3.5;

export const probabilityOf = (evidence: number): number => 1 / (1 + Math.exp(-evidence));
