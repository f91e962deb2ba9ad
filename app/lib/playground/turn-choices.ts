/** What can be chosen of how a session listens, in words. */
export const EAGERNESS = [
  ["auto", "As usual"],
  ["low", "Patient"],
  ["medium", "Medium"],
  ["high", "Eager"],
] as const;

export const NOISE_REDUCTION = [
  ["off", "Off"],
  ["near_field", "Near: a headset"],
  ["far_field", "Far: a laptop in a room"],
] as const;
